/** Makes of the call's request what is sent, or refuses it. */
import { catchError, map, switchMap, type Observable } from 'rxjs';
import { ConfigurationError, InvalidRequestError } from '../errors.js';
import type { Codecs } from '../codec/codecs.js';
import { isToken } from '../codec/client-token.js';
import { isReady } from '../codec/content.js';
import type { EncodedRequest, PendingRequest } from '../codec/encode.js';
import { withExtraParameters } from '../codec/extra-parameters.js';
import { readable } from '../codec/readable.js';
import { inRegionOf } from '../codec/region.js';
import { UnfitRequest } from '../codec/unfit-request.js';
import type { UntypedCodecs } from '../codec/untyped-codecs.js';
import type { Writing } from '../codec/writing.js';
import type { AnyOperation } from '../service.js';
import { withinTimeout } from './attempt-timeout.js';
import type { CallContext } from './call-context.js';
import { bodyReader } from './body-reader.js';
import type { Runtime } from './runtime.js';
import type { Stage } from './stage.js';

export function encode(runtime: Runtime): Stage {
  const readBody = bodyReader(runtime);
  let untyped: UntypedCodecs | undefined;

  return (next) => {
    const proceed = (call: CallContext, codecs: Codecs): ReturnType<typeof next> => {
      const { operation, options } = call;
      if (options?.observe === 'stream') requireBytes(operation);
      let written: ReturnType<typeof writeRequest>;
      try {
        written = writeRequest(runtime, call, codecs);
      } catch (error) {
        if (error instanceof UnfitRequest) return refusal(runtime, error);
        throw error;
      }
      const { protocol, pending } = written;
      if (options?.regionId === undefined) call.settings = inRegionOf(pending.regionId, call.settings, operation);
      const send = (encoded: EncodedRequest): ReturnType<typeof next> => {
        call.plan = { protocol, encoded, decode: codecs.decode, origin: '' };
        return next(call);
      };
      // Nearly always it is.
      if (isReady(pending)) return send(pending);
      return readBody(pending, { action: operation.action, path: 'body' }).pipe(withinTimeout(call), switchMap(send));
    };

    return (call) => {
      const { codecs } = call.kind;
      if (codecs === 'tables') return proceed(call, runtime.codecsOf(call.operation));
      if (codecs !== 'untyped') return proceed(call, codecs);
      return runtime.lazyFeatures.features$.pipe(
        switchMap(({ untypedCodecs }) => {
          untyped ??= untypedCodecs();
          return proceed(call, untyped(call.operation, call.request));
        }),
      );
    };
  };
}

/** Errors with what is wrong with the request, or only says so where what finds that out can not be loaded. */
function refusal({ lazyFeatures }: Runtime, unfit: UnfitRequest): Observable<never> {
  return lazyFeatures.features$.pipe(
    catchError(() => {
      const refused = { path: 'request', expected: 'what the operation takes', received: 'something else' };
      throw new InvalidRequestError(unfit.action, [refused]);
    }),
    map(({ refuseRequest }) => refuseRequest(unfit)),
  );
}

/** Throws where the request does not fit its operation. Its body may yet have to be read. */
export function writeRequest(
  { nonce }: Runtime,
  { operation, request, options, settings }: CallContext,
  codecs: Codecs,
): { readonly protocol: Writing; readonly pending: PendingRequest } {
  const protocol = codecs.protocol ?? operation.protocol ?? operation.service.protocol ?? settings.signature;
  // One that the caller adds to the query stands.
  const tokenOf = (name: string): string => {
    const given = options?.query?.[name];
    return isToken(given) ? given : nonce();
  };
  const clientToken = settings.retry === false ? undefined : tokenOf;
  const encoding = { regionId: settings.regionId, protocol, clientToken };
  const written = readable(operation.action, () => codecs.encode(request, encoding));
  return { protocol, pending: withExtraParameters(written, options) };
}

function requireBytes({ action, responseType = 'json' }: AnyOperation): void {
  if (responseType === 'bytes') return;
  const expected = `'body' or 'response', as the answer to ${action} is not bytes`;
  throw new ConfigurationError({ path: 'observe', expected, received: "'stream'" });
}
