import type { AxiosResponse } from 'axios';
import { from, type Observable } from 'rxjs';
import { ConfigurationError } from '../errors.js';
import { tooLong } from '../platform/too-long.js';
import { isArrayBuffer, plainBytes } from './bytes.js';
import type { HttpClient } from './http-client.js';
import { originOf } from '../platform/origin-of.js';
import type { HttpHead, HttpRequest, HttpResponse } from './transport.js';

/** The interceptors of a user's instance may have made anything of a response. */
export function wholeResponseOf(response: unknown, request: HttpRequest, client: HttpClient): HttpResponse {
  const { url, responseType = 'text', maxResponseSize = 0 } = request;
  const { head, data } = partsOf(response, client);
  if (responseType === 'text') {
    if (head !== undefined && typeof data === 'string') {
      // An adapter that isn't ours may know no limit.
      if (maxResponseSize > 0 && data.length > maxResponseSize) throw tooLong(originOf(url), maxResponseSize);
      return { status: head.status, headers: head.headers, body: data };
    }
  } else if (head !== undefined && (ArrayBuffer.isView(data) || isArrayBuffer(data))) {
    const bytes = ArrayBuffer.isView(data) ? plainBytes(data) : new Uint8Array(data);
    if (maxResponseSize > 0 && bytes.length > maxResponseSize) throw tooLong(originOf(url), maxResponseSize);
    return { ...head, body: '', bytes };
  }
  throw unusable(head, data, responseType === 'text' ? 'a text' : 'bytes');
}

/** The head, and the body's pieces as they come: RxJS reads Node's streams and the browser's. */
export function streamedResponseOf(
  response: unknown,
  { waitForReader }: HttpRequest,
  client: HttpClient,
): { head: HttpHead; pieces: Observable<Uint8Array> } {
  const { head, data } = partsOf(response, client);
  if (head === undefined || !isStream(data)) throw unusable(head, data, 'a stream');
  return { head, pieces: from(waitForReader === undefined ? data : paced(data, waitForReader)) };
}

/** Whoever reads sets the pace: a stream that is not read on stops what fills it. */
async function* paced(
  pieces: AsyncIterable<Uint8Array>,
  wait: () => Promise<void> | undefined,
): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) {
    yield piece;
    await wait();
  }
}

function partsOf(response: unknown, { hasPlainHeaders }: HttpClient): { head: HttpHead | undefined; data: unknown } {
  const { status, headers, data } = (response as Partial<AxiosResponse<unknown>> | undefined) ?? {};
  if (typeof status !== 'number') return { head: undefined, data };
  // Our adapters give what `plainHeaders` would make of it.
  const plain = hasPlainHeaders ? (headers as unknown as Record<string, string>) : plainHeaders(headers);
  return { head: { status, headers: plain }, data };
}

function plainHeaders(headers: object | undefined): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  return plain;
}

function isStream(data: unknown): data is AsyncIterable<Uint8Array> {
  return typeof data === 'object' && data !== null && (Symbol.asyncIterator in data || 'getReader' in data);
}

function unusable(head: HttpHead | undefined, data: unknown, expected: string): ConfigurationError {
  return new ConfigurationError({
    path: 'axios',
    expected: `an instance whose interceptors hand on the response, its data ${expected}`,
    received: head === undefined ? 'no response' : `data of type ${typeof data}`,
  });
}
