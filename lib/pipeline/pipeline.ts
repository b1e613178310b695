/** One call's whole way, from a request to its response. Read this file first. */
import { catchError, defer, map, mergeMap, of, switchMap, throwError, type Observable } from 'rxjs';
import type { CallOptions } from '../call-options.js';
import { ConfigurationError, toAlicloudError } from '../errors.js';
import type { FullResponse } from '../response.js';
import type { AnyOperation } from '../service.js';
import { callSettings, type CallSettings } from '../settings.js';
import { attempts } from './attempts.js';
import type { Caller, CallParts, Codecs, Prepared, ReadBody } from './caller.js';
import { isToken } from './client-token.js';
import { isReady, isReadyBody } from './content.js';
import { decoderOf } from './decode.js';
import { encoderOf, type EncodedRequest } from './encode.js';
import { withExtras } from './extras.js';
import { rare$ } from './on-demand.js';
import { Origins } from './origins.js';
import type { AttemptParts } from './plan.js';
import { readable } from './readable.js';
import type { ReadContent } from './read-body.js';
import { CallRecord } from './record.js';
import { inRegionOf } from './region.js';
import { within } from './within.js';

export interface PipelineParts extends AttemptParts {
  readonly settings: CallSettings;
}

export class Pipeline implements Caller {
  private readonly known = new WeakMap<AnyOperation, Codecs>();
  private readonly origins = new Origins((operation, request) => this.call(operation, request));
  private readContent: ReadContent | undefined;

  constructor(private readonly parts: PipelineParts) {}

  call(
    operation: AnyOperation,
    request: unknown,
    options?: CallOptions,
    { codecs, record: given }: CallParts = {},
  ): Observable<FullResponse<unknown>> {
    return defer(() => {
      const record = given ?? new CallRecord(0, { operation, request, options }, 0);
      const { settings, protocol, unread } = this.prepare(operation, request, options, codecs);
      const { decode } = codecs ?? this.codecsOf(operation);
      const inPieces = options?.observe === 'stream';
      const origin = this.origins.of(operation.service, settings);

      const sent = (encoded: EncodedRequest, found: string): Observable<FullResponse<unknown>> => {
        const plan = { record, operation, settings, protocol, origin: found, encoded, decode, inPieces };
        return attempts(this.parts, plan);
      };
      // Nearly always both are there already.
      if (isReady(unread) && typeof origin === 'string') return sent(unread, origin);
      return this.readBody(unread, { action: operation.action, path: 'body' }).pipe(
        switchMap((encoded) => asObservable(origin).pipe(map((found) => ({ encoded, found })))),
        within(settings.timeout, operation),
        switchMap(({ encoded, found }) => sent(encoded, found)),
      );
    }).pipe(catchError((error: unknown) => throwError(() => toAlicloudError(error))));
  }

  prepare(operation: AnyOperation, request: unknown, options?: CallOptions, codecs?: Codecs): Prepared {
    const settings = callSettings(this.parts.settings, options);
    if (options?.observe === 'stream') requireBytes(operation);
    const { encode } = codecs ?? this.codecsOf(operation);
    const protocol = operation.protocol ?? operation.service.protocol ?? settings.signature;
    // One that the caller adds to the query stands.
    const tokenOf = (name: string): string => {
      const given = options?.query?.[name];
      return isToken(given) ? given : this.parts.nonce();
    };
    const clientToken = settings.retry === false ? undefined : tokenOf;
    const encoding = { regionId: settings.regionId, protocol, clientToken };
    const unread = withExtras(
      readable(operation.action, () => encode(request, encoding)),
      options,
    );
    const isChosen = options?.regionId !== undefined;
    const placed = isChosen ? settings : inRegionOf(unread.regionId, settings, operation);
    return { settings: placed, protocol, unread };
  }

  readonly readBody: ReadBody = (unread, place) => {
    const { body, ...rest } = unread;
    if (isReadyBody(body)) return of({ ...rest, body });
    return rare$.pipe(
      mergeMap(({ contentReader }) => (this.readContent ??= contentReader())(body, place)),
      map((bytes) => ({ ...rest, body: bytes })),
    );
  };

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

function asObservable(origin: string | Observable<string>): Observable<string> {
  return typeof origin === 'string' ? of(origin) : origin;
}
