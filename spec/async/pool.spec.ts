import {
  config,
  EMPTY,
  NEVER,
  Observable,
  of,
  range,
  Subject,
  tap,
  throwError,
  UnsubscriptionError,
  type Observer,
  type Subscription,
} from 'rxjs';
import { Pool } from '../../lib/async/pool.js';
import { AsyncQueueFullError } from '../../lib/errors.js';
import { desk } from './desk.js';
import { marbles } from './marbles.js';
import { dispatched, through } from './through.js';
import { turn } from './turn.js';

const problem = new Error('problem');

const thrower = () => {
  throw problem;
};

const poolOf = (poolSize: number, maxTaskQueueSize: number) => {
  const pool = new Pool(poolSize, maxTaskQueueSize);
  return { pool, ...desk((call) => through(pool, call)) };
};

describe('Pool', () => {
  it('makes a call for each subscription, and none before', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const call = cold('   --(a|)   ');
      const firstSubs = '   -^-!     ';
      const secondSubs = '  ---^-!   ';
      const first = '       ---(a|)  ';
      const second = '      -----(a|)';

      const run$ = through(new Pool(1, 1), call);

      expectObservable(run$, '-^').toBe(first);
      expectObservable(run$, '-^').toBe(second);
      expectSubscriptions(call.subscriptions).toBe([firstSubs, secondSubs]);
    });
  });

  it.each([
    ['the response when the call has completed', '       -a--|  ', '----(a|)'],
    ['the last of several', '                            -ab-|  ', '----(b|)'],
    ['the completion of a call without a response', '    ----|  ', '----|   '],
    ['an error', '                                       ----#  ', '----#   '],
    ['an error alone where it follows a response', '     -a--#  ', '----#   '],
    ['nothing of a call that never ends', '              -a-----', '--------'],
    ['a response that comes at once', '                  (a|)   ', '(a|)    '],
    ['an error that comes at once', '                    #      ', '#       '],
  ])('passes on %s', (_, call, expected) => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(through(new Pool(1, 0), cold(call))).toBe(expected);
    });
  });

  it('passes undefined on for the value it is', () => {
    const { submit, read } = poolOf(1, 0);
    submit('a', of(undefined));

    expect(read()).toEqual(['start a', 'a: undefined', 'a: complete', 'stop a']);
  });

  it('runs as many as poolSize says, and starts the others in the order in which they were accepted', () => {
    const { submit, answer, read } = poolOf(2, 3);
    for (const name of ['a', 'b', 'c', 'd', 'e']) submit(name);
    expect(read()).toEqual(['start a', 'start b']);

    answer('b');
    expect(read()).toEqual(['stop b', 'start c', 'b: response', 'b: complete']);
    answer('c');
    expect(read()).toEqual(['stop c', 'start d', 'c: response', 'c: complete']);
    answer('a');
    answer('e');
    expect(read()).toEqual(['stop a', 'start e', 'a: response', 'a: complete', 'stop e', 'e: response', 'e: complete']);
  });

  it('refuses the call that finds pool and queue full, with the sizes, and disturbs no other', () => {
    const { submit, answer, read, pool } = poolOf(2, 3);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) submit(name);
    expect(read()).toEqual(['start a', 'start b', 'f: SDK.AsyncQueueFull']);

    const errors: unknown[] = [];
    through(pool, NEVER).subscribe({ error: (error) => errors.push(error) });
    expect(errors).toEqual([expect.any(AsyncQueueFullError)]);
    expect(errors).toMatchObject([{ poolSize: 2, maxTaskQueueSize: 3 }]);

    for (const name of ['a', 'b', 'c', 'd', 'e']) answer(name);
    const told = read().filter((line) => line.includes(':'));
    expect(told).toEqual(['a', 'b', 'c', 'd', 'e'].flatMap((name) => [`${name}: response`, `${name}: complete`]));
  });

  it('lets none wait where maxTaskQueueSize is 0', () => {
    const { submit, answer, read } = poolOf(1, 0);
    submit('a');
    submit('b');
    answer('a');
    submit('c');

    expect(read()).toEqual(['start a', 'b: SDK.AsyncQueueFull', 'stop a', 'a: response', 'a: complete', 'start c']);
  });

  describe('cancelling', () => {
    it('takes a waiting call out, and frees its place at once', () => {
      const { submit, answer, read } = poolOf(1, 1);
      submit('a');
      const b = submit('b');
      b.unsubscribe();
      submit('c');
      answer('a');

      expect(read()).toEqual(['start a', 'stop a', 'start c', 'a: response', 'a: complete']);
    });

    it('unsubscribes from a running call, and frees its slot at once', async () => {
      const { submit, read } = poolOf(1, 1);
      const a = submit('a');
      submit('b');
      a.unsubscribe();
      submit('c');

      expect(read()).toEqual(['start a', 'stop a']);
      await turn();
      expect(read()).toEqual(['start b']);
    });

    it.each([
      ['one after another', (all: Subscription[]) => all.forEach((each) => each.unsubscribe())],
      ['the last first', (all: Subscription[]) => all.reverse().forEach((each) => each.unsubscribe())],
      [
        'every other, and then the rest',
        (all: Subscription[]) => {
          for (const odd of [0, 1]) all.forEach((each, index) => index % 2 === odd && each.unsubscribe());
        },
      ],
    ])('of many, %s, starts none of those that are cancelled', async (_, cancel) => {
      const { submit, read } = poolOf(5, 5000);
      const all = Array.from({ length: 5000 }, (__, index) => submit(`${index}`));
      submit('last');
      read();
      cancel(all);
      await turn();

      expect(read().filter((line) => line.startsWith('start'))).toEqual(['start last']);
    });

    it('of one that waits to be repeated, or for a slot after that, frees its place', async () => {
      const { pool, read, submit, log, answer } = poolOf(1, 1);
      const over = new Subject<never>();
      const patient = dispatched();
      const call = new Observable(() => patient.slot?.leaveDuring(over).subscribe(() => log.push('again')));
      const first = pool.run(patient, () => call).subscribe();
      expect(pool.depth).toEqual({ running: 0, waiting: 1 });
      submit('a');
      submit('b');
      expect(read()).toEqual(['start a', 'b: SDK.AsyncQueueFull']);
      over.complete();
      expect(pool.depth).toEqual({ running: 1, waiting: 1 });
      first.unsubscribe();
      expect(pool.depth).toEqual({ running: 1, waiting: 0 });
      answer('a');
      await turn();
      expect(read()).toEqual(['stop a', 'a: response', 'a: complete']);
    });

    it('changes nothing where the call has ended, or was refused', () => {
      const { submit, answer, read } = poolOf(1, 1);
      const a = submit('a');
      answer('a');
      submit('b');
      submit('c');
      const d = submit('d');
      read();
      a.unsubscribe();
      d.unsubscribe();
      submit('e');

      expect(read()).toEqual(['e: SDK.AsyncQueueFull']);
    });

    it('stops a call that emits synchronously in its midst', () => {
      const { submit, answer, read } = poolOf(1, 1);
      let emitted = 0;
      submit('a');
      const stopping = tap((value: number) => {
        emitted++;
        if (value === 3) b.unsubscribe();
      });
      const b: Subscription = submit('b', range(1, 1000).pipe(stopping));
      read();
      answer('a');
      submit('c');

      expect(emitted).toBe(3);
      expect(read()).toEqual(['stop a', 'start b', 'stop b', 'a: response', 'a: complete', 'start c']);
    });

    it('works for a call that is told of another one’s end', () => {
      const { submit, answer, read } = poolOf(2, 1);
      submit('a', undefined, { next: () => [b, c].forEach((other) => other.unsubscribe()) });
      const b = submit('b');
      const c = submit('c');
      answer('a');
      submit('d');

      expect(read()).toEqual([
        'start a',
        'start b',
        'stop a',
        'start c',
        'a: response',
        'stop b',
        'stop c',
        'a: complete',
        'start d',
      ]);
    });
  });

  describe('a call that waits to be repeated', () => {
    const repeated = (log: string[], over: Observable<unknown>) => {
      const call = dispatched();
      const start = () =>
        new Observable<string>((subscriber) => {
          log.push('start r');
          return call.slot?.leaveDuring(over).subscribe({
            next: (value) => log.push(`r goes on with ${String(value)}`),
            error: (error: unknown) => subscriber.error(error),
            complete: () => {
              subscriber.next('done');
              subscriber.complete();
            },
          });
        });
      return { call, start };
    };
    const watch = (log: string[]): Partial<Observer<string>> => ({
      next: (value) => log.push(`r: ${value}`),
      error: (error: unknown) => log.push(`r: ${String(error)}`),
      complete: () => log.push('r: complete'),
    });

    it('holds no slot, and gets the next free one before those that queue', () => {
      const { pool, submit, answer, read, log } = poolOf(1, 3);
      const over = new Subject<string>();
      const { call, start } = repeated(log, over);
      pool.run(call, start).subscribe(watch(log));
      submit('a');
      submit('b');
      submit('c');
      expect(read()).toEqual(['start r', 'start a']);
      expect(pool.depth).toEqual({ running: 1, waiting: 3 });
      over.next('the last');
      over.complete();
      expect(read()).toEqual([]);
      answer('a');
      expect(read()).toEqual([
        'stop a',
        'r goes on with the last',
        'a: response',
        'a: complete',
        'r: done',
        'r: complete',
        'start b',
      ]);
    });

    it('goes on at once where a slot is free', () => {
      const { pool, read, log } = poolOf(1, 0);
      const { call, start } = repeated(log, of('now'));
      pool.run(call, start).subscribe(watch(log));
      expect(read()).toEqual(['start r', 'r goes on with now', 'r: done', 'r: complete']);
      expect(pool.depth).toEqual({ running: 0, waiting: 0 });
    });

    it('ends in the error of the wait, and counts as one that was accepted until then', () => {
      const { pool, submit, read, log } = poolOf(1, 0);
      const over = new Subject<string>();
      const { call, start } = repeated(log, over);
      pool.run(call, start).subscribe(watch(log));
      submit('a');
      over.error(problem);
      submit('b');
      expect(read()).toEqual(['start r', 'a: SDK.AsyncQueueFull', 'r: Error: problem', 'start b']);
    });

    it.each(['waits', 'waits for a slot'])('is cut off by a shutdown while it %s', (what) => {
      const { pool, submit, read, log } = poolOf(1, 1);
      const over = new Subject<string>();
      const { call, start } = repeated(log, over);
      pool.run(call, start).subscribe(watch(log));
      submit('a');
      read();
      if (what !== 'waits') over.complete();
      pool.shutdown({ mode: 'abort' });
      expect(read().map((line) => line.split(':')[0])).toEqual(['stop a', 'a', 'r']);
      expect(pool.depth).toEqual({ running: 0, waiting: 0 });
      over.complete();
      expect(read()).toEqual([]);
    });

    it('is waited for by a shutdown', () => {
      const { pool, log, read } = poolOf(1, 0);
      const over = new Subject<string>();
      const { call, start } = repeated(log, over);
      pool.run(call, start).subscribe(watch(log));
      pool.shutdown().subscribe({ complete: () => log.push('shut down') });
      expect(read()).toEqual(['start r']);
      over.complete();
      expect(read()).toEqual(['r: done', 'r: complete', 'shut down']);
    });
  });

  describe('disturbed by no call', () => {
    const gone = new Subject<never>();
    gone.unsubscribe();
    const calls: [string, Observable<unknown>, string[]][] = [
      ['ends synchronously', of('response'), ['response', 'complete']],
      ['errors synchronously', throwError(() => problem), ['Error: problem']],
      ['is empty', EMPTY, ['complete']],
      ['throws', new Observable(thrower), ['Error: problem']],
      ['throws after its response', new Observable((s) => (s.next('response'), thrower())), ['Error: problem']],
      ['throws after its end', new Observable((s) => (s.complete(), thrower())), ['complete']],
      ['ends twice', new Observable((s) => (s.complete(), s.error(problem))), ['complete']],
    ];

    it.each(calls)('goes on after one that %s', (_, call, outcome) => {
      const { submit, answer, read } = poolOf(1, 2);
      submit('a');
      submit('b', call);
      submit('c');
      read();
      answer('a');
      const told = read();

      expect(told.filter((line) => line.startsWith('b:'))).toEqual(outcome.map((words) => `b: ${words}`));
      expect(told).toContain('start c');
      submit('d');
      submit('e');
      submit('f');
      expect(read()).toEqual(['f: SDK.AsyncQueueFull']);
    });

    it('goes on after one whose `subscribe` itself throws', () => {
      const { pool, submit, answer, read, log } = poolOf(1, 2);
      submit('a');
      through(pool, gone).subscribe({ error: (error) => log.push(String(error)) });
      submit('b');
      read();
      answer('a');

      expect(read()).toEqual([
        'stop a',
        'a: response',
        'a: complete',
        'ObjectUnsubscribedError: object unsubscribed',
        'start b',
      ]);
    });

    it('goes on after one that throws when it is finalised, which is reported as RxJS reports unhandled errors', async () => {
      const reported: unknown[] = [];
      config.onUnhandledError = (error) => reported.push(error);
      const { submit, read, pool } = poolOf(1, 3);
      const ending = new Subject<string>();
      const throwing = (source: Observable<string>) =>
        new Observable<string>((subscriber) => {
          subscriber.add(thrower);
          source.subscribe(subscriber);
        });
      submit('a', throwing(ending));
      const b = submit('b', throwing(NEVER));
      submit('c', throwing(NEVER));
      submit('d');
      ending.next('response');
      ending.complete();
      expect(read()).toEqual(['start a', 'stop a', 'start b', 'a: response', 'a: complete']);
      b.unsubscribe();
      await turn();
      expect(read()).toEqual(['stop b', 'start c']);
      pool.shutdown({ mode: 'abort' });
      expect(read()).toEqual(['stop c', 'c: SDK.Aborted', 'd: SDK.Aborted']);

      await new Promise((resolve) => setTimeout(resolve, 0));
      config.onUnhandledError = null;
      expect(reported.map((error) => (error instanceof UnsubscriptionError ? error.errors : error))).toEqual([
        [problem],
        [problem],
        [problem],
      ]);
    });
  });

  describe('re-entered', () => {
    // With one slot and no queue, a call is accepted only if the place of the one before is free.
    it('has a free place for a call made on hearing of a response', () => {
      const { submit, answer, read } = poolOf(1, 0);
      submit('a', undefined, { next: () => submit('b') });
      answer('a');

      expect(read()).toEqual(['start a', 'stop a', 'a: response', 'start b', 'a: complete']);
    });

    it('has a free place for a call made on hearing of an error', () => {
      const { submit, fail, read } = poolOf(1, 0);
      submit('a', undefined, { error: () => submit('b') });
      fail('a', problem);

      expect(read()).toEqual(['start a', 'stop a', 'a: Error: problem', 'start b']);
    });

    it('has a free place for a call made on hearing of an end that came at once', () => {
      const { submit, read } = poolOf(1, 0);
      submit('a', of('response'), { complete: () => submit('b') });

      expect(read()).toEqual(['start a', 'a: response', 'a: complete', 'stop a', 'start b']);
    });

    it('refuses a call made on hearing of a refusal, as long as there is no room', () => {
      const { submit, read } = poolOf(1, 0);
      submit('a');
      submit('b', undefined, { error: () => submit('c') });

      expect(read()).toEqual(['start a', 'b: SDK.AsyncQueueFull', 'c: SDK.AsyncQueueFull']);
    });

    it('lets a call make another while it is being started', () => {
      const { submit, read } = poolOf(2, 0);
      submit('a', new Observable(() => void submit('b')));

      expect(read()).toEqual(['start a', 'start b']);
    });

    it('tells of the ends in the order in which they came', () => {
      const { submit, answer, read } = poolOf(1, 2);
      submit('a');
      submit('b', of('response'));
      submit('c', of('response'));
      answer('a');

      expect(read().filter((line) => line.endsWith('complete'))).toEqual(['a: complete', 'b: complete', 'c: complete']);
    });

    it('is harmed by nobody who throws on hearing of an end', async () => {
      const reported: unknown[] = [];
      config.onUnhandledError = (error) => reported.push(error);
      const { submit, answer, read } = poolOf(1, 2);
      submit('a', undefined, { next: thrower });
      submit('b', undefined, { complete: thrower });
      submit('c');
      answer('a');
      answer('b');
      answer('c');

      expect(read().filter((line) => line.endsWith('complete'))).toEqual(['a: complete', 'b: complete', 'c: complete']);
      await new Promise((resolve) => setTimeout(resolve, 0));
      config.onUnhandledError = null;
      expect(reported).toEqual([problem, problem]);
    });
  });
});
