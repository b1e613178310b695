import { asyncScheduler, Observable, of, type Subscription } from 'rxjs';
import { Pool } from '../../lib/async/pool.js';
import type { ShutdownOptions } from '../../lib/async/shutdown-options.js';
import { ConfigurationError } from '../../lib/errors.js';
import { desk } from './desk.js';
import { marbles } from './marbles.js';
import { through } from './through.js';

/** Equals any error with the code. */
const aborted: unknown = expect.objectContaining({ code: 'SDK.Aborted' });

const poolOf = (poolSize: number, maxTaskQueueSize: number) => {
  const pool = new Pool(poolSize, maxTaskQueueSize);
  const { log, ...rest } = desk((call) => through(pool, call));
  /** Writes down what the shutdown reports: as `running+waiting`. */
  const shutdown = (options?: ShutdownOptions): Subscription =>
    pool.shutdown(options).subscribe({
      next: ({ running, waiting }) => log.push(`left: ${running}+${waiting}`),
      complete: () => log.push('shut down'),
    });
  return { pool, log, shutdown, ...rest };
};

describe('Pool.shutdown', () => {
  it('finishes and delivers what was accepted, tells of what is left, and then completes', () => {
    const { submit, answer, shutdown, read } = poolOf(1, 2);
    for (const name of ['a', 'b', 'c']) submit(name);
    read();

    shutdown();
    expect(read()).toEqual(['left: 1+2']);
    answer('a');
    expect(read()).toEqual(['stop a', 'start b', 'left: 1+1', 'a: response', 'a: complete']);
    answer('b');
    expect(read()).toEqual(['stop b', 'start c', 'left: 1+0', 'b: response', 'b: complete']);
    answer('c');
    expect(read()).toEqual(['stop c', 'c: response', 'c: complete', 'left: 0+0', 'shut down']);
  });

  it('completes at once where nothing is left', () => {
    const { submit, answer, shutdown, read } = poolOf(1, 2);
    submit('a');
    answer('a');
    read();
    shutdown();

    expect(read()).toEqual(['left: 0+0', 'shut down']);
  });

  it('accepts nothing more', () => {
    const { submit, shutdown, read } = poolOf(2, 2);
    shutdown();
    read();
    submit('a');

    expect(read()).toEqual(['a: SDK.Aborted']);
  });

  it('runs without being subscribed to, and tells those who come late how things stand', () => {
    const { submit, answer, pool, shutdown, read } = poolOf(1, 2);
    for (const name of ['a', 'b', 'c']) submit(name);
    pool.shutdown();
    answer('a');
    read();
    shutdown();
    expect(read()).toEqual(['left: 1+1']);
    answer('b');
    answer('c');
    read();
    shutdown();

    expect(read()).toEqual(['left: 0+0', 'shut down']);
  });

  it('is the same however often it is called', () => {
    const { submit, pool } = poolOf(1, 1);
    submit('a');

    expect(pool.shutdown()).toBe(pool.shutdown());
  });

  it('counts a call that is withdrawn', () => {
    const { submit, shutdown, read } = poolOf(1, 2);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => submit(name));
    read();
    shutdown();
    b?.unsubscribe();
    a?.unsubscribe();
    c?.unsubscribe();

    expect(read()).toEqual(['left: 1+2', 'left: 1+1', 'stop a', 'left: 0+1', 'left: 0+0', 'shut down']);
  });

  it('completes only when the last owner was told', () => {
    const { submit, answer, shutdown, read } = poolOf(1, 1);
    submit('a', undefined, { next: () => b.unsubscribe() });
    const b = submit('b');
    shutdown();
    read();
    answer('a');

    expect(read()).toEqual([
      'stop a',
      'start b',
      'left: 1+0',
      'a: response',
      'stop b',
      'left: 0+0',
      'a: complete',
      'shut down',
    ]);
  });

  it('may be called on hearing of a response', () => {
    const { submit, answer, shutdown, read } = poolOf(1, 1);
    submit('a', undefined, { next: () => shutdown() });
    answer('a');

    expect(read()).toEqual(['start a', 'stop a', 'a: response', 'left: 0+0', 'a: complete', 'shut down']);
  });

  describe("with mode: 'abort'", () => {
    it('ends what runs and what waits with an error, and unsubscribes from what runs', () => {
      const { submit, shutdown, read } = poolOf(2, 2);
      for (const name of ['a', 'b', 'c', 'd']) submit(name);
      read();
      shutdown({ mode: 'abort' });

      const told = read();
      expect(told.filter((line) => line.includes(': SDK')).sort()).toEqual(
        ['a', 'b', 'c', 'd'].map((name) => `${name}: SDK.Aborted`),
      );
      expect(told.filter((line) => line.startsWith('st')).sort()).toEqual(['stop a', 'stop b']);
      expect(told.slice(-2)).toEqual(['left: 0+0', 'shut down']);
    });

    it('hurries a shutdown that is under way', () => {
      const { submit, pool, shutdown, read } = poolOf(1, 1);
      submit('a');
      submit('b');
      shutdown();
      read();
      pool.shutdown({ mode: 'abort' });

      expect(read()).toEqual(['stop a', 'a: SDK.Aborted', 'left: 0+1', 'b: SDK.Aborted', 'left: 0+0', 'shut down']);
    });

    it('leaves a call alone that is ending', () => {
      const { submit, answer, shutdown, read } = poolOf(1, 1);
      submit('a', undefined, { next: () => shutdown({ mode: 'abort' }) });
      submit('b');
      answer('a');

      const told = read();
      expect(told.filter((line) => line.startsWith('a:'))).toEqual(['a: response', 'a: complete']);
      expect(told.filter((line) => line.startsWith('b:'))).toEqual(['b: SDK.Aborted']);
    });

    it('stops a call that is just being started', () => {
      const { submit, pool, read } = poolOf(1, 1);
      submit(
        'a',
        new Observable((subscriber) => {
          pool.shutdown({ mode: 'abort' });
          subscriber.next('too late');
          subscriber.complete();
        }),
      );

      expect(read()).toEqual(['start a', 'a: SDK.Aborted', 'stop a']);
    });

    it('cannot be taken back', () => {
      marbles(({ cold, expectObservable }) => {
        const pool = new Pool(1, 1);
        const start = cold('--x');
        const expected = '  --#';

        expectObservable(through(pool, cold('-----'))).toBe(expected, undefined, aborted);
        expectObservable(through(pool, cold('-----'))).toBe(expected, undefined, aborted);
        start.subscribe(() => {
          pool.shutdown({ mode: 'abort' });
          pool.shutdown({ mode: 'drain', timeout: 1000 });
        });
      });
    });

    it('turns any number away, in order, and lets others have their turn', async () => {
      const { submit, pool, shutdown } = poolOf(1, Infinity);
      submit('first');
      const many = 10_000;
      let told = 0;
      let inOrder = true;
      for (let value = 0; value < many; value++) {
        through(pool, of(value)).subscribe({ error: () => (inOrder &&= value === told++) });
      }
      let toldByTimer = -1;
      setTimeout(() => (toldByTimer = told), 0);
      shutdown({ mode: 'abort' });
      await new Promise<void>((complete) => pool.shutdown().subscribe({ complete }));

      expect({ told, inOrder }).toEqual({ told: many, inOrder: true });
      expect(toldByTimer).toBeLessThan(many / 2);
    });
  });

  describe('with a timeout', () => {
    it('drains for that long, and then aborts what is left', () => {
      marbles(({ cold, expectObservable, expectSubscriptions }) => {
        const pool = new Pool(1, 2);
        const a = cold('      ----a|      ');
        const aSubs = '       ^----!      ';
        const b = cold('           -------');
        const bSubs = '       -----^--!   ';
        const c = cold('               c| ');
        const first = '       -----(a|)   ';
        const second = '      --------#   ';
        const third = '       --------#   ';
        const start = cold('  --x         ');
        const left = '        --p--q--(rs|)';

        expectObservable(through(pool, a)).toBe(first);
        expectObservable(through(pool, b)).toBe(second, undefined, aborted);
        expectObservable(through(pool, c)).toBe(third, undefined, aborted);
        start.subscribe(() =>
          expectObservable(pool.shutdown({ timeout: 6 })).toBe(left, {
            p: { running: 1, waiting: 2 },
            q: { running: 1, waiting: 1 },
            r: { running: 0, waiting: 1 },
            s: { running: 0, waiting: 0 },
          }),
        );
        expectSubscriptions(a.subscriptions).toBe(aSubs);
        expectSubscriptions(b.subscriptions).toBe(bSubs);
        expectSubscriptions(c.subscriptions).toBe([]);
      });
    });

    it('ends the time limit with the shutdown, so that nothing keeps a process alive', () => {
      marbles(({ cold, expectObservable, flush }) => {
        const pool = new Pool(1, 0);
        expectObservable(through(pool, cold('--a|'))).toBe('---(a|)');
        cold('x').subscribe(() => pool.shutdown({ timeout: 1000 }));
        flush();

        expect(asyncScheduler.now()).toBe(3);
      });
    });

    it('needs no timer where nothing is left', () => {
      marbles(({ expectObservable, flush }) => {
        expectObservable(new Pool(1, 0).shutdown({ timeout: 1000 })).toBe('(a|)', { a: { running: 0, waiting: 0 } });
        flush();

        expect(asyncScheduler.now()).toBe(0);
      });
    });

    it.each([
      ['a shorter one hurries a longer one', [9, 4], '----#'],
      ['a longer one changes nothing', [4, 9], '----#'],
      ['one comes after a shutdown without any', [undefined, 4], '----#'],
      ['0 is at the next opportunity', [0], '#    '],
    ])('hurries only: %s', (_, timeouts, expected) => {
      marbles(({ cold, expectObservable }) => {
        const pool = new Pool(1, 0);
        expectObservable(through(pool, cold('-----'))).toBe(expected, undefined, aborted);
        cold('x').subscribe(() => timeouts.forEach((timeout) => pool.shutdown({ timeout })));
      });
    });
  });

  it.each([
    [{ mode: 'stop' }, "Expected `mode` to be 'drain' or 'abort', got a string"],
    [{ mode: null }, "Expected `mode` to be 'drain' or 'abort', got nothing"],
    [{ timeout: -1 }, 'Expected `timeout` to be milliseconds from 0 to 2147483647, got -1'],
    [{ timeout: NaN }, 'Expected `timeout` to be milliseconds from 0 to 2147483647, got NaN'],
    [{ timeout: 2 ** 31 }, 'Expected `timeout` to be milliseconds from 0 to 2147483647, got 2147483648'],
    [{ timeout: '10' }, 'Expected `timeout` to be milliseconds from 0 to 2147483647, got a string'],
  ])('refuses %p, and goes on as it was', (options, message) => {
    const { submit, answer, shutdown, read } = poolOf(1, 0);
    const refused = () => shutdown(options as ShutdownOptions);

    expect(refused).toThrow(ConfigurationError);
    expect(refused).toThrow(message);
    submit('a');
    answer('a');
    expect(read()).toEqual(['start a', 'stop a', 'a: response', 'a: complete']);
  });
});
