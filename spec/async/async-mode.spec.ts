import { defer, EMPTY, NEVER, Observable, of, Subject, throwError, type Subscription } from 'rxjs';
import { AsyncMode } from '../../lib/async/async-mode.js';
import type { ShutdownOptions } from '../../lib/async/shutdown-options.js';
import { toCallback } from '../../lib/async/to-callback.js';
import { toChannels } from '../../lib/async/to-channels.js';
import { ClientError, ConfigurationError } from '../../lib/errors.js';
import { desk } from './desk.js';
import { marbles } from './marbles.js';
import { dispatched, through, throughAsync } from './through.js';

const modeOf = () => {
  const mode = new AsyncMode();
  const { log, ...rest } = desk((call) => through(mode, call));
  /** Writes down what the shutdown reports: as `running+waiting`. */
  const shutdown = (options?: ShutdownOptions): Subscription =>
    mode.shutdown(options).subscribe({
      next: ({ running, waiting }) => log.push(`left: ${running}+${waiting}`),
      complete: () => log.push('shut down'),
    });
  return { mode, log, shutdown, ...rest };
};

const names = (count: number) => Array.from({ length: count }, (_, index) => `call ${index + 1}`);

const isOn = (mode: AsyncMode): boolean => {
  let on = true;
  throughAsync(mode, EMPTY).subscribe({
    error: ({ code }: ClientError) => (on = code !== 'SDK.AsyncFunctionNotEnabled'),
  });
  return on;
};

