import {
  EMPTY,
  finalize,
  NEVER,
  Observable,
  of,
  range,
  Subject,
  take,
  tap,
  throwError,
  UnsubscriptionError,
  type ObservableInput,
} from 'rxjs';
import { boundedMergeMap, type QueuePlace } from '../../lib/async/bounded-merge-map.js';
import { AsyncQueueFullError, ConfigurationError } from '../../lib/errors.js';
import { marbles } from './marbles.js';

const problem = new Error('problem');

const unbounded = { concurrent: 1, capacity: Infinity };

describe('boundedMergeMap, as mergeMap', () => {
  it('runs as many as may run, and the others in the order in which they came', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -abcd--|    ');
      const sourceSubs = '  ^------!    ';
      const a = cold('       ----a|     ');
      const aSubs = '       -^----!     ';
      const b = cold('        --b----|  ');
      const bSubs = '       --^------!  ';
      const c = cold('            c-|   ');
      const cSubs = '       ------^-!   ';
      const d = cold('              -d-|');
      const dSubs = '       --------^--!';
      const expected = '    ----bac--d-|';

      const result = source.pipe(boundedMergeMap(among({ a, b, c, d }), { concurrent: 2, capacity: 2 }));

      expectObservable(result).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
      expectSubscriptions(c.subscriptions).toBe(cSubs);
      expectSubscriptions(d.subscriptions).toBe(dSubs);
    });
  });

  it('never ends where the source never does', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -a-----');
      const a = cold('       -a|   ');
      const aSubs = '       -^-!   ';
      const expected = '    --a----';

      expectObservable(source.pipe(boundedMergeMap(() => a, unbounded))).toBe(expected);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
    });
  });

  it('never ends where an inner Observable never does, and holds up what waits for its slot', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -ab|  ');
      const a = cold('       ---- ');
      const aSubs = '       -^----';
      const b = cold('        b|  ');
      const expected = '    ------';

      expectObservable(source.pipe(boundedMergeMap(among({ a, b }), unbounded))).toBe(expected);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe([]);
    });
  });

  it('completes with an empty source', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(' ---|');
      const expected = '    ---|';

      expectObservable(source.pipe(boundedMergeMap(() => NEVER, unbounded))).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^--!');
    });
  });

  it('goes on after an empty inner Observable', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' a--b|');
      const b = cold('         -b|');
      const expected = '    ----b|';

      expectObservable(source.pipe(boundedMergeMap(among({ a: EMPTY, b }), unbounded))).toBe(expected);
    });
  });

  it('completes only when what waits has been run', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  (ab|)    ');
      const a = cold('      ---|     ');
      const b = cold('         --b-| ');
      const bSubs = '       ---^---! ';
      const expected = '    -----b-| ';

      expectObservable(source.pipe(boundedMergeMap(among({ a, b }), unbounded))).toBe(expected);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
    });
  });

  it('passes an error of the source on at once, and unsubscribes from what runs', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -ab-#   ');
      const a = cold('       -a-----');
      const aSubs = '       -^--!   ';
      const b = cold('        b     ');
      const expected = '    --a-#   ';

      expectObservable(source.pipe(boundedMergeMap(among({ a, b }), unbounded))).toBe(expected);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe([]);
    });
  });

  it('passes an error of an inner Observable on at once, and starts nothing after it', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -abc------');
      const sourceSubs = '  ^---!     ';
      const a = cold('       -a-#     ');
      const aSubs = '       -^--!     ';
      const b = cold('        -----   ');
      const bSubs = '       --^-!     ';
      const c = cold('          c     ');
      const expected = '    --a-#     ';

      const result = source.pipe(boundedMergeMap(among({ a, b, c }), { concurrent: 2, capacity: 1 }));

      expectObservable(result).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
      expectSubscriptions(c.subscriptions).toBe([]);
    });
  });

  it('makes an error of what the projection throws', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold(' -a-b-');
      const sourceSubs = '  ^--! ';
      const expected = '    -a-# ';

      const project = (name: string) => {
        if (name === 'b') throw problem;
        return of(name);
      };

      expectObservable(source.pipe(boundedMergeMap(project, unbounded))).toBe(expected, undefined, problem);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });

  it('unsubscribes from everything when it is unsubscribed from', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  -abc----');
      const sourceSubs = '  ^----!  ';
      const a = cold('       -a---a ');
      const aSubs = '       -^---!  ';
      const b = cold('        -----b');
      const bSubs = '       --^--!  ';
      const c = cold('          c   ');
      const unsub = '       -----!  ';
      const expected = '    --a---  ';

      const result = source.pipe(boundedMergeMap(among({ a, b, c }), { concurrent: 2, capacity: 1 }));

      expectObservable(result, unsub).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
      expectSubscriptions(c.subscriptions).toBe([]);
    });
  });

  it('finalises an inner Observable before it starts the next', () => {
    const log: string[] = [];
    const [a, b] = [new Subject<never>(), new Subject<never>()];
    const inner = (name: string, source: Observable<never>) =>
      new Observable<never>((subscriber) => {
        log.push(`start ${name}`);
        subscriber.add(() => log.push(`end ${name}`));
        return source.subscribe(subscriber);
      });

    of(inner('a', a), inner('b', b))
      .pipe(boundedMergeMap((each) => each, unbounded))
      .subscribe();
    a.complete();

    expect(log).toEqual(['start a', 'end a', 'start b']);
  });

  it('keeps no slot for an inner Observable that throws when it is finalised', () => {
    const inner = new Subject<never>();
    const thrower = () => {
      throw problem;
    };
    const started: string[] = [];
    of('a', 'b')
      .pipe(boundedMergeMap((name) => (started.push(name), inner.pipe(finalize(thrower))), unbounded))
      .subscribe();

    expect(() => inner.complete()).toThrow(UnsubscriptionError);
    expect(started).toEqual(['a', 'b']);
  });

  it('takes synchronous sources and inner Observables, and anything else that RxJS takes', () => {
    const seen: unknown[] = [];
    of<ObservableInput<unknown>[]>(of('a', 'b'), ['c'], new Set(['d']))
      .pipe(boundedMergeMap((each) => each, { concurrent: 1, capacity: 0 }))
      .subscribe({ next: (value) => seen.push(value), complete: () => seen.push('complete') });

    expect(seen).toEqual(['a', 'b', 'c', 'd', 'complete']);
  });

  it('stops a synchronous inner Observable, and a synchronous source, in their midst', () => {
    let emitted = 0;
    let projected = 0;
    range(0, 1000)
      .pipe(
        boundedMergeMap(() => (projected++, range(0, 1000).pipe(tap(() => emitted++))), unbounded),
        take(3),
      )
      .subscribe();

    expect([projected, emitted]).toEqual([1, 3]);
  });

  it('counts the values that it starts', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold(' abcd|          ');
      const inner = '       -----(i|)      ';
      const expected = '    -----i----j----(k|)';
      const started = (_: string, index: number) => cold(inner, { i: index });

      const result = source.pipe(boundedMergeMap(started, { concurrent: 1, capacity: 2, dropped: () => EMPTY }));

      expectObservable(result).toBe(expected, { i: 0, j: 1, k: 2 });
    });
  });

  it('can be used again and again, each time with slots and places of its own', () => {
    marbles(({ cold, expectObservable }) => {
      const operator = boundedMergeMap(() => cold('---a|'), { concurrent: 1, capacity: 1 });
      const source = cold(' (xx|)     ');
      const expected = '    ---a---a| ';

      expectObservable(source.pipe(operator)).toBe(expected);
      expectObservable(source.pipe(operator)).toBe(expected);
    });
  });
});

