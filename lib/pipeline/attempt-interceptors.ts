/** The option `attemptInterceptors`: each is a stage of the user's own, around a signed request. */
import { defer } from 'rxjs';
import type { ClientOptions } from '../client-options.js';
import type { AttemptHandler } from '../interceptor.js';
import { chain, checkedEvents } from './chain.js';
import type { Stage } from './stage.js';

/** Together they are one stage: what passes between them is what users see of an attempt. */
export function attemptInterceptors({ attemptInterceptors: all = [] }: ClientOptions): Stage[] {
  if (all.length === 0) return [];
  return [
    (next) => (call) => {
      const { attempt } = call;
      const { signed, number } = attempt;
      if (signed === undefined) return next(call);
      const last: AttemptHandler = ({ http }) =>
        defer(() => {
          attempt.changed = http;
          return next(call);
        });
      const request = { http: signed.http, operation: call.operation, attempt: number, call: call.source };
      return defer(() => checkedEvents('attemptInterceptors(…)', chain('attemptInterceptors', all, last)(request)));
    },
  ];
}
