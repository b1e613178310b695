/** What a client token is for: a call that comes again with the same one is not executed again, whatever became of its answer. */
import { sha256Hex } from '#sha256';
import { AsyncSubject, defer, finalize, take, takeUntil, tap, type Observable } from 'rxjs';
import { isPlainObject } from '../schema/values.js';
import { apiError } from './api-error.js';
import type { CompiledOperation } from './operations.js';

export interface Repetitions {
  /**
   * The answer that `make` gives, or gave to the first call with this key. Once begun, it is made to its end even where
   * nobody waits for it any more; where it fails, the next call with the key is a first one again.
   * Throws `IdempotentParameterMismatch` where the first call had other parameters.
   */
  answer(key: string, fingerprint: string, make: () => Observable<unknown>): Observable<unknown>;
}

/** How many client tokens are remembered: a service does so for hours, a long run must not grow for ever. */
const limit = 50_000;

/** What `closing` emits ends what is being made. */
export function createRepetitions(closing: Observable<unknown>): Repetitions {
  const known = new Map<string, { readonly fingerprint: string; readonly answer$: AsyncSubject<unknown> }>();
  return {
    answer(key, fingerprint, make) {
      const before = known.get(key);
      if (before !== undefined) {
        if (before.fingerprint !== fingerprint) throw mismatch();
        return before.answer$;
      }
      const [oldest] = known.keys();
      if (oldest !== undefined && known.size >= limit) known.delete(oldest);
      const answer$ = new AsyncSubject<unknown>();
      known.set(key, { fingerprint, answer$ });
      let isAnswered = false;
      defer(make)
        .pipe(
          take(1),
          takeUntil(closing),
          tap(() => (isAnswered = true)),
          finalize(() => isAnswered || known.delete(key)),
        )
        .subscribe(answer$);
      return answer$;
    },
  };
}

/** The client token of a request; `undefined` where it has none, or the operation has no such field. */
export function clientTokenOf(operation: CompiledOperation, request: Record<string, unknown>): string | undefined {
  const inBody = 'whole' in operation.body ? request[operation.body.whole.name] : undefined;
  for (const fields of [request, inBody]) {
    // Bytes are an object, too, with a million names.
    if (!isPlainObject(fields)) continue;
    for (const name in fields) {
      const value = fields[name];
      if (/^client_?token$/i.test(name) && typeof value === 'string' && value !== '') return value;
    }
  }
  return undefined;
}

/** Equal requests have equal fingerprints, which are short, however long the requests are. */
export function fingerprintOf(request: Record<string, unknown>): string {
  const text = JSON.stringify(request, (_name, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    return value instanceof Uint8Array ? sha256Hex(value) : value;
  });
  return sha256Hex(text);
}

function mismatch(): Error {
  return apiError(
    400,
    'IdempotentParameterMismatch',
    'The request uses the same client token as a previous, but non-identical request.',
  );
}