describe('boundedMergeMap, bounded', () => {
  it('accepts as many as run and wait, and refuses the next', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      // With two that run and three that wait, five are accepted.
      const source = hot('  -abcdef--');
      const sourceSubs = '  ^-----!  ';
      const inner = cold('   --------');
      const aSubs = '       -^----!  ';
      const bSubs = '       --^---!  ';
      const expected = '    ------#  ';

      const result = source.pipe(boundedMergeMap(() => inner, { concurrent: 2, capacity: 3 }));

      expectObservable(result).toBe(expected, undefined, new AsyncQueueFullError(2, 3));
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
      expectSubscriptions(inner.subscriptions).toBe([aSubs, bSubs]);
    });
  });

  it('has room again as soon as one has ended', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  abc---d|        ');
      const inner = cold('  ----i|          ');
      const aSubs = '       ^----!          ';
      const bSubs = '       -----^----!     ';
      const dSubs = '       ----------^----!';
      const expected = '    --c-i----i----i|';

      const result = source.pipe(
        boundedMergeMap(() => inner, { concurrent: 1, capacity: 1, dropped: (name) => of(name) }),
      );

      expectObservable(result).toBe(expected);
      expectSubscriptions(inner.subscriptions).toBe([aSubs, bSubs, dSubs]);
    });
  });

  it('lets none wait where the capacity is 0', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  ab--cd|   ');
      const a = cold('      --a|      ');
      const aSubs = '       ^--!      ';
      const c = cold('          --c|  ');
      const cSubs = '       ----^--!  ';
      const expected = '    -ba--dc|  ';

      const result = source.pipe(
        boundedMergeMap(among({ a, c }), { concurrent: 1, capacity: 0, dropped: (name) => of(name) }),
      );

      expectObservable(result).toBe(expected);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(c.subscriptions).toBe(cSubs);
    });
  });

  it('answers what it refuses with what `overflow` returns, and disturbs nothing else', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  abcd|        ');
      const a = cold('      -----a|      ');
      const aSubs = '       ^-----!      ';
      const b = cold('            --b|   ');
      const bSubs = '       ------^--!   ';
      const full = cold('     -f-------| ');
      const cSubs = '       --^--------! ';
      const dSubs = '       ---^--------!';
      const expected = '    ---ffa--b---|';

      const result = source.pipe(boundedMergeMap(among({ a, b }), { concurrent: 1, capacity: 1, dropped: () => full }));

      expectObservable(result).toBe(expected);
      expectSubscriptions(a.subscriptions).toBe(aSubs);
      expectSubscriptions(b.subscriptions).toBe(bSubs);
      expectSubscriptions(full.subscriptions).toBe([cSubs, dSubs]);
    });
  });

  it('errors with the error of an answer, and with what `overflow` throws', () => {
    marbles(({ cold, expectObservable }) => {
      const source = '      a-b-----';
      const expected = '    --#     ';
      const full = { concurrent: 1, capacity: 0 };
      const thrower = () => {
        throw problem;
      };

      const answered = boundedMergeMap(() => NEVER, { ...full, dropped: () => throwError(() => problem) });
      const threw = boundedMergeMap(() => NEVER, { ...full, dropped: thrower });

      expectObservable(cold(source).pipe(answered)).toBe(expected, undefined, problem);
      expectObservable(cold(source).pipe(threw)).toBe(expected, undefined, problem);
    });
  });

  it.each([
    ['run', { concurrent: Infinity, capacity: 0 }],
    ['wait', { concurrent: 1, capacity: Infinity }],
  ])('lets any number %s', (_, options) => {
    const refused: number[] = [];
    range(0, 10_000)
      .pipe(boundedMergeMap(() => NEVER, { ...options, dropped: (value) => (refused.push(value), EMPTY) }))
      .subscribe();

    expect(refused).toEqual([]);
  });

  it.each([
    ['concurrent', 0, 'an integer >= 1, or Infinity, got 0'],
    ['concurrent', 1.5, 'an integer >= 1, or Infinity, got 1.5'],
    ['concurrent', NaN, 'an integer >= 1, or Infinity, got NaN'],
    ['capacity', -1, 'an integer >= 0, or Infinity, got -1'],
    ['capacity', -Infinity, 'an integer >= 0, or Infinity, got -Infinity'],
  ])('throws at once where `%s` is %d', (name, limit, rest) => {
    const create = () => boundedMergeMap(() => EMPTY, { concurrent: 1, capacity: 1, [name]: limit });

    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(`Expected \`${name}\` to be ${rest}`);
  });
});

