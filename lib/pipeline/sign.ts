/** Writes the request, with a time and a nonce of its own, and signs it. */
import { longestHashedAtOnce } from '#sha256';
import { switchMap } from 'rxjs';
import { Timestamps } from '../clock/timestamps.js';
import { signedV3 } from '../signature/sign-v3.js';
import type { CallContext } from './call-context.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function sign(runtime: Runtime): Stage {
  const timestamps = new Timestamps();
  return (next) => (call) => {
    const { plan } = call;
    const { protocol, encoded } = plan;
    const { body, bodyHash } = encoded;
    const proceed = (sign: typeof signedV3): ReturnType<typeof next> => {
      signWith(sign, runtime, timestamps, call);
      return next(call);
    };
    const isLarge = body !== undefined && bodyHash === undefined && body.length > longestHashedAtOnce;
    if (protocol === 'V3' && !isLarge) return proceed(signedV3);
    return runtime.lazyFeatures.directFeatures$.pipe(
      switchMap(({ signedV1, writeUnsigned, hashLargeBody }) => {
        if (protocol !== 'V3') return proceed(protocol === 'V1' ? signedV1 : writeUnsigned);
        return hashLargeBody(body ?? '').pipe(
          switchMap((hash) => {
            // A repetition need not do so again.
            call.plan = { ...plan, encoded: { ...encoded, bodyHash: hash } };
            return proceed(signedV3);
          }),
        );
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
