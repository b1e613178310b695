import type { AxiosResponse } from 'axios';
import { TimeoutError } from '../../errors.js';
import type { AdapterConfig } from '../connections.js';
import { cancellationOf, failureOf } from '../failure.js';
import { originOf } from '../origin-of.js';
import { tooLong } from '../too-long.js';
import { networkFailure } from './network-failure.js';
import { redirectFailure } from './redirect-failure.js';

/** An axios adapter over `fetch`. It follows no redirect. */
export async function fetchAdapter(config: AdapterConfig): Promise<AxiosResponse<unknown>> {
  const { url = '', method = 'GET', headers, data, responseType, signal } = config;
  const { timeout = 0, readTimeout = 0, maxContentLength = 0 } = config;
  const origin = originOf(url);
  const aborter = new AbortController();
  const onAbort = (): void => aborter.abort();
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener?.('abort', onAbort);

  /** Waits for what the server sends next. */
  async function inTime<T>(next: Promise<T>, limit: number): Promise<T> {
    const tooLate = (): void => aborter.abort(new TimeoutError({ phase: 'read', timeout: limit, origin }));
    const timer = limit > 0 ? setTimeout(tooLate, limit) : undefined;
    try {
      return await next;
    } catch (error) {
      if (signal?.aborted === true) throw cancellationOf(config);
      const isLate = aborter.signal.aborted;
      throw failureOf(isLate ? aborter.signal.reason : networkFailure({ origin }, 'ERR_NETWORK', error), config);
    } finally {
      clearTimeout(timer);
    }
  }

  async function* piecesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const reader = body.getReader();
    try {
      for (;;) {
        const { value } = await inTime(reader.read(), readTimeout);
        if (value === undefined) return;
        yield value;
      }
    } finally {
      void reader.cancel().catch(() => undefined);
    }
  }

  async function whole(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Blob> {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    let length = 0;
    for await (const piece of piecesOf(body)) {
      length += piece.length;
      if (maxContentLength > 0 && length > maxContentLength) throw failureOf(tooLong(origin, maxContentLength), config);
      pieces.push(piece);
    }
    return new Blob(pieces);
  }

  async function read(answer: Response): Promise<unknown> {
    // There is no body, or it is not to be had in pieces, as in React Native.
    const { body = null } = answer as Partial<Response>;
    if (responseType === 'stream') return piecesOf(body ?? new Blob().stream());
    const source = body === null ? answer : await whole(body);
    return inTime<unknown>(responseType === 'arraybuffer' ? source.arrayBuffer() : source.text(), timeout);
  }

  const init = {
    method,
    headers: pairsIn(headers),
    // What the pipeline makes: a text or bytes.
    body: (data ?? null) as BodyInit | null,
    redirect: 'manual',
    signal: aborter.signal,
  } as const;
  const answer = await inTime(fetch(url, init), timeout);
  if (answer.type === 'opaqueredirect' || isRedirect(answer.status)) {
    aborter.abort();
    throw redirectFailure(origin, config);
  }
  const { status, statusText } = answer;
  return { status, statusText, headers: Object.fromEntries(answer.headers), config, data: await read(answer) };
}

/** Outside of browsers, a redirect can be seen. */
function isRedirect(status: number): boolean {
  return status > 300 && status < 309 && status !== 304;
}

/** axios says `false` of a header that is not to be sent. */
function pairsIn(headers: object): [string, string][] {
  return Object.entries(headers)
    .filter(([, value]) => value !== false && value !== undefined && value !== null)
    .map(([name, value]) => [name, String(value)]);
}
