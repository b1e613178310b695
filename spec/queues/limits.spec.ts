/** What every discipline can do beside its order: rates, overflow and the longest wait. */
import fc from 'fast-check';
import { monotonicNow } from '../../lib/clock/monotonic.js';
import { AsyncQueueFullError, AsyncQueueTimeoutError } from '../../lib/errors.js';
import { fair, fifo, priority } from '../../lib/queues/index.js';
import { boundedMergeMap } from '../../lib/async/bounded-merge-map.js';
import { map, Subject, timer, type Subscription } from 'rxjs';
import { marbles } from '../async/marbles.js';
import { seeded } from '../async/seeded.js';
import { turn } from '../async/turn.js';
import { answerAll, keyOf, numberOf, poolWith, type Desk, type Named } from './through-pool.js';

/** When each is started, by its name. */
function startsOf(desk: Desk, now: () => number): Record<string, number> {
  const starts: Record<string, number> = {};
  const push = desk.started.push.bind(desk.started);
  desk.started.push = (...names) => {
    for (const name of names) starts[name] = now();
    return push(...names);
  };
  return starts;
}

describe('a rate', () => {
  it('starts so many within any interval, not within each tick of a clock', () => {
    marbles(({ flush, cold }) => {
      const desk = poolWith(10, 100, fifo({ rate: { limit: 2, interval: 10 } }));
      const starts = startsOf(desk, () => monotonicNow());
      cold('a 7ms b c d e').subscribe((name) => desk.call(name));
      flush();

      const [a = NaN] = Object.values(starts);
      expect(Object.entries(starts).map(([name, at]) => [name, at - a])).toEqual([
        ['a', 0],
        ['b', 8],
        ['c', 10],
        ['d', 18],
        ['e', 20],
      ]);
    });
  });

  it('never exceeds its limit in any window, whatever comes when and weighs what', () => {
    const arrival = fc.record({ wait: fc.nat({ max: 12 }), weight: fc.nat({ max: 7 }) });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 40, size: 'max' }), (arrivals) => {
        marbles(({ flush, cold }) => {
          const [limit, interval] = [5, 10];
          const seen: { at: number; weight: number }[] = [];
          const source = cold(arrivals.map(({ wait }) => `${wait}ms a`).join(' ') || '|');
          const weights = arrivals.map(({ weight }) => weight);
          source
            .pipe(
              map((_, index) => weights[index] ?? 0),
              boundedMergeMap(
                (weight) => {
                  seen.push({ at: monotonicNow(), weight: Math.min(weight, limit) });
                  return timer(1);
                },
                {
                  concurrent: 100,
                  capacity: 100,
                  queue: fifo({ rate: { limit, interval, weight: (weight: number) => weight } }),
                },
              ),
            )
            .subscribe();
          flush();
          expect(seen.map(({ weight }) => weight)).toEqual(weights.map((weight) => Math.min(weight, limit)));
          for (const { at } of seen) {
            const within = seen.filter((other) => other.at > at - interval && other.at <= at);
            expect(within.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThanOrEqual(limit);
          }
        });
      }),
      seeded(100),
    );
  });

  it('lets nothing overtake what is too heavy for what is left', () => {
    marbles(({ flush }) => {
      const desk = poolWith(10, 100, fifo({ rate: { limit: 5, interval: 10, weight: numberOf } }));
      for (const name of ['a3', 'b4', 'c1']) desk.call(name);
      expect(desk.started).toEqual(['a3']);
      flush();
      expect(desk.started).toEqual(['a3', 'b4', 'c1']);
    });
  });

  it('counts a weight beyond the limit as the limit, so that it has its turn', () => {
    marbles(({ flush }) => {
      const desk = poolWith(10, 100, fifo({ rate: { limit: 5, interval: 10, weight: numberOf } }));
      for (const name of ['a1', 'b50', 'c1']) desk.call(name);
      flush();
      expect(desk.started).toEqual(['a1', 'b50', 'c1']);
    });
  });

  it('starts what is light enough when what was too heavy is cancelled', async () => {
    const desk = poolWith(10, 100, fifo({ rate: { limit: 2, interval: 60_000, weight: numberOf } }));
    desk.call('a1');
    const heavy = desk.call('b2');
    const light = desk.call('c1');
    expect(desk.started).toEqual(['a1']);
    heavy.unsubscribe();
    await turn();
    expect(desk.started).toEqual(['a1', 'c1']);
    light.unsubscribe();
  });

  it('ends a call in an error where its weight is none', () => {
    const weight = (): number => -1;
    const desk = poolWith(10, 100, fifo({ rate: { limit: 5, interval: 10, weight } }));
    desk.call('a');
    expect(desk.told).toEqual(['a: SDK.InvalidConfiguration']);
  });

  it('keeps no timer when nobody waits any more', () => {
    jest.useFakeTimers();
    const desk = poolWith(10, 100, fifo({ rate: { limit: 1, interval: 10 } }));
    desk.call('a');
    const waiting = [desk.call('b'), desk.call('c')];
    expect(jest.getTimerCount()).toBe(1);
    for (const each of waiting) each.unsubscribe();
    const left = jest.getTimerCount();
    jest.useRealTimers();

    expect(left).toBe(0);
  });
});