describe('boundedMergeMap, places', () => {
  it('tells of each value that has to wait', () => {
    const { send, waiting } = controlled({ concurrent: 2, capacity: 2 });
    send('a', 'b', 'c', 'd', 'e');

    expect([...waiting.keys()]).toEqual(['c', 'd']);
  });

  it('gives the place of a value that is taken out to another at once', () => {
    const { send, waiting, end, log } = controlled({ concurrent: 1, capacity: 2 });
    send('a', 'b', 'c', 'd');

    expect(waiting.get('b')?.remove()).toBe(true);
    send('e', 'f');
    end('a');
    end('c');
    expect(log).toEqual(['start a', 'no room for d', 'no room for f', 'start c', 'start e']);
  });

  it('takes out only what waits', () => {
    const { send, waiting, end, log } = controlled({ concurrent: 1, capacity: 2 });
    send('a', 'b', 'c');
    end('a');

    expect(waiting.get('b')?.remove()).toBe(false);
    expect(waiting.get('c')?.remove()).toBe(true);
    expect(waiting.get('c')?.remove()).toBe(false);
    end('b');
    expect(log).toEqual(['start a', 'start b']);
  });

  it('completes when what is left was taken out', () => {
    const { send, waiting, end, source, log } = controlled({ concurrent: 1, capacity: 1 });
    send('a', 'b');
    source.complete();
    waiting.get('b')?.remove();
    end('a');

    expect(log).toEqual(['start a', 'complete']);
  });

  it('keeps no place when it is unsubscribed from', () => {
    const { send, waiting, subscription } = controlled({ concurrent: 1, capacity: 1 });
    send('a', 'b');
    subscription.unsubscribe();

    expect(waiting.get('b')?.remove()).toBe(false);
  });

  it('errors with what `queued` throws', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('-ab--');
      const sourceSubs = ' ^-!  ';
      const expected = '   --#  ';
      const queued = () => {
        throw problem;
      };

      expectObservable(source.pipe(boundedMergeMap(() => NEVER, { ...unbounded, queued }))).toBe(
        expected,
        undefined,
        problem,
      );
      expectSubscriptions(source.subscriptions).toBe(sourceSubs);
    });
  });
});

