/** Writes the request, with a time and a nonce of its own, and signs it. */
import { switchMap } from 'rxjs';
import { Timestamps } from '../clock/timestamps.js';
import { signedV3 } from '../signature/sign-v3.js';
import type { CallContext } from './call-context.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function sign(runtime: Runtime): Stage {
  const timestamps = new Timestamps();
  return (next) => (call) => {
    if (call.plan.protocol === 'V3') {
      signWith(signedV3, runtime, timestamps, call);
      return next(call);
    }
    return runtime.lazyFeatures.directFeatures$.pipe(
      switchMap(({ signedV1, writeUnsigned }) => {
        signWith(call.plan.protocol === 'V1' ? signedV1 : writeUnsigned, runtime, timestamps, call);
        return next(call);
      }),
    );
  };
}

function signWith(
  sign: typeof signedV3,
  { clock, nonce, userAgent }: Runtime,
  timestamps: Timestamps,
  call: CallContext,
): void {
  const { operation, request, plan, settings, attempt } = call;
  call.timeline.enter('sent');
  const now = (attempt.signedAt = clock.now());
  attempt.clockOffset = clock.offset;
  attempt.signed = sign(plan.encoded, {
    operation,
    request,
    protocol: plan.protocol,
    origin: plan.origin,
    credentials: attempt.credentials,
    limits: settings,
    userAgent,
    timestamp: timestamps.at(now),
    now,
    nonce: nonce(),
    attempts: call.timeline.attempts,
  });
}
