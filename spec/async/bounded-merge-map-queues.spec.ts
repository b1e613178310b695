/** The options of `boundedMergeMap` beside its sizes: queues, pauses, new sizes, and hearing that nothing is left. */
import { BehaviorSubject, EMPTY, NEVER, of, Subject, type Observable } from 'rxjs';
import { boundedMergeMap, type QueuePlace } from '../../lib/async/bounded-merge-map.js';
import { ConfigurationError } from '../../lib/errors.js';
import { fair, fifo, priority } from '../../lib/queues/index.js';
import { marbles } from './marbles.js';
import { turn } from './turn.js';

const problem = new Error('problem');
const first = (value: string): string => value.slice(0, 1);

describe('boundedMergeMap with a queue', () => {
  it('starts values in the order of its discipline', () => {
    marbles(({ cold, hot, expectObservable }) => {
      const source = hot('  (abc|)          ');
      const inner = { a: cold('---a|'), b: cold('b|'), c: cold('c|') };
      const expected = '    ---acb|';
      const queue = priority((value: string) => (value === 'c' ? 1 : 0));
      const result = source.pipe(
        boundedMergeMap((value) => inner[value as 'a' | 'b' | 'c'], { concurrent: 1, capacity: 9, queue }),
      );
      expectObservable(result).toBe(expected);
    });
  });

  it('completes when what has waited for its turn in the rate has run', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' (abc|)     ');
      const expected = '    a---b---(c|)';
      const queue = fifo<string>({ rate: { limit: 1, interval: 4 } });
      expectObservable(source.pipe(boundedMergeMap((value) => of(value), { concurrent: 5, capacity: 5, queue }))).toBe(
        expected,
      );
    });
  });

  it('answers what it drops by `dropped`, and errors where there is none', () => {
    marbles(({ hot, cold, expectObservable }) => {
      const source = '    -abc------|';
      const inner = (): Observable<string> => cold('-----z|');
      const queue = fifo<string>({ overflow: 'dropOldest', maxQueueTime: 3 });
      const answered = boundedMergeMap<string, Observable<string>, string>(inner, {
        concurrent: 1,
        capacity: 1,
        queue,
        dropped: (value, { code }) => of(code === 'SDK.AsyncQueueFull' ? `full ${value}` : `late ${value}`),
      });
      const values = { b: 'full b', c: 'late c', z: 'z' };
      expectObservable(hot(source).pipe(answered)).toBe('---b--(zc)|', values);
      const bare = boundedMergeMap(inner, { concurrent: 1, capacity: 1, queue });
      expectObservable(hot(source).pipe(bare)).toBe(
        '---#',
        undefined,
        expect.objectContaining({ code: 'SDK.AsyncQueueFull' }),
      );
    });
  });

  it('errors where its keyOf throws, whatever `dropped` is', () => {
    const seen: unknown[] = [];
    const queue = fair((): never => {
      throw problem;
    });
    of('a')
      .pipe(boundedMergeMap(() => EMPTY, { concurrent: 1, capacity: 1, queue, dropped: () => EMPTY }))
      .subscribe({ error: (error) => seen.push(error) });
    expect(seen).toEqual([problem]);
  });

  it('tells the queue of what has ended, so that each key runs no more than it may', () => {
    const inner = new Map<string, Subject<never>>();
    const started: string[] = [];
    const source = new Subject<string>();
    const queue = fair(first, { limit: 1 });
    const project = (value: string): Subject<never> => {
      started.push(value);
      const made = new Subject<never>();
      inner.set(value, made);
      return made;
    };
    source.pipe(boundedMergeMap(project, { concurrent: 5, capacity: 5, queue })).subscribe();
    for (const value of ['a1', 'a2', 'b1']) source.next(value);
    expect(started).toEqual(['a1', 'b1']);
    inner.get('a1')?.complete();
    expect(started).toEqual(['a1', 'b1', 'a2']);
  });

  it('can be used again and again, each subscription with a queue of its own', () => {
    const run = boundedMergeMap((value: string) => of(value), {
      concurrent: 1,
      capacity: 5,
      queue: fair(first, { limit: 1, maxQueueTime: 5 }),
    });
    const seen: string[] = [];
    const source = of('a', 'b').pipe(run);
    source.subscribe((value) => seen.push(value));
    source.subscribe((value) => seen.push(value));
    expect(seen).toEqual(['a', 'b', 'a', 'b']);
  });

  it('lets go of all timers when it is unsubscribed from', () => {
    jest.useFakeTimers();
    const queue = fifo<string>({ rate: { limit: 1, interval: 9 }, maxQueueTime: 99 });
    const subscription = of('a', 'b', 'c')
      .pipe(boundedMergeMap(() => NEVER, { concurrent: 5, capacity: 5, queue }))
      .subscribe();
    const before = jest.getTimerCount();
    subscription.unsubscribe();
    const after = jest.getTimerCount();
    jest.useRealTimers();
    expect([before, after]).toEqual([2, 0]);
  });
});

