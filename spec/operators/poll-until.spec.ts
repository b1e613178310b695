import { concat, defer, NEVER, of, throwError, timer, type Observable } from 'rxjs';
import {
  ConfigurationError,
  NetworkError,
  isClientError,
  type WaitFailedError,
  type WaitTimeoutError,
} from '../../lib/errors.js';
import { pollUntil } from '../../lib/operators/poll-until.js';
import { marbles } from '../async/marbles.js';
import { itKeepsTheLaws } from './laws.js';
import { refusal } from './support.js';

/** A call that gives one step after the other, and its last again and again; each takes no time. */
function steps(...all: readonly (string | Error)[]): Observable<string> {
  let made = 0;
  return defer(() => {
    const step = all[Math.min(made++, all.length - 1)] ?? '';
    return typeof step === 'string' ? of(step) : throwError(() => step);
  });
}

const isReady = (answer: string) => answer === 'r';
const missing = refusal('InvalidInstanceId.NotFound', { status: 404 });

describe('pollUntil', () => {
  itKeepsTheLaws({
    operator: (source) => pollUntil(source, (answer) => answer === 'a', { interval: 10 }),
    never: '-',
    empty: '-',
    one: '--(a|)',
    error: '--#',
    synchronous: '(a|)',
  });

  it('emits each answer, and completes with the one that the predicate takes', () => {
    marbles(({ cold, expectObservable }) => {
      const answers = ['p', 'p', 'r'];
      const call = defer(() => cold('--x|', { x: answers.shift() ?? '' }));
      // From an answer's end, 5 ms and then 10 to the next request.
      expectObservable(pollUntil(call, isReady, { interval: 5 })).toBe('--p 7ms p 12ms (r|)');
    });
  });

  it('doubles its wait up to the longest', () => {
    marbles(({ expectObservable }) => {
      const result = pollUntil(steps('p', 'p', 'p', 'p', 'p', 'r'), isReady, { interval: 10, maxInterval: 35 });
      expectObservable(result).toBe('p 9ms p 19ms p 34ms p 34ms p 34ms (r|)');
    });
  });

  it('takes an interval that is longer than the default of the longest', () => {
    marbles(({ expectObservable }) => {
      expectObservable(pollUntil(steps('p', 'p', 'r'), isReady, { interval: 30_000 })).toBe('p 29999ms p 29999ms (r|)');
    });
  });

  it('errors with the last answer when time is up, and aborts the request under way', () => {
    marbles(({ cold, expectSubscriptions, flush }) => {
      const slow = cold('-----------------------------r|');
      const first = concat(of('p'));
      let made = 0;
      const call = defer(() => (made++ === 0 ? first : slow));
      let error: WaitTimeoutError | undefined;
      const options = { interval: 10, timeout: 25, name: 'the disk' };
      pollUntil(call, isReady, options).subscribe({ error: (e: WaitTimeoutError) => (error = e) });
      expectSubscriptions(slow.subscriptions).toBe('10ms ^ 14ms !');
      flush();
      expect(isClientError(error, 'SDK.WaitTimeout')).toBe(true);
      expect(error).toMatchObject({ waiter: 'the disk', timeout: 25, answers: 1, last: 'p' });
      expect(error?.message).toBe('the disk did not come about within 25 ms, after 1 answer');
    });
  });

  it('has no limit where the timeout is 0', () => {
    marbles(({ expectObservable }) => {
      const result = pollUntil(steps('p'), isReady, { interval: 10_000_000, timeout: 0 });
      expectObservable(result, '^ 25000000ms !').toBe('p 9999999ms p 9999999ms p');
    });
  });

  it('emits the answer from which there is no way, and errors with it', () => {
    marbles(({ expectObservable, flush }) => {
      expectObservable(pollUntil(steps('x'), isReady, { fails: () => true })).toBe(
        '(x#)',
        undefined,
        expect.anything(),
      );
      let error: WaitFailedError | undefined;
      const result = pollUntil(steps('p', 'x', 'r'), isReady, { interval: 10, fails: (answer) => answer === 'x' });
      result.subscribe({ error: (e: WaitFailedError) => (error = e) });
      flush();
      expect(isClientError(error, 'SDK.WaitFailed')).toBe(true);
      expect(error).toMatchObject({
        answers: 2,
        last: 'x',
        message: "The answer can't come about any more, after 2 answers",
      });
    });
  });

  it('shows nothing of an answer in JSON or among the fields of its errors', () => {
    marbles(({ flush }) => {
      let error: WaitTimeoutError | undefined;
      const call = of({ Password: 'hunter2' });
      pollUntil(call, () => false, { timeout: 10 }).subscribe({ error: (e: WaitTimeoutError) => (error = e) });
      flush();
      expect(error?.last).toEqual({ Password: 'hunter2' });
      expect(`${JSON.stringify(error)} ${Object.keys(error ?? {}).join()} ${error?.message}`).not.toMatch(
        /hunter2|last/,
      );
    });
  });

  it('waits for what is not visible yet, and no longer than it may take', () => {
    marbles(({ expectObservable }) => {
      const options = { interval: 10, maxInterval: 10, visibleWithin: 25 };
      expectObservable(pollUntil(steps(missing, missing, 'r'), isReady, options)).toBe('20ms (r|)');
      expectObservable(pollUntil(steps(missing), isReady, options)).toBe('30ms #', undefined, missing);
      // Counted anew from when it was seen last.
      const flickers = steps('p', missing, missing, 'p', missing, missing, 'r');
      expectObservable(pollUntil(flickers, isReady, options)).toBe('p 29ms p 29ms (r|)');
    });
  });

  it.each(['InvalidAction.NotFound', 'InvalidAccessKeyId.NotFound', 'InvalidRegionId.NotFound', 'Forbidden.RAM'])(
    'does not wait where %s says that it will never be',
    (code) => {
      marbles(({ expectObservable }) => {
        const error = refusal(code, { status: 404 });
        expectObservable(pollUntil(steps(error, 'r'), isReady, { interval: 10 })).toBe('#', undefined, error);
      });
    },
  );

  it.each([
    'InvalidInstanceId.NotFound',
    'StackNotFound',
    'ErrorClusterNotFound',
    'InvalidNatGatewayId.NotExist',
    'INSTANCE_NOT_EXIST',
  ])('waits where %s says that it is not there', (code) => {
    marbles(({ expectObservable }) => {
      expectObservable(pollUntil(steps(refusal(code), 'r'), isReady, { interval: 10 })).toBe('10ms (r|)');
    });
  });

  it('waits out a throttle for as long as the server asks, and no shorter than the interval', () => {
    marbles(({ expectObservable }) => {
      const asked = steps(refusal('Throttling.User', { retryAfter: 40 }), 'r');
      const silent = steps(refusal('Throttling'), refusal('Throttling'), 'r');
      expectObservable(pollUntil(asked, isReady, { interval: 10 })).toBe('40ms (r|)');
      expectObservable(pollUntil(silent, isReady, { interval: 10 })).toBe('30ms (r|)');
    });
  });

  it('gives the throttle that it was waiting out as the cause', () => {
    marbles(({ flush }) => {
      const throttle = refusal('Throttling.User', { retryAfter: 1000 });
      let error: WaitTimeoutError | undefined;
      pollUntil(steps(throttle), isReady, { timeout: 100 }).subscribe({ error: (e: WaitTimeoutError) => (error = e) });
      flush();
      expect([error?.code, error?.cause]).toEqual(['SDK.WaitTimeout', throttle]);
    });
  });

  it('ends in an error of the network: the client has repeated what it could', () => {
    marbles(({ expectObservable }) => {
      const broken = new NetworkError('It broke.', 'https://ecs.aliyuncs.com', 'ECONNRESET');
      expectObservable(pollUntil(steps('p', broken), isReady, { interval: 10 })).toBe('p 9ms #', undefined, broken);
    });
  });

  it('ends in what the predicate throws', () => {
    marbles(({ expectObservable }) => {
      const thrown = new Error('thrown');
      const predicate = () => {
        throw thrown;
      };
      expectObservable(pollUntil(steps('p'), predicate)).toBe('#', undefined, thrown);
    });
  });

  it('ends in what `fails` throws, also where a service could have said it', () => {
    marbles(({ expectObservable }) => {
      for (const thrown of [refusal('Throttling'), missing]) {
        const fails = () => {
          throw thrown;
        };
        expectObservable(pollUntil(steps('p'), isReady, { fails })).toBe('#', undefined, thrown);
      }
    });
  });

  it('waits out what is longer than a timer can be, and does not ask again and again meanwhile', () => {
    jest.useFakeTimers();
    try {
      let made = 0;
      const throttled = defer(() => (made++, throwError(() => refusal('Throttling', { retryAfter: 2 ** 31 + 1000 }))));
      const waiting = pollUntil(throttled, isReady, { timeout: 0 }).subscribe();
      jest.advanceTimersByTime(2 ** 31);
      expect(made).toBe(1);
      jest.advanceTimersByTime(1000);
      expect(made).toBe(2);
      waiting.unsubscribe();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });

  it('takes no clock that is set for time that has passed', () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    try {
      const seen: unknown[] = [];
      const answers = steps(missing, missing, 'r');
      pollUntil(answers, isReady, { interval: 1000, visibleWithin: 60_000 }).subscribe({
        next: (answer) => seen.push(answer),
        error: (error: unknown) => seen.push(error),
      });
      jest.setSystemTime(Date.UTC(2026, 0, 2));
      jest.advanceTimersByTime(3000);
      expect(seen).toEqual(['r']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('stops between two requests when it is unsubscribed from', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const call = cold('(p|)');
      expectObservable(pollUntil(call, isReady, { interval: 10 }), '^ 14ms !').toBe('p 9ms p');
      expectSubscriptions(call.subscriptions).toBe(['(^!)', '10ms (^!)']);
    });
  });

  it('takes time from the scheduler that it is given', () => {
    marbles(({ flush }) => {
      const scheduled: number[] = [];
      const scheduler = {
        now: () => 0,
        schedule: (_work: unknown, delay = 0) => (scheduled.push(delay), timer(0).subscribe()),
      };
      pollUntil(NEVER, isReady, { timeout: 77, scheduler }).subscribe().unsubscribe();
      flush();
      expect(scheduled).toEqual([77]);
    });
  });

  it.each([
    [{ interval: -1 }, 'Expected `interval` to be milliseconds'],
    [{ timeout: Infinity }, 'Expected `timeout` to be milliseconds'],
    [{ maxIntervall: 1 }, 'there is no such option'],
    [{ fails: true }, 'Expected `fails` to be a function'],
  ])('throws at once for %j', (options, message) => {
    const create = () => pollUntil(NEVER, () => true, options as object);
    expect(create).toThrow(ConfigurationError);
    expect(create).toThrow(message);
  });

  it('refuses at once what is no Observable', () => {
    const none = undefined as never;
    expect(() => pollUntil(none, isReady)).toThrow('Expected `call` to be an Observable, got nothing');
  });

  it('gives no throttle as the cause that an answer came after', () => {
    marbles(({ flush }) => {
      let error: WaitTimeoutError | undefined;
      const answers = steps(refusal('Throttling'), 'p');
      pollUntil(answers, isReady, { interval: 10, timeout: 100 }).subscribe({
        error: (e: WaitTimeoutError) => (error = e),
      });
      flush();
      expect([error?.code, error?.cause]).toEqual(['SDK.WaitTimeout', undefined]);
    });
  });
});
