/** A client's calls: what stands around the pipeline, and the only place where the parts are wired. */
import { catchError, defer, EMPTY, identity, map, mergeMap, of, throwError, type Observable, type Subject } from 'rxjs';
import { debugListener } from '#debug';
import { platformName, randomUUID } from '#platform';
import { AsyncMode } from './async/async-mode.js';
import type { CallOptions } from './call-options.js';
import { ClientCall, StartingCall, type CallDesk, type Read, type Route, type Send } from './client-call.js';
import type { ClientOptions } from './client-options.js';
import { SkewedClock } from './clock/skewed-clock.js';
import { Timestamps } from './clock/timestamps.js';
import { toAlicloudError } from './errors.js';
import { Events } from './events/emitter.js';
import { statsOf } from './events/stats.js';
import {
  compose,
  type AttemptHandler,
  type CallHandler,
  type CallInterceptor,
  type CallRequest,
} from './interceptor.js';
import { RateLimiter } from './limiter/limiter.js';
import { withinDeadline } from './pipeline/deadline.js';
import {
  checkedAnswer,
  checkedOutcome,
  checkedResults,
  checkedTransport,
  nonceRule,
  timeRule,
} from './pipeline/given.js';
import { rare$ } from './pipeline/on-demand.js';
import { Pipeline, type PipelineParts } from './pipeline/pipeline.js';
import { CallRecord, now } from './pipeline/record.js';
import { Reporter } from './pipeline/reporter.js';
import type { UntypedCodecs } from './pipeline/untyped-codecs.js';
import type { UploadProgress } from './pipeline/upload.js';
import type { FullResponse } from './response.js';
import { RetryStrategy } from './retry/strategy.js';
import type { ResponseType } from './service.js';
import { callSettings, clientSettings, type CallSettings } from './settings.js';
import { axiosTransport } from './transport/axios-transport.js';
import type { Transport } from './transport/transport.js';
import { version } from './version.js';

export class Calls implements CallDesk {
  readonly asyncMode = new AsyncMode();
  readonly transport: Transport;
  private readonly events = new Events();
  readonly events$ = this.events.events$;
  readonly stats$ = statsOf(this.events$, () => this.asyncMode.counts);
  private readonly settings: CallSettings;
  private readonly interceptors: readonly CallInterceptor[];
  private readonly pipeline: Pipeline;
  private readonly reporter = new Reporter(this.events);
  private untypedCodecs: UntypedCodecs | undefined;
  private made = 0;

  constructor(options: ClientOptions) {
    this.settings = clientSettings(options);
    this.transport = options.transport === undefined ? axiosTransport(options) : checkedTransport(options.transport);
    this.interceptors = options.interceptors ?? [];
    this.pipeline = new Pipeline(partsOf(options, this.settings, this.transport, this.reporter));
    for (const told of [debugListener(), options.logger]) if (told !== undefined) this.events$.subscribe(told);
  }

  /** Cold; `read` makes of the response what the caller wants of it. `progress` is told of uploads, where there are any. */
  make<T>(call: CallRequest, route: Route, read: Read<T>, progress?: Subject<UploadProgress>): Observable<T> {
    const send: Send =
      progress === undefined ? this.send : (changed, record) => this.sendWithUploads(changed, record, progress);
    return this.intercepted(call, route, read, send);
  }

  /** The same, for a call that nothing describes but its request. */
  makeUntyped<T>(call: CallRequest, route: Route, read: Read<T>): Observable<T> {
    return this.intercepted(call, route, read, ({ operation, request, options }, record) =>
      rare$.pipe(
        mergeMap(({ untypedCodecs }) => {
          const codecs = (this.untypedCodecs ??= untypedCodecs())(operation, request);
          return this.pipeline.call(operation, request, options, { codecs, record });
        }),
      ),
    );
  }

  begin<T>(call: ClientCall<T>): Observable<T> {
    const { request, route } = call;
    const many = emitsMany(request.operation, request.options);
    let deadline: number;
    try {
      ({ deadline } = callSettings(this.settings, request.options));
    } catch (error) {
      return throwError(() => toAlicloudError(error));
    }
    if (deadline === 0 && !this.reporter.observed) {
      return this.asyncMode[route](new StartingCall(call, now(), undefined), many);
    }
    const record = new CallRecord(++this.made, request, deadline);
    const routed$ = this.asyncMode[route](new StartingCall(call, record.subscribedAt, record), many);
    return this.reporter.call(record, routed$.pipe(withinDeadline(record)));
  }

  start<T>({ call: { request, read, send }, subscribedAt, record: made }: StartingCall<T>): Observable<T> {
    const record = made ?? new CallRecord(++this.made, request, 0, subscribedAt);
    record.start();
    this.reporter.started(record);
    return send(request, record).pipe(map(read));
  }

  private intercepted<T>(call: CallRequest, route: Route, read: Read<T>, send: Send): Observable<T> {
    if (this.interceptors.length === 0) return new ClientCall(this, call, route, read, send);
    const handler: CallHandler = (changed) => new ClientCall(this, changed, route, identity, send);
    return defer(() => checkedOutcome(compose(this.interceptors, handler)(call))).pipe(
      map(read),
      // An interceptor may throw anything.
      catchError((error: unknown) => throwError(() => toAlicloudError(error))),
    );
  }

  /** The same for all calls. */
  private readonly send: Send = (call, record) => {
    const { operation, request, options } = call;
    return operation.upload === undefined
      ? this.pipeline.call(operation, request, options, { record })
      : this.sendWithUploads(call, record);
  };

  private sendWithUploads(
    { operation, request, options }: CallRequest,
    record: CallRecord,
    progress?: Subject<UploadProgress>,
  ): Observable<FullResponse<unknown>> {
    return rare$.pipe(
      mergeMap(({ callWithUploads }) =>
        callWithUploads(this.pipeline, this.transport, operation, request, options, record),
      ),
      mergeMap((event) => {
        if (event.kind === 'response') return of(event.response);
        progress?.next(event);
        return EMPTY;
      }),
    );
  }
}

/** What makes the pipeline of a client with these options. */
export function partsOf(
  options: ClientOptions,
  settings: CallSettings,
  transport: Transport,
  reporter: Reporter,
): PipelineParts {
  const { limiter, clock, nonce, attemptInterceptors = [] } = options;
  const direct: AttemptHandler = ({ http }) => transport.send(http);
  const composed = compose(attemptInterceptors, direct);
  return {
    settings,
    transport,
    send: composed === direct ? direct : (request) => checkedAnswer(composed(request)),
    userAgent: userAgentOf(options.userAgent),
    nonce: nonce === undefined ? randomUUID : checkedResults(nonce, 'nonce()', nonceRule),
    clock: new SkewedClock(clock === undefined ? Date.now : checkedResults(clock, 'clock()', timeRule)),
    timestamps: new Timestamps(),
    limiter: limiter === false ? undefined : (limiter ?? new RateLimiter()),
    retries: new RetryStrategy(options.retry),
    reporter,
  };
}

/** Whether a call emits each event or each piece that comes, instead of one response. */
export function emitsMany(
  described: { readonly responseType?: ResponseType | undefined } | undefined,
  options?: Pick<CallOptions, 'observe'>,
): boolean {
  return described?.responseType === 'events' || options?.observe === 'stream';
}

function userAgentOf(suffix: string | undefined): string | undefined {
  const platform = platformName();
  if (platform === undefined) return undefined;
  return `rx-alicloud/${version} (${platform})${suffix === undefined ? '' : ` ${suffix}`}`;
}
