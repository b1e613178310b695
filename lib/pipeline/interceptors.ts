/** The option `interceptors`: each is a stage of the user's own. */
import { catchError, defer, throwError } from 'rxjs';
import { toAlicloudError } from '../errors.js';
import type { CallHandler, InterceptedClient } from '../interceptor.js';
import { chain, checkedEvents } from './chain.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

/** Together they are one stage: what passes between them is what users see of a call. */
export function interceptors(runtime: Runtime): Stage[] {
  const { interceptors: all = [] } = runtime.options;
  if (all.length === 0) return [];
  const client: InterceptedClient = { regionId: runtime.settings.regionId };
  const own = all.map((interceptor) => (following: CallHandler) => interceptor(following, client));
  return [
    (next) => (call) => {
      const last: CallHandler = (changed) => defer(() => next(call.fork(changed, runtime.settingsOf(changed))));
      return defer(() => checkedEvents('interceptors(…)', chain('interceptors', own, last)(call.source))).pipe(
        // An interceptor may throw anything.
        catchError((error: unknown) => throwError(() => toAlicloudError(error))),
      );
    },
  ];
}
