import type { AxiosResponse } from 'axios';
import { from, type Observable } from 'rxjs';
import { ConfigurationError } from '../errors.js';
import { isArrayBuffer, plainBytes } from './bytes.js';
import type { HttpHead, HttpResponse } from './transport.js';

/** What axios makes of a body, by the response type that it is told. */
export const axiosTypes = { text: 'text', bytes: 'arraybuffer', stream: 'stream' } as const;

/** The interceptors of a user's instance may have made anything of a response. */
export function wholeResponseOf(response: unknown, type: 'text' | 'bytes'): HttpResponse {
  const { head, data } = partsOf(response);
  if (type === 'text') {
    if (head !== undefined && typeof data === 'string') return { ...head, body: data };
  } else if (head !== undefined && (ArrayBuffer.isView(data) || isArrayBuffer(data))) {
    return { ...head, body: '', bytes: ArrayBuffer.isView(data) ? plainBytes(data) : new Uint8Array(data) };
  }
  throw unusable(head, data, type === 'text' ? 'a text' : 'bytes');
}

/** The head, and the body's pieces as they come: RxJS reads Node's streams and the browser's. */
export function streamedResponseOf(response: unknown): { head: HttpHead; pieces: Observable<Uint8Array> } {
  const { head, data } = partsOf(response);
  if (head === undefined || !isStream(data)) throw unusable(head, data, 'a stream');
  return { head, pieces: from(data) };
}

function partsOf(response: unknown): { head: HttpHead | undefined; data: unknown } {
  const { status, headers, data } = (response as Partial<AxiosResponse<unknown>> | undefined) ?? {};
  if (typeof status !== 'number') return { head: undefined, data };
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers ?? {})) plain[name.toLowerCase()] = String(value);
  return { head: { status, headers: plain }, data };
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