describe('AsyncMode', () => {
  it.each([true, false])('starts nothing for who has unsubscribed before: with a pool %s', (enabled) => {
    const mode = new AsyncMode();
    if (enabled) mode.enable(1, 1);
    let started = 0;
    const call = defer(() => (started++, NEVER));
    new Observable((subscriber) => {
      subscriber.unsubscribe();
      return through(mode, call).subscribe(subscriber);
    }).subscribe();
    expect([started, mode.depth]).toEqual([0, { running: 0, waiting: 0 }]);
  });

  describe('enable', () => {
    it('is refused when the client is closed', () => {
      const mode = new AsyncMode();
      mode.close({});
      expect(() => mode.enable()).toThrow(expect.objectContaining({ code: 'SDK.Closed' }) as Error);
    });

    it('is off at first, and on until it is shut down', () => {
      const mode = new AsyncMode();
      expect(isOn(mode)).toBe(false);
      mode.enable();
      expect(isOn(mode)).toBe(true);
      mode.shutdown();
      expect(isOn(mode)).toBe(false);
    });

    it('lets five calls run and a thousand wait, unless it is told otherwise', () => {
      const { mode, submit, read } = modeOf();
      mode.enable();
      names(1006).forEach((name) => submit(name));

      expect(read()).toEqual([...names(5).map((name) => `start ${name}`), 'call 1006: SDK.AsyncQueueFull']);
    });

    it('takes each size alone', () => {
      const [first, second] = [modeOf(), modeOf()];
      first.mode.enable(2);
      second.mode.enable(undefined, 1);
      names(7).forEach((name) => [first, second].forEach(({ submit }) => submit(name)));

      expect(first.read()).toEqual(names(2).map((name) => `start ${name}`));
      expect(second.read()).toEqual([...names(5).map((name) => `start ${name}`), 'call 7: SDK.AsyncQueueFull']);
    });

    it('throws when the mode is on, and leaves the pool, its sizes and its work as they are', () => {
      const { mode, submit, answer, read } = modeOf();
      mode.enable(1, 1);
      submit('a');
      submit('b');

      const again = () => mode.enable(5, 5);
      expect(again).toThrow(ClientError);
      expect(again).toThrow('The async mode is on already');
      submit('c');
      answer('a');
      expect(read()).toEqual(['start a', 'c: SDK.AsyncQueueFull', 'stop a', 'start b', 'a: response', 'a: complete']);
    });

    it.each([
      [[0, 1], 'Expected `poolSize` to be an integer >= 1, got 0'],
      [[1.5, 1], 'Expected `poolSize` to be an integer >= 1, got 1.5'],
      [[Infinity, 1], 'Expected `poolSize` to be an integer >= 1, got Infinity'],
      [['5', 1], 'Expected `poolSize` to be an integer >= 1, got a string'],
      [[null, 1], 'Expected `poolSize` to be an integer >= 1, got nothing'],
      [[{}, 1], 'Expected `poolSize` to be an integer >= 1, got an object'],
      [[1, -1], 'Expected `maxTaskQueueSize` to be an integer >= 0, got -1'],
      [[1, NaN], 'Expected `maxTaskQueueSize` to be an integer >= 0, got NaN'],
    ])('throws at once for %p, and stays off', (sizes, message) => {
      const mode = new AsyncMode();
      const enable = () => mode.enable(...(sizes as [number, number]));

      expect(enable).toThrow(ConfigurationError);
      expect(enable).toThrow(message);
      expect(isOn(mode)).toBe(false);
    });
  });

  describe('route', () => {
    it('decides when it is subscribed to', () => {
      const mode = new AsyncMode();
      const call = new Subject<string>();
      const routed$ = through(mode, call);
      const log: string[] = [];
      const subscribe = (name: string) =>
        routed$.subscribe({
          next: (value) => log.push(`${name}: ${value}`),
          error: () => log.push(`${name}: refused`),
        });

      subscribe('off');
      mode.enable(1, 0);
      subscribe('on');
      subscribe('on too');
      mode.shutdown();
      subscribe('off again');
      call.next('x');
      call.complete();

      expect(log).toEqual(['on too: refused', 'off: x', 'on: x', 'off again: x']);
    });

    it('passes the values of a call on as they come while the mode is off', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const call = cold(' -a-b-|');
        const unsub = '     ----! ';
        const subs = '      ^---! ';
        const expected = '  -a-b- ';

        expectObservable(through(new AsyncMode(), call, true), unsub).toBe(expected);
        expectSubscriptions(call.subscriptions).toBe(subs);
      });
    });
  });

  describe('requireEnabled', () => {
    const notEnabled: unknown = expect.objectContaining({ code: 'SDK.AsyncFunctionNotEnabled' });

    it('errors while the mode is off, and starts nothing', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const call = cold(' a|');

        expectObservable(throughAsync(new AsyncMode(), call)).toBe('#', undefined, notEnabled);
        expectSubscriptions(call.subscriptions).toBe([]);
      });
    });

    it('goes through the pool while the mode is on', () => {
      const mode = new AsyncMode();
      mode.enable(1, 0);
      const { submit, read } = desk((call) => throughAsync(mode, call));
      submit('a');
      submit('b');

      expect(read()).toEqual(['start a', 'b: SDK.AsyncQueueFull']);
    });

    it('fails chan and callback calls through their own channel and callback', async () => {
      const mode = new AsyncMode();
      const call = () => throughAsync(mode, of('response'));
      const failing = async () => {
        const [responses, errors] = toChannels(call());
        const told: unknown[] = [];
        const blocker = toCallback(call(), (...outcome) => told.push(outcome));
        expect(await responses.receive()).toBeUndefined();
        expect(await errors.receive()).toEqual(notEnabled);
        expect(await blocker.receive()).toBe(0);
        expect(told).toEqual([[undefined, notEnabled]]);
      };

      await failing();
      mode.enable();
      const [responses] = toChannels(call());
      expect(await responses.receive()).toBe('response');
      mode.shutdown();
      await failing();
    });

    it.each<[string, Observable<string>, (string | undefined)[]]>([
      ['a success', of('response'), ['response', undefined]],
      ['a failure', throwError(() => new Error('problem')), [undefined, 'problem']],
      ['nothing', EMPTY, [undefined, 'The call completed without a response']],
    ])('ends chan and callback calls through the pool with %s', async (_, call, [response, message]) => {
      const mode = new AsyncMode();
      mode.enable(1, 1);
      const [responses, errors] = toChannels(throughAsync(mode, call));
      const told: unknown[] = [];
      const blocker = toCallback(throughAsync(mode, call), (...outcome) => told.push(outcome));

      expect(await responses.receive()).toBe(response);
      expect((await errors.receive())?.message).toBe(message);
      expect(await blocker.receive()).toBe(response === undefined ? 0 : 1);
      expect(told).toHaveLength(1);
    });

    it('has a free place for a call made in a callback', async () => {
      const mode = new AsyncMode();
      mode.enable(1, 0);
      const first = new Subject<string>();
      const told: unknown[] = [];
      const called = new Promise<void>((done) => {
        toCallback(throughAsync(mode, first), () => {
          toCallback(throughAsync(mode, of('second')), (response, error) => {
            told.push(response ?? error);
            done();
          });
        });
      });
      first.next('first');
      first.complete();
      await called;

      expect(told).toEqual(['second']);
    });
  });

  describe('shutdown', () => {
    it('completes at once while the mode is off', () => {
      const { shutdown, read } = modeOf();
      shutdown();

      expect(read()).toEqual(['left: 0+0', 'shut down']);
    });

    it('finishes what was accepted, and sends directly what comes later', () => {
      const { mode, submit, answer, shutdown, read } = modeOf();
      mode.enable(1, 1);
      submit('a');
      submit('b');
      shutdown();
      submit('c');
      expect(read()).toEqual(['start a', 'left: 1+1', 'start c']);
      answer('a');
      answer('b');

      expect(read().filter((line) => line.includes(':'))).toEqual([
        'left: 1+0',
        'a: response',
        'a: complete',
        'b: response',
        'b: complete',
        'left: 0+0',
      ]);
    });

    it('is the same shutdown when it is called again, while it goes on and afterwards', () => {
      const { mode, submit, answer } = modeOf();
      mode.enable(1, 1);
      submit('a');
      const shutdown = mode.shutdown();
      expect(mode.shutdown()).toBe(shutdown);
      answer('a');
      expect(mode.shutdown()).toBe(shutdown);
    });

    it('can be hurried', () => {
      marbles(({ cold, expectObservable }) => {
        const mode = new AsyncMode();
        mode.enable(1, 1);
        const aborted: unknown = expect.objectContaining({ code: 'SDK.Aborted' });

        expectObservable(through(mode, cold('--------'))).toBe('----#', undefined, aborted);
        cold('-x').subscribe(() => mode.shutdown());
        cold('--x').subscribe(() => mode.shutdown({ timeout: 2 }));
      });
    });

    it('refuses options that can’t work, and the mode stays on', () => {
      const mode = new AsyncMode();
      mode.enable();

      expect(() => mode.shutdown({ timeout: -1 })).toThrow(ConfigurationError);
      expect(isOn(mode)).toBe(true);
    });
  });

  describe('generations', () => {
    it('can be enabled again at once: old calls take no slots and no places of the new pool', () => {
      const { mode, submit, answer, read } = modeOf();
      mode.enable(1, 1);
      submit('old 1');
      submit('old 2');
      mode.shutdown();
      mode.enable(1, 1);
      submit('new 1');
      submit('new 2');
      submit('new 3');
      expect(read()).toEqual(['start old 1', 'start new 1', 'new 3: SDK.AsyncQueueFull']);

      answer('old 1');
      expect(read()).toEqual(['stop old 1', 'start old 2', 'old 1: response', 'old 1: complete']);
      answer('new 1');
      expect(read()).toEqual(['stop new 1', 'start new 2', 'new 1: response', 'new 1: complete']);
    });

    it('are shut down together: all that is left is reported, and hurried', () => {
      const { mode, submit, shutdown, read } = modeOf();
      mode.enable(1, 1);
      submit('old 1');
      submit('old 2');
      mode.shutdown();
      mode.enable(1, 1);
      submit('new');
      shutdown();
      expect(read()).toEqual(['start old 1', 'start new', 'left: 2+1']);
      mode.shutdown({ mode: 'abort' });

      const told = read();
      expect(told.filter((line) => line.includes(': SDK')).sort()).toEqual([
        'new: SDK.Aborted',
        'old 1: SDK.Aborted',
        'old 2: SDK.Aborted',
      ]);
      expect(told.slice(-2)).toEqual(['left: 0+0', 'shut down']);
    });

    it('are summed up anew where one changes while another is as it was reported', () => {
      const { mode, submit, answer, shutdown, read } = modeOf();
      submit('direct');
      mode.enable(2, 1);
      const leaving = dispatched();
      const leave = () => {
        answer('direct');
        return leaving.slot?.leaveDuring(NEVER) ?? EMPTY;
      };
      // Where it is made, the pool is starting another one, so that it has to wait for a moment.
      const making = defer(() => (mode.run(leaving, leave).subscribe(), of('made')));
      through(mode, making).subscribe(() => shutdown());

      expect(read().filter((line) => line.startsWith('left'))).toEqual(['left: 1+1', 'left: 1+0', 'left: 0+1']);
    });

    it('have a shutdown each', () => {
      const { mode, submit } = modeOf();
      mode.enable(1, 1);
      submit('old');
      const old = mode.shutdown();
      mode.enable(1, 1);

      expect(mode.shutdown()).not.toBe(old);
    });

    it('may change on hearing of an abort', () => {
      const { mode, submit, read, log } = modeOf();
      const renew = () => {
        mode.enable(1, 0);
        submit('b');
        mode.shutdown();
        mode.enable(1, 0);
        submit('c');
      };
      mode.enable(1, 0);
      submit('a', undefined, { error: renew });
      mode.shutdown({ mode: 'abort' }).subscribe({ complete: () => log.push('shut down') });

      expect(read()).toEqual(['start a', 'stop a', 'a: SDK.Aborted', 'start b', 'start c', 'shut down']);
      expect(isOn(mode)).toBe(true);
    });
  });
});
