/** A call that the server would refuse waits until it may go, and gives its slot up meanwhile. */
import { defer, finalize, switchMap, tap } from 'rxjs';
import type { Credentials } from '../credentials/credentials.js';
import { tokenOf } from '../credentials/read-credentials.js';
import { giveBackOf } from '../retry/give-back.js';
import type { Pass, Scope } from '../throttling/gates.js';
import type { CallContext } from './call-context.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';
import { waitWithoutSlot } from './wait-without-slot.js';

export function throttle({ rateLimiter, reporter }: Runtime): Stage {
  if (rateLimiter === undefined) return (next) => next;
  return (next) => (call) => {
    const { attempt, timeline, settings } = call;
    const scope = (attempt.scope = scopeOf(call));
    const { gates } = rateLimiter;
    if (gates === undefined || gates.isOpen(scope)) return next(call);
    timeline.enter('throttled');
    reporter.throttled(call, () => gates.before(scope));
    return defer(() => {
      let pass: Pass | undefined;
      const admitted$ = gates
        .admit(
          scope,
          Math.min(call.remaining, settings.maxRetryAfter, giveBackOf(call.options)?.longestHold ?? Infinity),
        )
        .pipe(tap((given) => (pass = given)));
      return waitWithoutSlot(call, admitted$).pipe(
        switchMap((given) => {
          attempt.pass = given;
          return next(call);
        }),
        finalize(() => pass?.done()),
      );
    });
  };
}

/** What the server counts a call against. */
function scopeOf({ operation, settings, plan, attempt }: CallContext): Scope {
  return {
    credentials: idOf(attempt.credentials),
    region: settings.regionId ?? plan.origin,
    product: operation.service.product,
    action: operation.action,
  };
}

function idOf(credentials: Credentials | undefined): string {
  if (credentials === undefined) return '';
  return 'accessKeyId' in credentials ? credentials.accessKeyId : (tokenOf(credentials) ?? '');
}