describe('boundedMergeMap, re-entered', () => {
  it('starts a value that comes while another is being started after that one', () => {
    const source = new Subject<string>();
    const log: string[] = [];
    source
      .pipe(
        boundedMergeMap(
          (name) => {
            log.push(`starting ${name}`);
            if (name === 'a') source.next('b');
            log.push(`started ${name}`);
            return EMPTY;
          },
          { concurrent: 5, capacity: 0 },
        ),
      )
      .subscribe();
    source.next('a');

    expect(log).toEqual(['starting a', 'started a', 'starting b', 'started b']);
  });

  it('sees the slot that an inner Observable has just freed', () => {
    const source = new Subject<string>();
    const log: string[] = [];
    const last = new Subject<never>();
    source
      .pipe(
        boundedMergeMap((name) => (log.push(`start ${name}`), name === 'a' ? last : NEVER), {
          concurrent: 1,
          capacity: 1,
          dropped: (name) => (log.push(`no room for ${name}`), EMPTY),
          queued: (name) => log.push(`queue ${name}`),
        }),
      )
      .subscribe();
    source.next('a');
    source.next('b');
    source.next('c');
    last.complete();
    source.next('d');
    source.next('e');

    expect(log).toEqual(['start a', 'queue b', 'no room for c', 'start b', 'queue d', 'no room for e']);
  });

  it('may be unsubscribed from while a value is being started', () => {
    const source = new Subject<string>();
    const log: string[] = [];
    const subscription = source
      .pipe(
        boundedMergeMap(
          (name) => {
            log.push(`start ${name}`);
            if (name === 'b') subscription.unsubscribe();
            return name === 'a' ? first : NEVER.pipe(finalize(() => log.push(`end ${name}`)));
          },
          { concurrent: 1, capacity: 5 },
        ),
      )
      .subscribe();
    const first = new Subject<never>();
    source.next('a');
    source.next('b');
    source.next('c');
    first.complete();

    expect(log).toEqual(['start a', 'start b', 'end b']);
    expect(source.observed).toBe(false);
  });

  it('may complete while a value is being started', () => {
    const source = new Subject<string>();
    const log: string[] = [];
    source
      .pipe(boundedMergeMap((name) => (source.complete(), of(name)), unbounded))
      .subscribe({ next: (name) => log.push(name), complete: () => log.push('complete') });
    source.next('a');

    expect(log).toEqual(['a', 'complete']);
  });

  it('takes any number of values of which each brings the next', () => {
    const many = 100_000;
    const source = new Subject<number>();
    let seen = 0;
    return new Promise<void>((done) => {
      source.pipe(boundedMergeMap((value) => of(value), { concurrent: 1, capacity: 1 })).subscribe((value) => {
        seen++;
        if (value < many) source.next(value + 1);
        else done();
      });
      source.next(1);
    }).then(() => expect(seen).toBe(many));
  }, 60_000);
});

