/** One request's whole way, in its order: where it comes from, what it asks for, who asks, what is in it, and its answer. */
import {
  BehaviorSubject,
  concat,
  defer,
  EMPTY,
  filter,
  finalize,
  from,
  fromEvent,
  ignoreElements,
  map,
  merge,
  of,
  ReplaySubject,
  Subject,
  switchMap,
  take,
  takeUntil,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import { requireShutdownOptions, type ShutdownOptions } from '../async/shutdown-options.js';
import { AlicloudClient } from '../client.js';
import { messageOf } from '../errors.js';
import { pathOf } from '../gateway-protocol/path.js';
import { isolate } from '../isolate.js';
import { isRead } from '../retry/is-read.js';
import { answerOf, responseOf } from './answer.js';
import { Attempts, type Answering, type Attempt } from './attempts.js';
import { checkCall } from './check-call.js';
import { checkHead, type CheckedHead } from './check-head.js';
import { checkHost, checkOrigin, checkRawHeaders, checkTarget } from './check-source.js';
import { corsHeaders, isPreflight, preflight } from './cors.js';
import type { GatewayEvent } from './events.js';
import { wasSent } from './failure.js';
import { fingerprintOf } from './fingerprint.js';
import { ask, tell } from './hooks.js';
import { Inside } from './inside.js';
import { keyOf } from './operations.js';
import type { AuthorizeRequest, CheckedCall, GatewayOptions, GatewaySession } from './options.js';
import { Pace } from './pace.js';
import { Rates, type Place } from './rates.js';
import { readBody } from './read-body.js';
import { readCall } from './read-call.js';
import { GatewayRefusal, type AdapterRefusal } from './refusal.js';
import type { RequestInfo } from './request-info.js';
import { contentPathsOf } from './request-fields.js';
import { RequestRecord } from './request-record.js';
import { sessionOf } from './session.js';
import { isClient, type GatewaySettings } from './settings.js';
import { toResponse } from './to-response.js';
import { answersInPieces, callUpstream, CallTag, watchAttempts, type Upstream } from './upstream.js';

const adapterMessages: Readonly<Record<AdapterRefusal, string>> = {
  'Gateway.InvalidRequest': 'The request is no valid HTTP',
  'Gateway.HeadersTooLarge': 'The headers are too long',
  'Gateway.RequestTimeout': 'The request took too long to come',
  'Gateway.Overloaded': 'The gateway takes no more requests now',
  'Gateway.InternalError': 'The request could not be handed to the gateway',
};

export class RequestHandler {
  private readonly events = new Subject<GatewayEvent>();
  readonly events$ = isolate(this.events);
  private readonly upstream: Upstream;
  private readonly ownClient: AlicloudClient | undefined;
  private readonly rates: Rates;
  private readonly attempts: Attempts;
  /** How many requests have not come to their end. */
  private readonly underWay = new BehaviorSubject(0);
  private readonly aborted = new Subject<never>();
  private closed: ReplaySubject<never> | undefined;

  constructor(
    private readonly settings: GatewaySettings,
    client: GatewayOptions['client'],
  ) {
    const inside = new Inside();
    const { responseSize, streamSize } = settings.limits;
    this.ownClient = isClient(client) ? undefined : ownClientOf(client, inside, Math.max(responseSize, streamSize));
    this.upstream = { client: this.ownClient ?? (client as AlicloudClient), inside, responseSize, streamSize };
    this.rates = new Rates(settings.rates);
    this.attempts = new Attempts(settings.attempts, () => this.underWay.next(this.underWay.value));
  }

  async handle(request: Request, info: RequestInfo): Promise<Response> {
    const record = this.begin(info);
    let cors = corsHeaders(undefined);
    try {
      if (this.closed !== undefined) throw closing();
      const url = new URL(request.url);
      checkHost(url, request.headers, this.settings);
      checkTarget(url, info);
      checkRawHeaders(info);
      const origin = checkOrigin(request.headers, this.settings);
      cors = corsHeaders(origin);
      if (origin !== undefined && isPreflight(request)) {
        record.note({ status: 204 });
        record.complete();
        return preflight(origin);
      }
      const head = checkHead(url, request, this.settings);
      record.note({ operation: pathOf(head.allowed.operation).slice(1), attemptId: head.attemptId });
      return await this.respond(request, info, head, record, cors);
    } catch (error) {
      record.fail(error);
      const [head, body] = answerOf(error);
      if (head.code === 'Gateway.InternalError' && !(error instanceof GatewayRefusal)) {
        tell(this.settings.warn, `rx-alicloud gateway: a request failed: ${messageOf(error)}`);
      }
      // What nobody reads must not be waited for.
      if (request.body !== null && !request.body.locked) request.body.cancel().catch(() => undefined);
      return responseOf(head, body, cors);
    } finally {
      record.endUnlessStreaming();
    }
  }

  refuse(code: AdapterRefusal, info: RequestInfo, message = adapterMessages[code]): Response {
    const refusal = new GatewayRefusal(code, message, code === 'Gateway.Overloaded' ? 1000 : undefined);
    const record = this.begin(info);
    record.fail(refusal);
    record.endUnlessStreaming();
    return responseOf(...answerOf(refusal));
  }

  close(options: ShutdownOptions): Observable<never> {
    requireShutdownOptions(options);
    const { mode = 'drain', timeout } = options;
    this.closed ??= this.startClosing();
    if (mode === 'abort') this.abort();
    else if (timeout !== undefined) {
      const abort$ = timer(timeout).pipe(tap(() => this.abort()));
      abort$.pipe(takeUntil(concat(this.closed, of(undefined)))).subscribe();
    }
    return this.closed.asObservable();
  }

  private startClosing(): ReplaySubject<never> {
    const closed = new ReplaySubject<never>();
    const idle$ = this.underWay.pipe(
      filter((count) => count === 0 && this.attempts.count === 0),
      take(1),
    );
    const client$ = defer(() => this.ownClient?.close({ mode: 'drain' }) ?? EMPTY);
    concat(idle$, client$).pipe(ignoreElements()).subscribe(closed);
    return closed;
  }

  /** Whoever waits is told, and what is sent is broken off. */
  private abort(): void {
    this.attempts.abort(closing());
    this.aborted.error(closing());
  }

  private begin(info: RequestInfo): RequestRecord {
    this.underWay.next(this.underWay.value + 1);
    return new RequestRecord(info, (event) => {
      tell(this.settings.logger, event);
      this.events.next(event);
      this.underWay.next(this.underWay.value - 1);
    });
  }

  private respond(
    request: Request,
    info: RequestInfo,
    head: CheckedHead,
    record: RequestRecord,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const gone$ = merge(...[request.signal, info.signal].map(abortOf)).pipe(
      map(() => {
        record.cancel();
        throw new GatewayRefusal('Gateway.RequestTimeout', 'The caller has gone');
      }),
    );
    const answering$ = this.authorized(request, info, head, record).pipe(
      takeUntil(merge(gone$, this.aborted)),
      tap({ complete: () => record.complete(), error: (error: unknown) => record.fail(error) }),
      finalize(() => record.end()),
    );
    return toResponse(answering$, {
      inPieces: answersInPieces(head.allowed.operation),
      maxWaiting: this.settings.limits.streamBuffer,
      headers,
      onHead: (answered, replayed) => record.begin(answered, replayed),
      onStream: () => record.stream(),
    });
  }

  private authorized(
    request: Request,
    info: RequestInfo,
    head: CheckedHead,
    record: RequestRecord,
  ): Observable<Answering> {
    const { authorize, limits, warn } = this.settings;
    const { operation } = head.allowed;
    const hooks = { ...limits, warn };
    return ask('authorize', () => authorize(withoutBody(request, info), { operation }), hooks).pipe(
      map(sessionOf),
      switchMap((session) => {
        record.note({ sessionId: session.id });
        const place = this.rates.begin(session.id);
        return this.checked(request, head, session, record, place).pipe(
          switchMap((attempt) => this.attempts.perform(attempt)),
          finalize(place.hold()),
        );
      }),
    );
  }

  private checked(
    request: Request,
    { allowed, kind, attemptId }: CheckedHead,
    session: GatewaySession,
    record: RequestRecord,
    place: Place,
  ): Observable<Attempt> {
    const { limits, regions, warn } = this.settings;
    const mayBeLong = kind === 'frame' && contentPathsOf(allowed.operation).size > 0;
    const maxSize = mayBeLong ? limits.uploadSize : limits.requestSize;
    return readBody(request, { ...limits, maxSize }).pipe(
      switchMap((bytes) => {
        const call = checkCall(allowed, session, readCall(allowed.operation, kind, bytes, limits), regions);
        record.note({ regionId: call.regionId });
        const { permit } = session;
        const permitted$ = permit === undefined ? of(true) : ask('permit', () => permit(call), { ...limits, warn });
        return permitted$.pipe(
          switchMap((isPermitted) => {
            if (isPermitted !== true) throw new GatewayRefusal('Gateway.Forbidden', 'The call is not allowed');
            return from(this.attemptOf(call, session, attemptId, [keyOf(call.operation), kind], bytes, place));
          }),
        );
      }),
    );
  }

  private async attemptOf(
    call: CheckedCall,
    session: GatewaySession,
    attemptId: string,
    asked: readonly string[],
    bytes: Uint8Array,
    place: Place,
  ): Promise<Attempt> {
    const [key, fingerprint] = await Promise.all([fingerprintOf([session.id, attemptId]), fingerprintOf(asked, bytes)]);
    const { limits, attempts } = this.settings;
    const inPieces = answersInPieces(call.operation);
    const pace = new Pace();
    const tag = new CallTag(inPieces ? limits.streamSize : limits.responseSize, () => pace.wait());
    let isUnsent = false;
    return {
      key,
      session: session.id,
      fingerprint,
      isRead: isRead(call.operation),
      maxLength: inPieces ? attempts.maxAnswerSize : Infinity,
      pace,
      isUnsent: () => isUnsent,
      send: () =>
        // A write goes on when its caller has gone, and counts among those of its session as long as it does.
        callUpstream(this.upstream, call, tag, (error) => {
          isUnsent = !wasSent(error);
        }).pipe(finalize(place.hold())),
    };
  }
}

/** `maxResponseSize` is the longest answer of any call, in bytes: each has its own limit below it. */
function ownClientOf(
  options: Exclude<GatewayOptions['client'], AlicloudClient>,
  inside: Inside,
  maxResponseSize: number,
): AlicloudClient {
  const attemptInterceptors = [...(options.attemptInterceptors ?? []), watchAttempts(inside)];
  return new AlicloudClient({ enableAsync: true, maxResponseSize, ...options, attemptInterceptors });
}

/** What a hook may read: the body is the gateway's. */
function withoutBody({ method, url, headers }: Request, { remoteAddress }: RequestInfo): AuthorizeRequest {
  return { method, url, headers: new Headers(headers), ...(remoteAddress === undefined ? {} : { remoteAddress }) };
}

function abortOf(signal: AbortSignal | undefined): Observable<unknown> {
  if (signal === undefined) return EMPTY;
  return signal.aborted ? of(undefined) : fromEvent(signal, 'abort');
}

function closing(): GatewayRefusal {
  return new GatewayRefusal('Gateway.Overloaded', 'The gateway is closing', 1000);
}
