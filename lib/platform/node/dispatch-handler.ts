/** One request and its answer. */
import type { AxiosProgressEvent, AxiosResponse } from 'axios';
import { ConfigurationError, isAlicloudError, TimeoutError } from '../../errors.js';
import type { AdapterConfig } from '../connections.js';
import { cancellationOf, failureOf } from '../failure.js';
import { networkFailure } from '../network-failure.js';
import { StreamedBody, WholeBody, type Body } from './body.js';
import { encodingIn } from './compression.js';
import { proxyRefusal, type Route } from './connector.js';
import { ReadTimeout } from './read-timeout.js';

/** What carries an exchange, told when it needs it no longer. */
export interface ConnectionLease {
  /** The connection may carry another one. */
  release(): void;
  /** The connection is to be closed, or was by the other side. */
  abandon(isBroken: boolean): void;
}

export class DispatchHandler {
  /** What it travels on, from when it does. */
  lease: ConnectionLease | undefined;
  readonly connectTimeout: number;
  private readonly readTimeout: ReadTimeout;
  private response: AxiosResponse<unknown> | undefined;
  private body: Body | undefined;
  /** Whether all has come, or it has failed. */
  private isOver = false;
  private readonly cancel = (): void => this.fail(cancellationOf(this.config));

  constructor(
    private readonly config: AdapterConfig,
    private readonly route: Route,
    private readonly resolve: (response: AxiosResponse<unknown>) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    const { connectTimeout = 0, readTimeout = 0 } = config;
    this.connectTimeout = connectTimeout;
    this.readTimeout = new ReadTimeout(readTimeout, () =>
      this.fail(new TimeoutError({ phase: 'read', timeout: readTimeout, origin: route.origin })),
    );
    config.signal?.addEventListener?.('abort', this.cancel);
  }

  /** The request is being written. */
  begin(): void {
    this.readTimeout.start();
  }

  /** The server has taken so many bytes of the body. */
  onSent(loaded: number, total: number): void {
    if (this.isOver) return;
    this.readTimeout.start();
    const event: AxiosProgressEvent = { loaded, total, bytes: loaded, upload: true, lengthComputable: true };
    this.config.onUploadProgress?.(event);
  }

  /** The server has said that it is at work. */
  informed(): void {
    if (!this.isOver) this.readTimeout.start();
  }

  head(status: number, statusText: string, headers: Record<string, string>, resume: () => void): void {
    this.readTimeout.start();
    const { origin, proxy, isSecure } = this.route;
    if (status === 407 && proxy !== undefined && !isSecure) return this.fail(proxyRefusal(origin, proxy.host, status));
    const { config } = this;
    // axios makes an object of its own of plain headers, where it is asked to.
    this.response = { status, statusText, headers, config, data: undefined } as AxiosResponse<unknown>;
    const encoding = hasNoBody(status, config.method) ? undefined : encodingIn(headers);
    if (config.responseType === 'stream') this.body = this.streamBody(this.response, encoding, resume);
    else {
      const { responseType, maxContentLength: limit = 0 } = config;
      const options = { origin, isText: responseType !== 'arraybuffer', encoding, limit };
      this.body = new WholeBody(
        options,
        (data) => this.succeed(data),
        (error) => this.fail(error),
      );
    }
  }

  /** `false`: no more until `resume` is called. */
  piece(piece: Buffer): boolean {
    const goesOn = this.body?.write(piece) !== false;
    if (goesOn) this.readTimeout.start();
    // Whoever reads slowly does not make the server silent.
    else this.readTimeout.stop();
    return goesOn;
  }

  complete(): void {
    if (!this.end()) return;
    this.lease?.release();
    this.body?.end();
  }

  /** After the end it is the body that failed: the connection is in other hands already. */
  fail(error: unknown, isBroken = false): void {
    const failure =
      isAlicloudError(error) || isCancellation(error) ? error : toAlicloudFailure(error, this.route.origin);
    if (this.end()) {
      this.lease?.abandon(isBroken);
      this.body?.fail(failure);
    }
    this.reject(isCancellation(failure) ? failure : failureOf(failure, this.config));
  }

  private streamBody(response: AxiosResponse<unknown>, encoding: string | undefined, resume: () => void): StreamedBody {
    const readOn = (): void => {
      if (this.isOver) return;
      this.readTimeout.start();
      resume();
    };
    const body = new StreamedBody(encoding, readOn, () => {
      if (!this.isOver) this.cancel();
    });
    response.data = body.readable;
    this.resolve(response);
    return body;
  }

  private succeed(data: unknown): void {
    const { response } = this;
    // This may have reached the garbage collector's old generation, and would keep the answer alive with it.
    this.response = undefined;
    this.body = undefined;
    if (response !== undefined) this.resolve(Object.assign(response, { data }));
  }

  /** Whether it was not over before. */
  private end(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.readTimeout.stop();
    this.config.signal?.removeEventListener?.('abort', this.cancel);
    return true;
  }
}

/** Some servers name an encoding even so. */
function hasNoBody(status: number, method: string | undefined): boolean {
  return status === 204 || status === 304 || method === 'HEAD';
}

function isCancellation(error: unknown): error is Error {
  return error instanceof Error && '__CANCEL__' in error;
}

/** What undici calls a connection that ended too early. */
const closed = ['UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'HPE_INVALID_EOF_STATE'];

function toAlicloudFailure(error: unknown, origin: string): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') {
    const expected = 'a method, a path and headers that HTTP allows';
    return new ConfigurationError({ path: 'request', expected, received: message });
  }
  return networkFailure({ origin }, closed.includes(code) ? 'ECONNRESET' : code === '' ? undefined : code, error);
}