describe('boundedMergeMap, paused', () => {
  it('starts nothing while it is, and everything in order when it is resumed', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-b-c--|     ');
      const paused = hot('  --t------f    ', { t: true, f: false });
      const pausedSubs = '  ^--------!    ';
      const expected = '    -a-------(bc|)';
      expectObservable(source.pipe(boundedMergeMap((value) => of(value), { concurrent: 1, capacity: 5, paused }))).toBe(
        expected,
      );
      expectSubscriptions(paused.subscriptions).toBe(pausedSubs);
    });
  });

  it('lets what runs go on, and counts what waits as ever', () => {
    marbles(({ hot, cold, expectObservable }) => {
      const source = hot('  -abc    ');
      const paused = cold(' --t     ', { t: true });
      const expected = '    ---#    ';
      const error = expect.objectContaining({ code: 'SDK.AsyncQueueFull' }) as Error;
      expectObservable(source.pipe(boundedMergeMap(() => NEVER, { concurrent: 1, capacity: 1, paused }))).toBe(
        expected,
        undefined,
        error,
      );
    });
  });

  it('completes when all that has waited was taken out', async () => {
    const places: QueuePlace[] = [];
    const log: string[] = [];
    of('a', 'b')
      .pipe(
        boundedMergeMap((value) => of(value), {
          concurrent: 1,
          capacity: 5,
          paused: new BehaviorSubject(true),
          queued: (_, place) => places.push(place),
          idle: () => log.push('idle'),
        }),
      )
      .subscribe({ next: (value) => log.push(value), complete: () => log.push('complete') });
    expect(places.map((place) => place.remove())).toEqual([true, true]);
    await turn();
    expect(log).toEqual(['idle', 'complete']);
  });

  it('errors where the pause does', () => {
    marbles(({ hot, cold, expectObservable }) => {
      const paused = cold<boolean>('--#');
      expectObservable(hot('-a').pipe(boundedMergeMap(() => NEVER, { concurrent: 1, capacity: 1, paused }))).toBe(
        '--#',
      );
    });
  });
});