describe('overflow', () => {
  it('is an error of the one that comes, where nothing else is said', () => {
    const desk = poolWith(1, 1, fifo({ overflow: 'error' }));
    for (const name of ['a', 'b', 'c']) desk.call(name);
    answerAll(desk);
    expect(desk.told).toEqual(['c: SDK.AsyncQueueFull', 'a: response', 'b: response']);
  });

  it.each([
    ['dropOldest', ['b: SDK.AsyncQueueFull', 'a: response', 'c: response', 'd: response']],
    ['dropNewest', ['c: SDK.AsyncQueueFull', 'a: response', 'b: response', 'd: response']],
  ] as const)('%s lets the one that comes in', (overflow, told) => {
    const desk = poolWith(1, 2, fifo({ overflow }));
    for (const name of ['a', 'b', 'c', 'd']) desk.call(name);
    answerAll(desk);
    expect(desk.told).toEqual(told);
  });

  it.each(['dropOldest', 'dropNewest'] as const)('%s refuses the one that comes where none waits', (overflow) => {
    const desk = poolWith(1, 0, fifo({ overflow }));
    desk.call('a');
    desk.call('b');
    expect(desk.told).toEqual(['b: SDK.AsyncQueueFull']);
  });

  it.each([
    ['priority', priority(numberOf, { overflow: 'dropOldest' })],
    ['fair', fair(keyOf, { overflow: 'dropOldest' })],
  ])('goes by who has waited longest, whatever the order: %s', (_, queue) => {
    const desk = poolWith(1, 2, queue);
    for (const name of ['a', 'b9', 'c1', 'd5']) desk.call(name);
    expect(desk.told).toEqual(['b9: SDK.AsyncQueueFull']);
    answerAll(desk);
    expect(new Set(desk.started)).toEqual(new Set(['a', 'c1', 'd5']));
  });

  it('tells whoever has lost its place when the place is taken, so that it may call again', () => {
    const desk = poolWith(1, 1, fifo({ overflow: 'dropOldest' }));
    desk.call('a');
    desk.call('b', () => {
      desk.told.push(`depth ${desk.pool.depth.waiting}`);
      desk.call('again');
    });
    desk.call('c');
    answerAll(desk);

    // What is called in answer makes the next one go.
    expect(desk.told).toEqual([
      'b: SDK.AsyncQueueFull',
      'depth 1',
      'c: SDK.AsyncQueueFull',
      'a: response',
      'again: response',
    ]);
  });

  it.each(['dropOldest', 'dropNewest'] as const)('%s lets nobody go for one whose key throws', (overflow) => {
    const noTenant = ({ name }: Named): string => {
      if (name === 'x') throw new Error('no tenant');
      return name;
    };
    const desk = poolWith(1, 1, fair(noTenant, { overflow }));
    for (const name of ['a', 'b', 'x']) desk.call(name);
    answerAll(desk);
    expect(desk.told).toEqual(['x: Error: no tenant', 'a: response', 'b: response']);
    expect(desk.pool.isEmpty).toBe(true);
  });

  it('lets nobody go for a value whose key throws, either', () => {
    const source = new Subject<string>();
    const told: string[] = [];
    const noTenant = (value: string): string => {
      if (value === 'x') throw new Error('no tenant');
      return value;
    };
    source
      .pipe(
        boundedMergeMap(() => new Subject<never>(), {
          concurrent: 1,
          capacity: 1,
          queue: fair(noTenant, { overflow: 'dropOldest' }),
          dropped: (value) => [value],
        }),
      )
      .subscribe({ next: (value) => told.push(value), error: (error: unknown) => told.push(String(error)) });
    for (const value of ['a', 'b', 'x']) source.next(value);
    expect(told).toEqual(['Error: no tenant']);
  });

  it('tells all of 20,000 that go one for another, as each calls again on hearing of it, without recursion', () => {
    const count = 20_000;
    const desk = poolWith(1, count, fifo({ overflow: 'dropOldest' }));
    desk.call('runs');
    for (let number = 0; number < count; number++) desk.call(`a${number}`, () => desk.call(`again${number}`));
    desk.call('last');
    // Each of them, then the last, in whose place comes what the one before it has called.
    expect(desk.told).toHaveLength(count + 1);
    expect(new Set(desk.told.slice(0, -1))).toEqual(
      new Set(Array.from({ length: count }, (_, number) => `a${number}: SDK.AsyncQueueFull`)),
    );
    expect(desk.pool.depth).toEqual({ running: 1, waiting: count });
  });

  it('answers all of 20,000 values that go one for another, as each answer brings one more', () => {
    const count = 20_000;
    const source = new Subject<number>();
    const dropped: number[] = [];
    source
      .pipe(
        boundedMergeMap(() => new Subject<never>(), {
          concurrent: 1,
          capacity: count,
          queue: fifo<number>({ overflow: 'dropOldest' }),
          dropped: (value) => {
            dropped.push(value);
            if (value < count) source.next(value + count);
            return [];
          },
        }),
      )
      .subscribe();
    source.next(0);
    for (let value = 0; value <= count; value++) source.next(value);
    expect(dropped).toEqual(Array.from({ length: count + 1 }, (_, value) => value));
  });

  it('says the sizes that the pool has by now', () => {
    const errors: unknown[] = [];
    const source = new Subject<string>();
    const queue = fifo<string>({ overflow: 'dropOldest' });
    source
      .pipe(
        boundedMergeMap(() => new Subject<never>(), {
          concurrent: 1,
          capacity: 1,
          queue,
          dropped: (value, error) => {
            errors.push([value, error]);
            return [];
          },
        }),
      )
      .subscribe();
    for (const value of ['a', 'b', 'c']) source.next(value);
    expect(errors).toEqual([['b', new AsyncQueueFullError(1, 1)]]);
  });
});

