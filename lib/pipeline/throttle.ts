/** A call that the server would refuse, or that a limit has no room for, waits until it may go, and gives its slot up meanwhile. */
import { switchMap } from 'rxjs';
import { accountOf } from '../throttling/account.js';
import type { Scope } from '../throttling/gates.js';
import type { RateLimiter } from '../throttling/rate-limiter.js';
import type { Admit } from './admission.js';
import type { CallContext } from './call-context.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function throttle({ rateLimiter, reporter, lazyFeatures }: Runtime): Stage {
  if (rateLimiter === undefined) return (next) => next;
  return (next) => {
    let admit: Admit | undefined;
    return (call) => {
      const scope = (call.attempt.scope = scopeOf(call, rateLimiter));
      const { gates, limits, opened } = rateLimiter;
      if (opened && limits === undefined && gates?.isOpen(scope) !== false) return next(call);
      return (
        admit?.(call, scope) ??
        lazyFeatures.features$.pipe(
          switchMap(({ admission }) => (admit ??= admission(rateLimiter, reporter, next))(call, scope)),
        )
      );
    };
  };
}

/** What the server counts a call against. */
function scopeOf({ operation, settings, plan, attempt }: CallContext, rateLimiter: RateLimiter): Scope {
  return {
    credentials: accountOf(rateLimiter, attempt.credentials),
    region: settings.regionId ?? plan.origin,
    product: operation.service.product,
    action: operation.action,
  };
}
