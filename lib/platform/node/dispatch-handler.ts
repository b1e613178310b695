/** One request and its answer. */
import { ConfigurationError, isAlicloudError, TimeoutError, type AlicloudError } from '../../errors.js';
import type { ExchangeListener, ExchangeRequest } from '../connections.js';
import { networkFailure } from '../network-failure.js';
import { stopWatching, Watched, type Timeouts } from '../timeouts.js';
import { StreamedBody, WholeBody, type Body } from './body.js';
import { encodingIn } from './compression.js';
import { proxyRefusal, type Route } from './connector.js';
import type { ReceivedHead } from './received-head.js';

/** What carries an exchange, told when it needs it no longer. */
export interface ConnectionLease {
  /** The connection may carry another one. */
  release(): void;
  /** The connection is to be closed, or was by the other side. */
  abandon(isBroken: boolean): void;
}

export class DispatchHandler extends Watched {
  /** What it travels on, from when it does. */
  lease: ConnectionLease | undefined = undefined;
  private answerHead: ReceivedHead | undefined = undefined;
  private body: Body | undefined = undefined;
  /** Whether all has come, or it has failed. */
  private isOver = false;

  constructor(
    readonly request: ExchangeRequest,
    private readonly route: Route,
    private listener: ExchangeListener | undefined,
    private readonly timeouts: Timeouts,
  ) {
    super();
  }

  /** The request is being written. */
  begin(): void {
    const { readTimeout = 0 } = this.request;
    if (readTimeout > 0) this.timeouts.start(this, readTimeout);
  }

  /** The server has taken so many bytes of the body. */
  onSent(loaded: number): void {
    if (this.isOver) return;
    this.begin();
    this.request.onUploaded?.(loaded);
  }

  /** The server has said that it is at work. */
  informed(): void {
    if (!this.isOver) this.begin();
  }

  head(head: ReceivedHead, resume: () => void): void {
    this.begin();
    const { request, route } = this;
    const { origin, proxy, isSecure } = route;
    const { status } = head;
    if (status === 407 && proxy !== undefined && !isSecure) return this.fail(proxyRefusal(origin, proxy.host, status));
    this.answerHead = head;
    const encoding = hasNoBody(status, request.method) ? undefined : encodingIn(head);
    const { responseType = 'text', maxResponseSize: limit = 0 } = request;
    if (responseType === 'stream') this.body = this.streamBody(head, encoding, resume);
    else this.body = new WholeBody({ origin, isText: responseType === 'text', encoding, limit }, this);
  }

  /** `false`: no more until `resume` is called. */
  piece(piece: Buffer): boolean {
    const goesOn = this.body?.write(piece) !== false;
    if (goesOn) this.begin();
    // Whoever reads slowly does not make the server silent.
    else stopWatching(this);
    return goesOn;
  }

  complete(): void {
    if (!this.end()) return;
    this.lease?.release();
    this.body?.end();
  }

  /** After the end it is the body that failed: the connection is in other hands already. */
  fail(error: unknown, isBroken = false): void {
    const failure = isAlicloudError(error) ? error : toAlicloudFailure(error, this.route.origin);
    if (this.end()) {
      this.lease?.abandon(isBroken);
      this.body?.fail(failure);
    }
    const { listener } = this;
    this.listener = undefined;
    listener?.onFailure(failure);
  }

  /** Nobody waits for it any more. */
  abort(): void {
    this.listener = undefined;
    if (!this.end()) return;
    this.lease?.abandon(false);
    this.body?.fail(new Error('canceled'));
  }

  override onTimeout(timeout: number): void {
    this.fail(new TimeoutError({ phase: 'read', timeout, origin: this.route.origin }));
  }

  private streamBody(head: ReceivedHead, encoding: string | undefined, resume: () => void): StreamedBody {
    const readOn = (): void => {
      if (this.isOver) return;
      this.begin();
      resume();
    };
    const body = new StreamedBody(encoding, readOn, () => {
      if (!this.isOver) this.abort();
    });
    this.listener?.onAnswer(head, body.readable);
    return body;
  }

  /** Called by the body. */
  succeed(data: string | Buffer): void {
    const { answerHead, listener } = this;
    // This may have reached the garbage collector's old generation, and would keep the answer alive with it.
    this.answerHead = this.body = this.listener = undefined;
    if (answerHead !== undefined) listener?.onAnswer(answerHead, data);
  }

  /** Whether it was not over before. */
  private end(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    stopWatching(this);
    return true;
  }
}

/** Some servers name an encoding even so. */
function hasNoBody(status: number, method: string): boolean {
  return status === 204 || status === 304 || method === 'HEAD';
}

/** What undici calls a connection that ended too early. */
const closed = ['UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'HPE_INVALID_EOF_STATE'];

function toAlicloudFailure(error: unknown, origin: string): AlicloudError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    const expected = 'a method, a path and headers that HTTP allows';
    return new ConfigurationError({ path: 'request', expected, received: message });
  }
  return networkFailure({ origin }, closed.includes(code) ? 'ECONNRESET' : code === '' ? undefined : code, error);
}
