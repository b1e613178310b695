import { config, EMPTY, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { toCallback } from '../../lib/async/to-callback.js';
import { ClientError } from '../../lib/errors.js';

const aborted = new ClientError('SDK.Aborted', 'cut off');

/** What the callback is called with, and what the blocker yields until it is closed. */
async function outcome<T>(call: Observable<T>) {
  const calls: unknown[][] = [];
  let returned = false;
  const blocker = toCallback(call, (...outcome) => calls.push(returned ? outcome : ['too early']));
  returned = true;
  const yielded: unknown[] = [];
  for await (const value of blocker) {
    // By then, the callback has been called.
    yielded.push([calls.length, value]);
  }
  return { calls, yielded };
}

describe('toCallback', () => {
  it('starts the call at once', () => {
    const call = new Subject();
    toCallback(call, () => undefined);

    expect(call.observed).toBe(true);
  });

  it('hands over the response, and yields 1', async () => {
    const expected = { calls: [['response', undefined]], yielded: [[1, 1]] };

    expect(await outcome(of('response'))).toEqual(expected);
    expect(await outcome(later(of('response')))).toEqual(expected);
  });

  it('hands over the error, and yields 0', async () => {
    const expected = { calls: [[undefined, aborted]], yielded: [[1, 0]] };

    expect(await outcome(throwError(() => aborted))).toEqual(expected);
    expect(await outcome(later(throwError(() => aborted)))).toEqual(expected);
  });

  it('makes a typed error of any other, and of a call without a response', async () => {
    const failed = await outcome(throwError(() => new TypeError('no such thing')));
    const empty = await outcome(EMPTY);

    expect(failed.calls).toMatchObject([[undefined, { code: 'SDK.Unexpected', message: 'no such thing' }]]);
    expect(empty.calls).toMatchObject([[undefined, { code: 'SDK.Unexpected' }]]);
    expect([failed.yielded, empty.yielded]).toEqual([[[1, 0]], [[1, 0]]]);
  });

  it('calls back once where a call errors after its response', async () => {
    const call = new Observable<string>((subscriber) => {
      subscriber.next('response');
      subscriber.error(aborted);
    });

    expect(await outcome(call)).toEqual({ calls: [[undefined, aborted]], yielded: [[1, 0]] });
  });

  it('calls back within the same turn of the event loop', async () => {
    const log: string[] = [];
    setTimeout(() => log.push('timer'), 0);
    toCallback(of('response'), () => log.push('callback'));
    log.push('returned');
    await new Promise((resolve) => setTimeout(resolve, 1));

    expect(log).toEqual(['returned', 'callback', 'timer']);
  });

  it('calls back at once where it has returned long since', () => {
    const call = new Subject<string>();
    const log: unknown[] = [];
    toCallback(call, (response) => log.push(response));
    call.next('response');
    call.complete();

    expect(log).toEqual(['response']);
  });

  it('reports a callback that throws as RxJS reports unhandled errors, and closes the blocker', async () => {
    const problem = new Error('problem');
    const reported: unknown[] = [];
    config.onUnhandledError = (error) => reported.push(error);
    const calls = [of('response'), later(of('response')), throwError(() => aborted)];
    const blockers = calls.map((call) =>
      toCallback(call, () => {
        throw problem;
      }),
    );

    expect(await Promise.all(blockers.map((blocker) => blocker.receive()))).toEqual([1, 1, 0]);
    expect(await Promise.all(blockers.map((blocker) => blocker.receive()))).toEqual([undefined, undefined, undefined]);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(reported).toEqual([problem, problem, problem]);
    config.onUnhandledError = null;
  });

  it('leaves the blocker open while the call goes on', () => {
    expect(toCallback(NEVER, () => undefined).closed).toBe(false);
  });
});

function later<T>(call: Observable<T>): Observable<T> {
  return new Observable((subscriber) => void Promise.resolve().then(() => call.subscribe(subscriber)));
}
