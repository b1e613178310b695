/** The throttling stage: a call that the server would refuse waits until it may go. */
import { sha256Hex } from '#platform';
import { finalize, switchMap, type Observable } from 'rxjs';
import { tokenOf, type Credentials } from '../credentials/credentials.js';
import type { Answer, Scope } from '../limiter/limiter.js';
import { tellsOfQuota } from '../retry/rate-limit.js';
import type { AttemptParts, Plan } from './plan.js';
import type { CallRecord } from './record.js';

/** What the server counts a call against. */
export function scopeOf({ operation, settings, origin }: Plan, credentials: Credentials | undefined): Scope {
  return {
    credentials: idOf(credentials),
    region: settings.regionId ?? origin,
    product: operation.service.product,
    action: operation.action,
  };
}

/** Sends when the call may go, which is nearly always at once. */
export function held<T>(
  { limiter, reporter }: AttemptParts,
  record: CallRecord,
  scope: Scope,
  send: () => Observable<T>,
): Observable<T> {
  record.scope = scope;
  record.pass = undefined;
  if (limiter === undefined || limiter.isOpen(scope)) return send();
  reporter.throttled(record);
  record.enter('throttled');
  return limiter.admit(scope, record.remaining).pipe(
    switchMap((pass) => {
      record.pass = pass;
      return send().pipe(finalize(() => pass.done()));
    }),
  );
}

/** Passes on what an answer says of throttling; most say nothing, and were not waited for. */
export function hear({ limiter }: AttemptParts, { scope, pass }: CallRecord, answer: Answer): void {
  if (answer.throttled || pass !== undefined || tellsOfQuota(answer.headers)) limiter?.learn(scope, answer, pass);
}

/** A token is a secret, and its hash is none. */
function idOf(credentials: Credentials | undefined): string {
  if (credentials === undefined) return '';
  return 'accessKeyId' in credentials ? credentials.accessKeyId : sha256Hex(tokenOf(credentials) ?? '');
}
