/** Silence on the wire without a socket, in virtual time. */
import { catchError, map, NEVER, of, timer, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { isClientError } from '../../lib/errors.js';
import { createTransport } from '../../lib/testing/in-process.js';
import type { Delivery } from '../../lib/testing/wire.js';

const request = { method: 'POST', url: 'http://ecs.cn-hangzhou.aliyuncs.com/?A=b', headers: {} };

/** `a` for an answer, `t` for a timeout. */
function ending(delivery: Delivery | undefined, readTimeout: number, latency = 0): Observable<string> {
  const reply = { status: 200, headers: {}, body: '{}', delivery };
  const transport = createTransport(() => timer(latency).pipe(map(() => reply)), NEVER);
  return transport.send({ ...request, readTimeout }).pipe(
    map(() => 'a'),
    catchError((error: unknown) => of(isClientError(error, 'SDK.Timeout') ? 't' : String(error))),
  );
}

it.each<[Delivery | undefined, number, number, string]>([
  [{ kind: 'late', duration: 400 }, 400, 0, '400ms (t|)'],
  [{ kind: 'late', duration: 400 }, 401, 0, '400ms (a|)'],
  [{ kind: 'late', duration: 400 }, 0, 0, '400ms (a|)'],
  // In ten pieces: the silence between them is what counts.
  [{ kind: 'slow', duration: 400 }, 40, 0, '40ms (t|)'],
  [{ kind: 'slow', duration: 400 }, 41, 0, '400ms (a|)'],
  [undefined, 10, 20, '10ms (t|)'],
  [undefined, 10, 9, '9ms (a|)'],
])('%j, with a readTimeout of %i ms and a latency of %i ms, ends as %s', (delivery, readTimeout, latency, marbles) => {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ expectObservable }) => {
    expectObservable(ending(delivery, readTimeout, latency)).toBe(marbles);
  });
});

it('says which limit was passed, and by whom', () => {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ expectObservable }) => {
    const transport = createTransport(() => NEVER, NEVER);
    const facts$ = transport.send({ ...request, readTimeout: 5 }).pipe(
      catchError((error: unknown) => {
        const { phase, timeout, origin } = error as Record<string, unknown>;
        return of([phase, timeout, origin]);
      }),
    );
    expectObservable(facts$).toBe('5ms (f|)', { f: ['read', 5, 'http://ecs.cn-hangzhou.aliyuncs.com'] });
  });
});
