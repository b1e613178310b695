/** Writes the request, with a time and a nonce of its own, and signs it. */
import { Observable, switchMap } from 'rxjs';
import { Timestamps } from '../clock/timestamps.js';
import { andThen, type Eventual } from '../platform/eventual.js';
import { bodyHashOf, v3Signer } from '../signature/sign-v3.js';
import type { SignedRequest, Signer } from '../signature/signing.js';
import type { CallContext } from './call-context.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function sign(runtime: Runtime): Stage {
  const timestamps = new Timestamps();
  const signedV3 = v3Signer();
  const { directFeatures$ } = runtime.lazyFeatures;
  let mayWarn = 'document' in globalThis && runtime.options.allowAccessKeyInBrowser !== true;
  return (next) => (call) => {
    const { plan } = call;
    const { protocol, encoded } = plan;
    const proceed = (signer: Signer): ReturnType<typeof next> => {
      const { attempt } = call;
      const { credentials } = attempt;
      if (mayWarn && credentials !== undefined && 'accessKeyId' in credentials && !credentials.securityToken) {
        mayWarn = false;
        directFeatures$.subscribe({
          next: ({ warnOfAccessKey }) => warnOfAccessKey(plan.origin),
          error: () => (mayWarn = true),
        });
      }
      const send = (signed: SignedRequest): ReturnType<typeof next> => {
        attempt.signed = signed;
        return next(call);
      };
      const signed = signWith(signer, runtime, timestamps, call);
      return signed instanceof Observable ? signed.pipe(switchMap(send)) : send(signed);
    };
    if (protocol === 'V3') {
      // Before the rest: of a large body it takes time, and the signature's own counts from then on.
      if (encoded.body === undefined) return proceed(signedV3);
      return andThen(bodyHashOf(encoded), (bodyHash) => {
        encoded.bodyHash = bodyHash;
        return proceed(signedV3);
      });
    }
    return directFeatures$.pipe(
      switchMap(({ signedV1, writeUnsigned }) => proceed(protocol === 'V1' ? signedV1 : writeUnsigned)),
    );
  };
}

function signWith(
  signer: Signer,
  { clock, nonce, userAgent }: Runtime,
  timestamps: Timestamps,
  call: CallContext,
): Eventual<SignedRequest> {
  const { operation, request, plan, settings, attempt } = call;
  call.timeline.enter('sent');
  const now = (attempt.signedAt = clock.now());
  attempt.clockOffset = clock.offset;
  return signer(plan.encoded, {
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
