/** A checked call, made by the client, as the parts of an answer. */
import { catchError, concat, defer, EMPTY, from, map, mergeMap, of, throwError, type Observable } from 'rxjs';
import type { AlicloudClient } from '../client.js';
import type { FullResponse, ResponseHead } from '../http-event.js';
import { answerTypeOf } from '../gateway-protocol/headers.js';
import type { AttemptInterceptor } from '../interceptor.js';
import type { Operation, ResponseType } from '../service.js';
import { encodeJson, encodeText, type AnswerHead, type AnswerPart } from './answer.js';
import { failureOf } from './failure.js';
import type { Inside } from './inside.js';
import type { CheckedCall } from './options.js';
import { GatewayRefusal } from './refusal.js';
import { safeHeaders } from './safe-headers.js';

export interface Upstream {
  readonly client: AlicloudClient;
  readonly inside: Inside;
  /** In bytes, of answers that come whole. */
  readonly responseSize: number;
  /** In bytes, of those that come in pieces. */
  readonly streamSize: number;
}

/** What goes with a call through the client that the gateway has made. */
export class CallTag {
  /** Of an answer in bytes, whose pieces come without it. */
  head: ResponseHead | undefined = undefined;

  /** `maxSize` is the longest answer, in bytes. `waitForReaders` is asked before the next piece of it is read. */
  constructor(
    readonly maxSize: number,
    readonly waitForReaders: () => Promise<void> | undefined,
  ) {}
}

/** Learns what must not be shown, and hands on the heads of answers, how long they may be and how fast they are read. Of the gateway's own client. */
export function watchAttempts(inside: Inside): AttemptInterceptor {
  return (next) => (request) => {
    inside.learn(request.http);
    const { tag } = request.call.options ?? {};
    if (!(tag instanceof CallTag)) return next(request);
    const { maxResponseSize = 0 } = request.http;
    const limited = {
      ...request.http,
      // Of the client's own and the gateway's limit the smaller one; 0 is none.
      maxResponseSize: maxResponseSize === 0 ? tag.maxSize : Math.min(maxResponseSize, tag.maxSize),
      waitForReader: tag.waitForReaders,
    };
    return next({ ...request, http: limited }).pipe(
      map((event) => {
        if (event.kind === 'head') tag.head = event;
        return event;
      }),
    );
  };
}

/** Whether its answer comes in pieces. */
export function answersInPieces({ responseType }: { readonly responseType?: ResponseType | undefined }): boolean {
  return responseType === 'events' || responseType === 'bytes';
}

/** What a call without an answer ended in; the attempt then is to be forgotten, as nothing was sent. */
export type OnFailure = (error: unknown) => void;

/**
 * Cold: each subscription is one call. It errors only where an answer has begun already, and with nothing but a refusal.
 */
export function callUpstream(
  upstream: Upstream,
  call: CheckedCall,
  tag: CallTag,
  onFailure: OnFailure,
): Observable<AnswerPart> {
  return defer(() => {
    let hasBegun = false;
    return partsOf(upstream, call, tag).pipe(
      map((part) => {
        hasBegun = true;
        return part;
      }),
      catchError((error: unknown): Observable<AnswerPart> => {
        onFailure(error);
        const [head, body] = failureOf(error, upstream.inside);
        if (!hasBegun) return of(head, body);
        if (call.operation.responseType !== 'events') {
          return throwError(() => new GatewayRefusal('Gateway.UpstreamFailed', 'The answer of the service broke off'));
        }
        return of(encodeText(`event: error\ndata: ${new TextDecoder().decode(body)}\n\n`));
      }),
    );
  });
}

function partsOf(upstream: Upstream, call: CheckedCall, tag: CallTag): Observable<AnswerPart> {
  switch (call.operation.responseType) {
    case 'events':
      return eventParts(upstream, call, tag);
    case 'bytes':
      return byteParts(upstream, call, tag);
    default:
      return wholeParts(upstream, call, tag);
  }
}

