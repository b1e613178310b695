/** One call's whole way, from a request to its response. Read this file first. */
import { catchError, defer, filter, map, switchMap, throwError, timeout, type Observable } from 'rxjs';
import { randomUUID } from '#platform';
import { callSettings, type CallOptions, type CallSettings } from '../config.js';
import { originOf } from '../endpoint/endpoint.js';
import { ConfigurationError, TimeoutError, toAlicloudError } from '../errors.js';
import type { AnyOperation, Protocol } from '../service.js';
import type { HttpResponse, Transport } from '../transport/transport.js';
import { bodyReader } from './content.js';
import { credentialsFor } from './credentials.js';
import { decoderOf, type Decode } from './decode.js';
import { encoderOf, type Encode, type UnreadRequest } from './encode.js';
import { answerTo, eventsOf, piecesOf, type FullResponse } from './exchange.js';
import { withExtras } from './extras.js';
import { sign } from './sign.js';
import { begun } from './streamed.js';

export type { FullResponse };

/** What makes a request of a value, and a value of a response. */
export interface Codecs {
  readonly encode: Encode;
  readonly decode: Decode;
}

/** A request that fits its operation. */
export interface Prepared {
  readonly settings: CallSettings;
  readonly protocol: Protocol;
  readonly unread: UnreadRequest;
}

export interface PipelineParts {
  readonly settings: CallSettings;
  readonly transport: Transport;
  readonly userAgent: string | undefined;
  readonly clock?: (() => number) | undefined;
  readonly nonce?: (() => string) | undefined;
}

export class Pipeline {
  private readonly known = new WeakMap<AnyOperation, Codecs>();
  readonly readBody = bodyReader();

  constructor(private readonly parts: PipelineParts) {}

  /**
   * A cold call: nothing below happens before it is subscribed to, and each subscription is a call of its own.
   * `codecs` are the operation's own where none are given.
   */
  call(
    operation: AnyOperation,
    request: unknown,
    options?: CallOptions,
    codecs?: Codecs,
  ): Observable<FullResponse<unknown>> {
    return defer(() => {
      const { settings, protocol, unread } = this.prepare(operation, request, options, codecs);
      const { decode } = codecs ?? this.codecsOf(operation);
      const origin = settings.endpoint ?? originOf(operation.service, settings);
      const { userAgent, transport, clock = Date.now, nonce = randomUUID } = this.parts;

      const response$ = this.readBody(unread, { action: operation.action, path: 'body' }).pipe(
        switchMap((encoded) =>
          credentialsFor(operation, settings.credentials).pipe(
            map((credentials) =>
              sign(encoded, { operation, protocol, origin, credentials, userAgent, now: clock(), nonce: nonce() }),
            ),
          ),
        ),
        switchMap(({ http, secrets }) => {
          const read = (response: HttpResponse): unknown => decode(response, secrets);
          if (operation.responseType === 'events') return eventsOf(transport, http, operation, read);
          if (options?.observe === 'stream') return piecesOf(transport, http, read);
          return answerTo(transport, http, read);
        }),
      );
      const inTime$ = settings.timeout === 0 ? response$ : response$.pipe(within(settings.timeout, operation));
      return inTime$.pipe(filter((response) => response !== begun));
    }).pipe(catchError((error: unknown) => throwError(() => toAlicloudError(error))));
  }

  /** What is to be sent, and how; throws where the request does not fit its operation. */
  prepare(operation: AnyOperation, request: unknown, options?: CallOptions, codecs?: Codecs): Prepared {
    const settings = callSettings(this.parts.settings, options);
    if (options?.observe === 'stream') requireBytes(operation);
    const { encode } = codecs ?? this.codecsOf(operation);
    const protocol = operation.protocol ?? operation.service.protocol ?? settings.signature;
    const unread = withExtras(encode(request, { regionId: settings.regionId, protocol }), options);
    return { settings, protocol, unread };
  }

  private codecsOf(operation: AnyOperation): Codecs {
    let codecs = this.known.get(operation);
    if (codecs === undefined) {
      codecs = { encode: encoderOf(operation), decode: decoderOf(operation) };
      this.known.set(operation, codecs);
    }
    return codecs;
  }
}

function requireBytes({ action, responseType = 'json' }: AnyOperation): void {
  if (responseType === 'bytes') return;
  const expected = `'body' or 'response', as the answer to ${action} is not bytes`;
  throw new ConfigurationError({ path: 'observe', expected, received: "'stream'" });
}

function within<T>(limit: number, { action }: AnyOperation): (call: Observable<T>) => Observable<T> {
  return timeout({ first: limit, with: () => throwError(() => new TimeoutError(action, limit)) });
}