describe('boundedMergeMap, resized', () => {
  it('starts at once what waits when it grows, and lets what runs finish when it shrinks', () => {
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot('  (abcde)         ');
      const resized = hot(' --g-------s     ', { g: { concurrent: 3 }, s: { concurrent: 1 } });
      const inner = cold('  ----------x|    ');
      const result = source.pipe(boundedMergeMap(() => inner, { concurrent: 1, capacity: 5, resized }));
      expectObservable(result, '^------------------------------------!').toBe('----------x-(xx)-------x----------x');
      expectSubscriptions(inner.subscriptions).toBe([
        '^----------!',
        '--^----------!',
        '--^----------!',
        '-------------^----------!',
        '------------------------^----------!',
      ]);
    });
  });

  it('has room for more, or for fewer, from then on; what waits stays', () => {
    const source = new Subject<string>();
    const resized = new Subject<{ capacity: number }>();
    const dropped: string[] = [];
    source
      .pipe(
        boundedMergeMap(() => NEVER, {
          concurrent: 1,
          capacity: 2,
          resized,
          dropped: (value) => {
            dropped.push(value);
            return EMPTY;
          },
        }),
      )
      .subscribe();
    for (const value of ['a', 'b', 'c']) source.next(value);
    resized.next({ capacity: 1 });
    source.next('d');
    resized.next({ capacity: 3 });
    source.next('e');
    source.next('f');
    expect(dropped).toEqual(['d', 'f']);
  });

  it('errors where the sizes are none', () => {
    marbles(({ hot, cold, expectObservable }) => {
      const resized = cold('--a', { a: { concurrent: 0 } });
      expectObservable(hot('-a').pipe(boundedMergeMap(() => NEVER, { concurrent: 1, capacity: 1, resized }))).toBe(
        '--#',
        undefined,
        expect.objectContaining({ path: 'resized.concurrent' }),
      );
    });
  });
});

describe('boundedMergeMap, idle', () => {
  it('is told each time that nothing is left, and not before there was something', () => {
    const source = new Subject<string>();
    const inner = new Subject<never>();
    const log: string[] = [];
    source
      .pipe(
        boundedMergeMap((value) => (value === 'slow' ? inner : of(value)), {
          concurrent: 1,
          capacity: 5,
          idle: () => log.push('idle'),
        }),
      )
      .subscribe((value) => log.push(value));
    expect(log).toEqual([]);
    source.next('a');
    source.next('slow');
    source.next('b');
    expect(log).toEqual(['a', 'idle']);
    inner.complete();
    expect(log).toEqual(['a', 'idle', 'b', 'idle']);
  });

  it('errors the output where it throws', () => {
    const source = new Subject<string>();
    const log: string[] = [];
    source
      .pipe(
        boundedMergeMap((value) => of(value), {
          concurrent: 1,
          capacity: 5,
          idle: () => {
            throw new Error('not idle');
          },
        }),
      )
      .subscribe({ next: (value) => log.push(value), error: (error: unknown) => log.push(String(error)) });
    source.next('a');
    source.next('b');
    expect(log).toEqual(['a', 'Error: not idle']);
    expect(source.observed).toBe(false);
  });

  it('runs what comes while it is told', () => {
    const source = new Subject<string>();
    const log: string[] = [];
    let more = 2;
    source
      .pipe(
        boundedMergeMap((value) => of(value), {
          concurrent: 1,
          capacity: 5,
          idle: () => {
            if (more-- > 0) source.next('more');
            else source.complete();
          },
        }),
      )
      .subscribe({ next: (value) => log.push(value), complete: () => log.push('complete') });
    source.next('a');
    expect(log).toEqual(['a', 'more', 'more', 'complete']);
  });
});

it.each([
  [{ queue: {} }, 'queue'],
  [{ concurrent: {} }, 'concurrent'],
  [{ dropped: 'no' }, 'dropped'],
  [{ paused: true }, 'paused'],
  [{ resized: 5 }, 'resized'],
  [{ idle: of(1) }, 'idle'],
])('boundedMergeMap refuses %o', (options, path) => {
  const make = (): unknown => boundedMergeMap(() => EMPTY, { concurrent: 1, capacity: 1, ...(options as object) });
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(`Expected \`${path}\` to be `);
});

it('boundedMergeMap drops what a source that errors had waiting', () => {
  const seen: unknown[] = [];
  const source = new Subject<string>();
  const queue = fair(first, { limit: 1 });
  const started: string[] = [];
  const inner = (value: string): Observable<never> => {
    started.push(value);
    return NEVER;
  };
  source.pipe(boundedMergeMap(inner, { concurrent: 2, capacity: 5, queue })).subscribe({ error: (e) => seen.push(e) });
  for (const value of ['a1', 'a2']) source.next(value);
  source.error(problem);
  expect(seen).toEqual([problem]);
  expect(started).toEqual(['a1']);
});
