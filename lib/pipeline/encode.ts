/** Makes of the call's request what is sent, or refuses it. */
import { switchMap } from 'rxjs';
import { isToken } from '../codec/client-token.js';
import { isReady } from '../codec/content.js';
import type { Decode } from '../codec/decode.js';
import { encoderOf, type Encode, type EncodedRequest, type PendingRequest } from '../codec/encode.js';
import { withExtraParameters } from '../codec/extra-parameters.js';
import { perOperation } from '../codec/per-operation.js';
import { readable } from '../codec/readable.js';
import { inRegionOf } from '../codec/in-region.js';
import { UnfitRequest } from '../codec/unfit-request.js';
import type { UntypedCodecs } from '../codec/untyped-codecs.js';
import type { Writing } from '../codec/writing.js';
import { withinTimeout } from './attempt-timeout.js';
import type { CallContext } from './call-context.js';
import { bodyReader } from './body-reader.js';
import { refusal, requireBytes } from './refusal.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function encode(runtime: Runtime): Stage {
  const readBody = bodyReader(runtime);
  const encoders = perOperation(encoderOf);
  let untyped: UntypedCodecs | undefined;

  return (next) => {
    const proceed = (call: CallContext, encode: Encode, decode: Decode, fixed?: Writing): ReturnType<typeof next> => {
      const { operation, options } = call;
      if (options?.observe === 'stream') requireBytes(operation);
      let written: ReturnType<typeof writeRequest>;
      try {
        written = writeRequest(runtime, call, encode, fixed);
      } catch (error) {
        if (error instanceof UnfitRequest) return refusal(runtime, error);
        throw error;
      }
      const { protocol, pending } = written;
      if (options?.regionId === undefined) call.settings = inRegionOf(pending.regionId, call.settings, operation);
      const send = (encoded: EncodedRequest): ReturnType<typeof next> => {
        call.plan = { protocol, encoded, decode, origin: '' };
        return next(call);
      };
      // Nearly always it is.
      if (isReady(pending)) return send(pending);
      return readBody(pending, { action: operation.action, path: 'body' }).pipe(withinTimeout(call), switchMap(send));
    };

    return (call) => {
      const { operation, request, kind } = call;
      const { codecs } = kind;
      if (codecs === 'tables') return proceed(call, encoders(operation), runtime.decoderOf(operation));
      if (codecs !== 'untyped') return proceed(call, codecs.encode, codecs.decode, codecs.protocol);
      return runtime.lazyFeatures.directFeatures$.pipe(
        switchMap(({ untypedCodecs }) => {
          untyped ??= untypedCodecs();
          const { encode, decode } = untyped(operation, request);
          return proceed(call, encode, decode);
        }),
      );
    };
  };
}

/** Throws where the request does not fit its operation. Its body may yet have to be read. */
export function writeRequest(
  { nonce }: Runtime,
  { operation, request, options, settings }: Pick<CallContext, 'operation' | 'request' | 'options' | 'settings'>,
  encode: Encode,
  fixed?: Writing,
): { readonly protocol: Writing; readonly pending: PendingRequest } {
  const protocol = fixed ?? operation.protocol ?? operation.service.protocol ?? settings.signature;
  // One that the caller adds to the query stands.
  const tokenOf = (name: string): string => {
    const given = options?.query?.[name];
    return isToken(given) ? given : nonce();
  };
  const clientToken = settings.retry === false ? undefined : tokenOf;
  const encoding = { regionId: settings.regionId, protocol, clientToken };
  const written = readable(operation.action, () => encode(request, encoding));
  return { protocol, pending: withExtraParameters(written, options) };
}
