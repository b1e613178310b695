import { ConfigurationError } from '../../lib/errors.js';
import { adaptive, fair, fifo, queueOf, type AdaptiveOptions } from '../../lib/queues/index.js';
import { boundedMergeMap } from '../../lib/async/bounded-merge-map.js';
import { from, tap, timer } from 'rxjs';
import { marbles } from '../async/marbles.js';
import { answerAll, keyOf, poolWith, type Desk, type Named } from './through-pool.js';

/** Answers so many, the one that was started first first. */
function answer(desk: Desk, count: number): void {
  const running = desk.started.filter((name) => !desk.told.includes(`${name}: response`));
  for (const name of running.slice(0, count)) desk.answer(name);
}

interface Timed {
  readonly operation: number;
}

/** A pool with a thousand waiting. */
function busy(options: AdaptiveOptions<Named>): Desk {
  const desk = poolWith(adaptive(options), 1000);
  for (let number = 0; number < 1000; number++) desk.call(`a${number}`);
  return desk;
}

describe('adaptive', () => {
  it('grows by one each time that as many have ended as run, up to max', () => {
    const desk = busy({ min: 2, max: 4 });
    expect(desk.pool.depth.running).toBe(2);
    const sizes = Array.from({ length: 12 }, () => {
      answer(desk, 1);
      return desk.pool.depth.running;
    });
    expect(sizes).toEqual([2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4]);
  });

  it('does not grow while nobody waits', () => {
    const desk = poolWith(adaptive({ min: 2, max: 9 }), 1000);
    for (let number = 0; number < 50; number++) {
      desk.call(`a${number}`);
      answer(desk, 1);
    }
    expect(desk.pool.poolSize).toBe(2);
  });

  it('shrinks to backoff of itself when a call is throttled, never below min, and lets what runs finish', () => {
    const desk = busy({ min: 2, max: 100, backoff: 0.5 });
    desk.pool.resize(10);
    desk.pool.throttled();
    expect(desk.pool.poolSize).toBe(5);
    expect(desk.pool.depth.running).toBe(10);

    answer(desk, 5);
    expect(desk.pool.depth.running).toBe(5);
    answer(desk, 1);
    expect(desk.pool.depth.running).toBe(5);
  });

  it('shrinks once for all that was started before', () => {
    const desk = busy({ min: 1, max: 100, backoff: 0.5 });
    desk.pool.resize(16);
    for (let call = 0; call < 16; call++) desk.pool.throttled();
    expect(desk.pool.poolSize).toBe(8);

    // What was started before says nothing; one of those that were started since does.
    answer(desk, 16);
    desk.pool.throttled();
    expect(desk.pool.poolSize).toBe(8);
    answer(desk, 1);
    desk.pool.throttled();
    expect(desk.pool.poolSize).toBe(4);
    for (let round = 0; round < 20; round++) {
      answer(desk, 1);
      desk.pool.throttled();
    }
    expect(desk.pool.poolSize).toBe(1);
  });

  /** How many run after each start, one operation after another, each of which takes so many milliseconds. */
  function runningAtStarts(times: readonly number[], options: Partial<AdaptiveOptions<Timed>>): number[] {
    const starts: number[] = [];
    marbles(({ flush }) => {
      let running = 0;
      from(times.map((operation) => ({ operation })))
        .pipe(
          boundedMergeMap(
            ({ operation }) => {
              starts.push(++running);
              return timer(operation).pipe(tap({ complete: () => void running-- }));
            },
            { concurrent: adaptive({ min: 2, max: 12, backoff: 0.5, ...options }), capacity: Infinity },
          ),
        )
        .subscribe();
      flush();
    });
    return starts;
  }

  it('shrinks when what runs takes longer than usual, and grows again when it does not', () => {
    const times = Array.from({ length: 400 }, (_, index) => (index >= 100 && index < 130 ? 100 : 10));
    const starts = runningAtStarts(times, { keyOf: () => 0 });

    expect(starts[99]).toBe(12);
    expect(Math.min(...starts.slice(100, 150))).toBeLessThanOrEqual(6);
    expect(starts[399]).toBe(12);
  });

  it('does not mind where tolerance is Infinity', () => {
    const times = Array.from({ length: 200 }, (_, index) => (index >= 100 ? 1000 : 10));
    const starts = runningAtStarts(times, { keyOf: () => 0, tolerance: Infinity });
    expect(Math.min(...starts.slice(100))).toBe(12);
  });

  it('compares each operation of a client with itself alone', () => {
    const times = Array.from({ length: 200 }, (_, index) => (index >= 100 ? 1000 : 10));
    expect(Math.min(...runningAtStarts(times, {}).slice(100))).toBe(12);
    expect(Math.min(...runningAtStarts(times, { keyOf: () => 0 }).slice(100))).toBeLessThanOrEqual(6);
  });

  it('stands in front of any queue', () => {
    const desk = poolWith(adaptive({ min: 1, max: 3 }), 100, fair(keyOf));
    for (const name of ['a1', 'a2', 'a3', 'b1', 'b2']) desk.call(name);
    for (const name of desk.started) desk.answer(name);

    expect(desk.started).toEqual(['a1', 'a2', 'b1', 'a3', 'b2']);
    expect(desk.pool.poolSize).toBe(3);
  });

  it('learns nothing of calls that are cancelled', () => {
    const desk = busy({ min: 2, max: 10 });
    for (let number = 1000; number < 1050; number++) desk.call(`c${number}`).unsubscribe();
    expect(desk.pool.poolSize).toBe(2);
  });

  it('ends one in what its keyOf throws, and goes on with the others', () => {
    const released: string[] = [];
    const order = fair<Named>(({ name }) => name);
    const queue = queueOf<Named>((wake) => {
      const tasks = order.make(wake);
      return {
        get size() {
          return tasks.size;
        },
        push: (task) => tasks.push(task),
        shift: () => tasks.shift(),
        remove: (task) => tasks.remove(task),
        release(task) {
          released.push((task.value as Named).name);
          tasks.release?.(task);
        },
      };
    });
    const noKey = ({ name }: Named): string => {
      if (name === 'b') throw new Error('no key');
      return name;
    };
    const desk = poolWith(adaptive({ min: 1, max: 2, keyOf: noKey }), 10, queue);
    for (const name of ['a', 'b', 'c']) desk.call(name);
    answerAll(desk);
    expect(desk.started).toEqual(['a', 'c']);
    expect(desk.told).toEqual(['b: Error: no key', 'a: response', 'c: response']);
    expect(released).toEqual(['a', 'b', 'c']);
    expect(desk.pool.isEmpty).toBe(true);
  });

  it.each(['dropOldest', 'dropNewest'] as const)('lets others go in its queue: %s', (overflow) => {
    const desk = poolWith(adaptive({ min: 1, max: 2 }), 2, fifo({ overflow }));
    for (const name of ['a', 'b', 'c', 'd']) desk.call(name);
    expect(desk.told).toEqual([`${overflow === 'dropOldest' ? 'b' : 'c'}: SDK.AsyncQueueFull`]);
  });

  it.each([
    [{ min: 0, max: 1 }, 'min'],
    [{ min: 3, max: 2 }, 'max'],
    [{ min: 1 }, 'max'],
    [{ min: 1, max: 2, backoff: 1 }, 'backoff'],
    [{ min: 1, max: 2, tolerance: 1 }, 'tolerance'],
    [{ min: 1, max: 2, keyOf: 'a' }, 'keyOf'],
    [{ min: 1, max: 2, size: 1 }, 'size'],
  ])('refuses %j', (options, path) => {
    const make = (): unknown => adaptive(options as never);
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(`Expected \`${path}\` to be `);
  });
});
