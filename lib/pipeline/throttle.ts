/** A call that the server would refuse, or that a limit has no room for, waits until it may go, and gives its slot up meanwhile. */
import { Observable, switchMap } from 'rxjs';
import type { HttpEvent } from '../http-event.js';
import { accountOf } from '../throttling/account.js';
import type { Scope } from '../throttling/gates.js';
import type { RateLimiter } from '../throttling/rate-limiter.js';
import type { CallContext } from './call-context.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function throttle({ rateLimiter, reporter, lazyFeatures }: Runtime): Stage {
  if (rateLimiter === undefined) return (next) => next;
  return (next) => {
    let admit: ((call: CallContext, scope: Scope) => Observable<HttpEvent>) | undefined;
    const admitted = (call: CallContext, scope: Scope): Observable<HttpEvent> =>
      admit?.(call, scope) ??
      lazyFeatures.features$.pipe(
        switchMap(({ Admission, openRateLimiter }) => {
          openRateLimiter(rateLimiter);
          admit = (each, of) => new Admission(rateLimiter, reporter, each, of).run(next);
          return admit(call, scope);
        }),
      );
    return (call) => {
      const scope = (call.attempt.scope = scopeOf(call, rateLimiter));
      const { gates, limits, opened } = rateLimiter;
      if (!opened || gates?.isOpen(scope) === false) return admitted(call, scope);
      if (limits === undefined) return next(call);
      return new Observable((caller) => {
        const permit = limits.tryAcquireAgain(scope.credentials, scope.region, scope.product, scope.action);
        if (permit === undefined) return admitted(call, scope).subscribe(caller);
        // It ends with the attempt, however that ends.
        caller.add(() => permit.release());
        call.attempt.paced = permit.paced;
        return caller.closed ? undefined : next(call).subscribe(caller);
      });
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