describe('maxQueueTime', () => {
  it('ends what has waited for so long in an error, and starts it no more', () => {
    marbles(({ flush, cold }) => {
      const desk = poolWith(1, 100, fifo({ maxQueueTime: 10 }));
      const told: [number, string][] = [];
      const begun = monotonicNow();
      cold('a 3ms b 3ms c 4ms d').subscribe((name) =>
        desk.call(name, () => told.push([monotonicNow() - begun, desk.told.at(-1) ?? ''])),
      );
      cold('16ms x').subscribe(() => desk.answer('a'));
      flush();

      expect(told).toEqual([
        [14, 'b: SDK.AsyncQueueTimeout'],
        [16, 'a: response'],
        [23, 'd: SDK.AsyncQueueTimeout'],
      ]);
      expect(desk.started).toEqual(['a', 'c']);
    });
  });

  it('tells all whose time is over, those who have waited longest first', () => {
    marbles(({ flush }) => {
      const desk = poolWith(1, 100, priority(numberOf, { maxQueueTime: 10 }));
      for (const name of ['a', 'b1', 'c2', 'd3']) desk.call(name);
      flush();
      expect(desk.told).toEqual([
        'b1: SDK.AsyncQueueTimeout',
        'c2: SDK.AsyncQueueTimeout',
        'd3: SDK.AsyncQueueTimeout',
      ]);
      expect(desk.pool.depth).toEqual({ running: 1, waiting: 0 });
    });
  });

  it('lets whoever is told call again, and waits anew for that', () => {
    marbles(({ flush }) => {
      const desk = poolWith(1, 100, fifo({ maxQueueTime: 10 }));
      desk.call('a');
      desk.call('b', () => desk.call('again'));
      flush();
      expect(desk.told).toEqual(['b: SDK.AsyncQueueTimeout', 'again: SDK.AsyncQueueTimeout']);
    });
  });

  it('has one timer for all, and none when nobody waits', () => {
    jest.useFakeTimers();
    const desk = poolWith(1, 1000, fifo({ maxQueueTime: 10 }));
    const timers = [jest.getTimerCount()];
    const calls: Subscription[] = [];
    for (let number = 0; number < 1000; number++) calls.push(desk.call(`a${number}`));
    timers.push(jest.getTimerCount());
    for (const call of calls.slice(1)) call.unsubscribe();
    timers.push(jest.getTimerCount());
    jest.useRealTimers();

    expect(timers).toEqual([0, 1, 0]);
  });

  it('says what the limit is', () => {
    const error = new AsyncQueueTimeoutError(500);
    expect(error.message).toBe('The call did not start within its maxQueueTime of 500 ms; it was not sent');
    expect(error).toMatchObject({ code: 'SDK.AsyncQueueTimeout', maxQueueTime: 500, name: 'AsyncQueueTimeoutError' });
  });
});