function wholeParts(
  { client, responseSize, inside }: Upstream,
  { operation, request, regionId }: CheckedCall,
  tag: CallTag,
): Observable<AnswerPart> {
  const isText = operation.responseType === 'text';
  return client.call(operation as Called, request, { regionId, tag, observe: 'response' }).pipe(
    mergeMap(({ status, headers, body }: FullResponse<unknown>) => {
      const bytes = isText ? encodeText(String(body)) : encodeJson(body);
      if (bytes.length > responseSize) throw tooLarge(responseSize);
      return of<AnswerPart[]>(
        headOf(status, headers, isText ? `${answerTypeOf(operation)};charset=utf-8` : answerTypeOf(operation), inside),
        bytes,
      );
    }),
  );
}

function byteParts(
  { client, streamSize, inside }: Upstream,
  { operation, request, regionId }: CheckedCall,
  tag: CallTag,
): Observable<AnswerPart> {
  return defer(() => {
    let length = 0;
    let hasHead = false;
    const headed = (): AnswerPart[] => {
      if (hasHead) return [];
      hasHead = true;
      const { status = 200, headers = {} } = tag.head ?? {};
      return [headOf(status, headers, answerTypeOf(operation), inside)];
    };
    const pieces$ = client
      .call(operation as Operation<unknown, Uint8Array>, request, { regionId, tag, observe: 'stream' })
      .pipe(
        mergeMap((piece) => {
          length += piece.length;
          if (length > streamSize) throw tooLarge(streamSize);
          return from<AnswerPart[]>([...headed(), piece as Uint8Array<ArrayBuffer>]);
        }),
      );
    // An empty body has a head, too.
    return concat(
      pieces$,
      defer(() => from(headed())),
    );
  });
}

function eventParts(
  { client, streamSize, inside }: Upstream,
  { operation, request, regionId }: CheckedCall,
  tag: CallTag,
): Observable<AnswerPart> {
  const isText = operation.response === 's';
  return defer(() => {
    let length = 0;
    return client.call(operation as Called, request, { regionId, tag, observe: 'events' }).pipe(
      mergeMap((event): Observable<AnswerPart> => {
        if (event.kind === 'uploadProgress') return EMPTY;
        if (event.kind === 'head')
          return of(headOf(event.status, event.headers, `${answerTypeOf(operation)};charset=utf-8`, inside));
        const bytes = encodeText(eventText(event, isText));
        length += bytes.length;
        if (length > streamSize) throw tooLarge(streamSize);
        return of(bytes);
      }),
    );
  });
}

/** As the HTML standard has it; no field has a line break in it, as it was read line by line. */
function eventText({ body, event }: FullResponse<unknown>, isText: boolean): string {
  const data = isText ? String(body) : new TextDecoder().decode(encodeJson(body));
  const lines = [
    ...(event === undefined || event.type === 'message' ? [] : [`event: ${event.type}`]),
    ...(event === undefined || event.id === '' ? [] : [`id: ${event.id}`]),
    ...(event?.retry === undefined ? [] : [`retry: ${event.retry}`]),
    ...data.split(/\r\n|\r|\n/).map((line) => `data: ${line}`),
  ];
  return `${lines.join('\n')}\n\n`;
}

function headOf(
  status: number,
  headers: Readonly<Record<string, string>>,
  contentType: string,
  inside: Inside,
): AnswerHead {
  // What a service calls a success is one, whatever it is called with here.
  return {
    status: status >= 200 && status < 300 ? status : 200,
    headers: { ...safeHeaders(headers, inside), 'content-type': contentType },
  };
}

function tooLarge(limit: number): GatewayRefusal {
  return new GatewayRefusal('Gateway.ResponseTooLarge', `The answer of the service is longer than ${limit} bytes`);
}

/** Any operation at all: its request was checked by its own tables. */
type Called = Operation<unknown, unknown>;
