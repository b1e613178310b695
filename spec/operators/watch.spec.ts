import { asyncScheduler, defer, NEVER, of, throwError, type Observable } from 'rxjs';
import { ConfigurationError, NetworkError } from '../../lib/errors.js';
import { watch } from '../../lib/operators/watch.js';
import { marbles } from '../async/marbles.js';
import { itKeepsTheLaws } from './laws.js';
import { refusal } from './support.js';

/** A call that takes no time and gives one step after the other, and then nothing more. */
function steps<T>(...all: readonly (T | Error)[]): Observable<T> {
  let made = 0;
  return defer(() => {
    if (made === all.length) return NEVER;
    const step = all[made++] as T | Error;
    return step instanceof Error ? throwError(() => step) : of(step);
  });
}

const broken = new NetworkError('It broke.', 'https://ecs.aliyuncs.com', 'ECONNRESET');

describe('watch', () => {
  itKeepsTheLaws({
    operator: (source) => watch(source, { period: 20 }),
    never: '-',
    empty: '-',
    one: '--a 19ms a 19ms a',
    error: '--#',
    synchronous: 'a 19ms a 19ms a',
  });

  it('makes a round every period, from start to start', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const call = cold('--a|');
      expectObservable(watch(call, { period: 5 }), '^-----------!').toBe('--a----a----');
      expectSubscriptions(call.subscriptions).toBe(['^--!', '-----^--!', '----------^-!']);
    });
  });

  it('skips the rounds that would begin while one is under way, and keeps the beat', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const slow = cold('-----------a|');
      expectObservable(watch(slow, { period: 5 }), '^ 28ms !').toBe('-----------a--------------a--');
      expectSubscriptions(slow.subscriptions).toBe(['^-----------!', '---------------^-----------!']);
    });
  });

  it('backs off on throttles: twice as long each time, up to a limit, and back with an answer', () => {
    marbles(({ expectObservable }) => {
      const throttle = refusal('Throttling.User');
      const call = steps('a', throttle, throttle, throttle, 'b', 'c');
      // At 0, 10; then after 20, 40 and 40 ms; and from 110 on every 10 again.
      const result = watch(call, { period: 10, maxPeriod: 40 });
      expectObservable(result, '^ 200ms !').toBe('a 109ms b 9ms c');
    });
  });

  it('leaves the server alone for as long as it asks', () => {
    marbles(({ expectObservable }) => {
      const call = steps('a', refusal('Throttling', { retryAfter: 95 }), 'b', 'c');
      // The next round is that of the beat.
      expectObservable(watch(call, { period: 10 }), '^ 200ms !').toBe('a 104ms b 4ms c');
    });
  });

  it('waits for what is longer than a timer can be', () => {
    jest.useFakeTimers();
    try {
      const rounds = { period: 0, throttle: 0 };
      const call = (kind: keyof typeof rounds, outcome: Observable<string>) => defer(() => (rounds[kind]++, outcome));
      const throttle = refusal('Throttling', { retryAfter: 2 ** 32 });
      const watches = [
        watch(call('period', of('a')), { period: 2 ** 31 + 10 }).subscribe(),
        watch(
          call(
            'throttle',
            throwError(() => throttle),
          ),
          { period: 10 },
        ).subscribe(),
      ];
      jest.advanceTimersByTime(2 ** 31 + 9);
      expect(rounds).toEqual({ period: 1, throttle: 1 });
      jest.advanceTimersByTime(1);
      expect(rounds).toEqual({ period: 2, throttle: 1 });
      for (const each of watches) each.unsubscribe();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('makes no round more where a timer is early', () => {
    marbles(({ expectObservable }) => {
      const scheduler = {
        now: () => Math.max(0, asyncScheduler.now() - 1),
        schedule: asyncScheduler.schedule.bind(asyncScheduler),
      };
      expectObservable(watch(of('a'), { period: 10, scheduler }), '^ 31ms !').toBe('a 9ms a 10ms a 9ms a');
    });
  });

  it('keeps its beat when the clock is set', () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 0, 2) });
    try {
      let rounds = 0;
      const throttled = defer(() => (rounds++, rounds === 2 ? throwError(() => refusal('Throttling')) : of('a')));
      const watching = watch(throttled, { period: 1000 }).subscribe();
      jest.advanceTimersByTime(1000);
      jest.setSystemTime(Date.UTC(2026, 0, 1));
      jest.advanceTimersByTime(2000);
      expect(rounds).toBe(3);
      jest.setSystemTime(Date.UTC(2026, 0, 3));
      jest.advanceTimersByTime(2000);
      expect(rounds).toBe(5);
      watching.unsubscribe();
    } finally {
      jest.useRealTimers();
    }
  });

  it('goes on after failures that pass, where it is told to', () => {
    marbles(({ expectObservable }) => {
      const call = () => steps('a', broken, 'b');
      expectObservable(watch(call(), { period: 5, skipTransient: true }), '^ 40ms !').toBe('a---------b');
      expectObservable(watch(call(), { period: 5 })).toBe('a----#', undefined, broken);
    });
  });

  it('ends in any other error', () => {
    marbles(({ expectObservable }) => {
      const error = refusal('Forbidden.RAM');
      expectObservable(watch(steps('a', error), { period: 5, skipTransient: true })).toBe('a----#', undefined, error);
    });
  });

  it('emits only what differs, whatever the request id is', () => {
    marbles(({ expectObservable }) => {
      const [a, b] = [
        { Status: 'Pending', Tags: ['x'] },
        { Status: 'Running', Tags: ['x'] },
      ];
      const call = steps(
        { ...a, RequestId: '1' },
        { RequestId: '2', Tags: ['x'], Status: 'Pending' },
        { ...b, RequestId: '3' },
        { ...b, RequestId: '4', Tags: undefined },
      );
      expectObservable(watch(call, { period: 5, changes: true }), '^ 40ms !').toBe('a---------b----c', {
        a: { ...a, RequestId: '1' },
        b: { ...b, RequestId: '3' },
        c: { ...b, RequestId: '4', Tags: undefined },
      });
    });
  });

  it('emits what was added, changed and removed in a list, by key', () => {
    marbles(({ expectObservable }) => {
      const one = { id: 1, state: 'Pending' };
      const two = { id: 2, state: 'Running' };
      const started = { id: 1, state: 'Running' };
      const call = steps([one, two], [two, one], [started, two], [started], []);
      const result = watch(call, { period: 5, changes: ({ id }) => id });
      expectObservable(result, '^ 40ms !').toBe('a---------b----c----d', {
        a: { added: [one, two], changed: [], removed: [], items: [one, two] },
        b: { added: [], changed: [{ before: one, after: started }], removed: [], items: [started, two] },
        c: { added: [], changed: [], removed: [two], items: [started] },
        d: { added: [], changed: [], removed: [started], items: [] },
      });
    });
  });

  it('tells of the first list even where it is empty, and each subscription from its beginning', () => {
    marbles(({ expectObservable }) => {
      const first = { added: [], changed: [], removed: [], items: [] };
      const result = watch(of<string[]>([]), { period: 5, changes: (item) => item });
      expectObservable(result, '^ 20ms !').toBe('a', { a: first });
      expectObservable(result, '^ 20ms !').toBe('a', { a: first });
    });
  });

  it('ends in what `changes` throws', () => {
    marbles(({ expectObservable }) => {
      const thrown = new Error('thrown');
      const thrower = () => {
        throw thrown;
      };
      expectObservable(watch(of([1]), { period: 5, changes: thrower })).toBe('#', undefined, thrown);
    });
  });

  it.each([
    [{}, 'Expected `period` to be an integer >= 1, got nothing'],
    [{ period: 0 }, 'Expected `period` to be an integer >= 1, got 0'],
    [{ period: 5, changes: 'id' }, 'Expected `changes` to be a boolean or a function'],
    [{ period: 5, skipTransiant: true }, 'there is no such option'],
  ])('throws at once for %j', (options, message) => {
    const create = () => watch(NEVER, options as never);
    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(message);
  });

  it('refuses at once what is no Observable', () => {
    const none = undefined as never;
    expect(() => watch(none, { period: 5 })).toThrow('Expected `call` to be an Observable, got nothing');
  });

  it('backs off from the beginning again after an answer', () => {
    marbles(({ expectObservable }) => {
      const throttle = refusal('Throttling.User');
      // Throttled at 10 and at 30; answered at 70; throttled at 80, and asked again 20 ms later.
      const call = steps('a', throttle, throttle, 'b', throttle, 'c');
      expectObservable(watch(call, { period: 10 }), '^ 150ms !').toBe('a 69ms b 29ms c');
    });
  });
});
