/** One call's whole way, from a request to its response. Read this file first. */
import { catchError, defer, map, switchMap, take, throwError, throwIfEmpty, timeout, type Observable } from 'rxjs';
import { randomUUID } from '#platform';
import { callSettings, type CallOptions, type CallSettings } from '../config.js';
import { originOf } from '../endpoint/endpoint.js';
import { NetworkError, TimeoutError, toAlicloudError } from '../errors.js';
import type { AnyOperation } from '../service.js';
import type { Transport } from '../transport/transport.js';
import { credentialsFor } from './credentials.js';
import { decoderOf, type Decode } from './decode.js';
import { encoderOf, type Encode } from './encode.js';
import { withExtras } from './extras.js';
import { sign } from './sign.js';

/** A response with the HTTP facts around it. */
export interface FullResponse<Body> {
  readonly body: Body;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface PipelineParts {
  readonly settings: CallSettings;
  readonly transport: Transport;
  readonly userAgent: string | undefined;
  readonly clock?: (() => number) | undefined;
  readonly nonce?: (() => string) | undefined;
}

export class Pipeline {
  private readonly codecs = new WeakMap<AnyOperation, { encode: Encode; decode: Decode }>();

  constructor(private readonly parts: PipelineParts) {}

  /** A cold call: nothing below happens before it is subscribed to, and each subscription is a call of its own. */
  call(operation: AnyOperation, request: unknown, options?: CallOptions): Observable<FullResponse<unknown>> {
    return defer(() => {
      const settings = callSettings(this.parts.settings, options);
      const { encode, decode } = this.codecsOf(operation);
      const encoded = withExtras(encode(request, settings.regionId), options);
      const origin = settings.endpoint ?? originOf(operation.service, settings.regionId);
      const response$ = credentialsFor(operation, settings.credentials).pipe(
        switchMap((credentials) => {
          const { userAgent, transport, clock = Date.now, nonce = randomUUID } = this.parts;
          const { http, secrets } = sign(encoded, {
            operation,
            origin,
            credentials,
            userAgent,
            now: clock(),
            nonce: nonce(),
          });
          return transport.send(http).pipe(
            // A transport of the user's own may do anything; a call gives one response or one error.
            take(1),
            throwIfEmpty(() => new NetworkError('The transport completed without a response', origin)),
            map((response) => ({
              body: decode(response, secrets),
              status: response.status,
              headers: response.headers,
            })),
          );
        }),
      );
      return settings.timeout === 0 ? response$ : response$.pipe(within(settings.timeout, operation));
    }).pipe(catchError((error: unknown) => throwError(() => toAlicloudError(error))));
  }

  private codecsOf(operation: AnyOperation): { encode: Encode; decode: Decode } {
    let codecs = this.codecs.get(operation);
    if (codecs === undefined) {
      codecs = { encode: encoderOf(operation), decode: decoderOf(operation) };
      this.codecs.set(operation, codecs);
    }
    return codecs;
  }
}

function within<T>(limit: number, { action }: AnyOperation): (call: Observable<T>) => Observable<T> {
  return timeout({ first: limit, with: () => throwError(() => new TimeoutError(action, limit)) });
}
