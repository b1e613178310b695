/** The answer to an attempt that comes whole. Every call passes here: what stands around it becomes part of it where it can. */
import { Observable, type Subscriber, type Unsubscribable } from 'rxjs';
import { TimeoutError, type AlicloudError } from '../errors.js';
import type { FullResponse, HttpEvent, UploadProgress } from '../http-event.js';
import type { Exchange, ExchangeHead, ExchangeListener } from '../platform/connections.js';
import { stopWatching, Watched, type Timeouts } from '../platform/timeouts.js';
import { plainBytes } from '../transport/bytes.js';
import type { HttpRequest, Transport } from '../transport/transport.js';
import type { BodyProgress } from './body-progress.js';
import type { CallContext } from './call-context.js';
import { eventOf } from './event-of.js';
import { noResponse } from './no-response.js';
import { ReceivedAnswer } from './received-answer.js';

/** What requests go over. */
export interface RequestSource {
  readonly transport: Transport;
  readonly exchange: Exchange | undefined;
}

/** And what keeps their limits. */
export interface AnswerSource extends RequestSource {
  readonly timeouts: Timeouts;
}

export type Follow = (emit: (progress: UploadProgress) => void) => BodyProgress;

/** Makes what sends the request of an attempt when it is subscribed to, and emits the answer and what `follow` emits. */
export type AskWhole = (call: CallContext, request: HttpRequest, follow?: Follow) => Observable<HttpEvent>;

/** Emits when the next attempt is to be made; errors where there is to be none. */
export type AfterFailure = (failure: unknown) => Observable<unknown>;

export type ReadWhole = (answer: FullResponse<unknown>) => HttpEvent;

/**
 * Cold: each subscription is one request. The first answer counts: a transport of the user's own may do anything, and a call gives
 * one response or one error. What comes from a socket comes in the async context of whichever call has opened that.
 */
export class WholeAnswer extends Observable<HttpEvent> {
  /** What becomes of the answer. */
  read: ReadWhole = (answer) => answer;
  /** In milliseconds; 0 is none. */
  limit = 0;

  constructor(
    readonly from: AnswerSource,
    readonly call: CallContext,
    readonly request: HttpRequest,
    readonly follow?: Follow,
  ) {
    super(begin);
  }

  /** As `map`, without an operator. */
  readBy(read: ReadWhole): this {
    this.read = read;
    return this;
  }

  /** As `timeout`, without an operator, and with one timer for all calls. */
  within(limit: number): this {
    this.limit = limit;
    return this;
  }
}

function begin(this: Observable<HttpEvent>, subscriber: Subscriber<HttpEvent>): Unsubscribable | undefined {
  const answer = this as WholeAnswer;
  const { call, request, follow } = answer;
  // An interceptor of attempts may have ended it: then nothing is sent.
  if (call.closed) return undefined;
  const progress = follow?.((event) => subscriber.next(event));
  progress?.report(0);
  const reader = new AnswerReader(answer, subscriber, progress);
  reader.begin(progress === undefined ? request : { ...request, onUploaded: progress.report });
  return reader;
}

class AnswerReader extends Watched implements ExchangeListener, Unsubscribable {
  private sent: { abort(): void } | undefined = undefined;
  private subscription: Unsubscribable | undefined = undefined;

  constructor(
    private readonly whole: WholeAnswer,
    private readonly subscriber: Subscriber<HttpEvent>,
    private readonly progress: BodyProgress | undefined,
  ) {
    super();
  }

  begin(request: HttpRequest): void {
    const { from, limit } = this.whole;
    this.sent = from.exchange?.(withoutNeedlessBody(request), this);
    if (this.sent === undefined) this.subscription = this.subscribe(from.transport, request);
    if (limit > 0 && !this.subscriber.closed) from.timeouts.start(this, limit);
  }

  onAnswer(head: ExchangeHead, data: unknown): void {
    const { attempts } = this.whole.call.timeline;
    this.answered(new ReceivedAnswer(head, ArrayBuffer.isView(data) ? plainBytes(data) : data, attempts));
  }

  onFailure(error: AlicloudError): void {
    this.whole.call.inScope(() => this.subscriber.error(error));
  }

  override onTimeout(): void {
    const { asked, settings } = this.whole.call;
    this.onFailure(new TimeoutError({ phase: 'attempt', timeout: settings.timeout, action: asked.action }));
  }

  unsubscribe(): void {
    stopWatching(this);
    this.sent?.abort();
    this.subscription?.unsubscribe();
  }

  private subscribe(transport: AnswerSource['transport'], request: HttpRequest): Unsubscribable {
    const { call } = this.whole;
    return transport.send(request).subscribe({
      next: (response) => this.answered(eventOf(response, call.timeline.attempts)),
      error: (error: unknown) => call.inScope(() => this.subscriber.error(error)),
      complete: () => {
        // An error has a stack, which costs more than most of a call.
        if (!this.subscriber.closed) call.inScope(() => this.subscriber.error(noResponse(request)));
      },
    });
  }

  private answered(answer: FullResponse<unknown>): void {
    stopWatching(this);
    this.whole.call.inScope(() => this.tell(answer));
  }

  private tell(answer: FullResponse<unknown>): void {
    const { progress, subscriber } = this;
    progress?.report(Infinity);
    let event: HttpEvent;
    try {
      event = this.whole.read(answer);
    } catch (error) {
      return subscriber.error(error);
    }
    subscriber.next(event);
    subscriber.complete();
  }
}

/** GET and HEAD carry no body. */
function withoutNeedlessBody(request: HttpRequest): HttpRequest {
  const { method, body } = request;
  return body !== undefined && (method === 'GET' || method === 'HEAD') ? { ...request, body: undefined } : request;
}