describe('boundedMergeMap, with many that end at once', () => {
  const many = 100_000;

  it('works them off in order, and lets a timer fire before it is through', async () => {
    const first = new Subject<number>();
    const source = new Subject<number>();
    let seen = 0;
    let inOrder = true;
    let seenByTimer = -1;
    const completed = new Promise<void>((complete) => {
      source
        .pipe(boundedMergeMap((value) => (value === 0 ? first : of(value)), unbounded))
        .subscribe({ next: (value) => (inOrder &&= value === ++seen), complete });
    });
    for (let value = 0; value <= many; value++) source.next(value);
    source.complete();

    expect(seen).toBe(0);
    setTimeout(() => (seenByTimer = seen), 0);
    first.complete();
    const seenAtOnce = seen;
    await completed;

    expect({ seen, inOrder }).toEqual({ seen: many, inOrder: true });
    expect(seenAtOnce).toBe(1000);
    expect(seenByTimer).toBeGreaterThanOrEqual(seenAtOnce);
    expect(seenByTimer).toBeLessThan(many / 2);
  }, 60_000);

  it('keeps the order, and the bounds, while it lets others have their turn', () => {
    marbles(({ cold, flush }) => {
      const started: number[] = [];
      const refused: number[] = [];
      const source = new Subject<number>();
      source
        .pipe(
          boundedMergeMap((value) => (started.push(value), value === 0 ? cold('--|') : EMPTY), {
            concurrent: 1,
            capacity: 2000,
            dropped: (value) => (refused.push(value), EMPTY),
          }),
        )
        .subscribe();
      for (let value = 0; value <= 2000; value++) source.next(value);
      // What comes when half of them are started has to wait behind the other half.
      cold('--a').subscribe(() => range(2001, 1002).subscribe((value) => source.next(value)));
      flush();

      expect(started).toEqual(Array.from({ length: 3002 }, (_, index) => index));
      expect(refused).toEqual([3002]);
    });
  });

  it('starts nothing more when it is unsubscribed from in between', () => {
    marbles(({ cold, flush }) => {
      let started = 0;
      const source = new Subject<number>();
      const subscription = source
        .pipe(boundedMergeMap((value) => (started++, value === 0 ? cold('--|') : EMPTY), unbounded))
        .subscribe();
      for (let value = 0; value <= 2000; value++) source.next(value);
      cold('--a').subscribe(() => subscription.unsubscribe());
      flush();

      expect(started).toBe(1001);
    });
  });
});

const among =
  <T>(inners: Record<string, T>) =>
  (name: string): T => {
    const inner = inners[name];
    if (inner === undefined) throw new Error(`No inner Observable for ${name} was expected`);
    return inner;
  };

/** The operator over inner Observables that are ended by hand. */
function controlled(limits: { concurrent: number; capacity: number }) {
  const source = new Subject<string>();
  const running = new Map<string, Subject<never>>();
  const waiting = new Map<string, QueuePlace>();
  const log: string[] = [];
  const subscription = source
    .pipe(
      boundedMergeMap(
        (name) => {
          log.push(`start ${name}`);
          const inner = new Subject<never>();
          running.set(name, inner);
          return inner;
        },
        {
          ...limits,
          dropped: (name) => (log.push(`no room for ${name}`), EMPTY),
          queued: (name, place) => waiting.set(name, place),
        },
      ),
    )
    .subscribe({ complete: () => log.push('complete') });
  return {
    source,
    waiting,
    log,
    subscription,
    send: (...names: string[]) => names.forEach((name) => source.next(name)),
    end: (name: string) => running.get(name)?.complete(),
  };
}