describe('cancelling 50,000 that wait, one after another', () => {
  it.each([
    ['fifo', undefined],
    ['fifo with all that there is', fifo({ maxQueueTime: 1000, rate: { limit: 100_000, interval: 1000 } })],
    ['priority', priority(numberOf)],
    ['fair', fair(keyOf, { limit: 3 })],
  ])('starts none of them: %s', async (_, queue) => {
    const count = 50_000;
    const desk = poolWith(2, count, queue);
    const calls = Array.from({ length: count }, (_, number) => desk.call(`k${number % 10}`));
    const [first, second, ...waiting] = calls;
    first?.unsubscribe();
    second?.unsubscribe();
    for (const call of waiting) call.unsubscribe();
    await turn();

    expect(desk.started).toHaveLength(2);
    expect(desk.pool.isEmpty).toBe(true);
  });

  it.each(['fifo', 'priority', 'fair'])('touches as many entries with 10,000 as with 10: %s', (name) => {
    expect(stepsOf(name, 10_000)).toEqual(stepsOf(name, 10));
  });
});

/** How often a map is read or written in cancelling one from the middle; to look through one is an error. */
function stepsOf(name: string, size: number): number {
  const queue = { fifo: fifo({ maxQueueTime: 1e6 }), priority: priority(numberOf), fair: fair(keyOf) }[name];
  const desk = poolWith(1, size + 1, queue);
  const calls = Array.from({ length: size + 1 }, (_, number) => desk.call(`k${number % 3}`));
  let steps = 0;
  const count = (method: 'get' | 'set' | 'delete' | 'has'): jest.SpyInstance => {
    const spy = jest.spyOn(Map.prototype, method);
    steps -= spy.mock.calls.length;
    return spy;
  };
  const spies = (['get', 'set', 'delete', 'has'] as const).map(count);
  const iterated = jest.spyOn(Map.prototype, Symbol.iterator as never);
  calls[size >> 1]?.unsubscribe();
  for (const spy of spies) steps += spy.mock.calls.length;
  expect(iterated).not.toHaveBeenCalled();
  for (const spy of [...spies, iterated]) spy.mockRestore();
  for (const call of calls) call.unsubscribe();
  return steps;
}
