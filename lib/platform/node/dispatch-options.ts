/** What undici is told of a request. */
import type { Dispatcher } from 'undici';
import { acceptedEncodings } from './compression.js';
import type { DispatchHandler } from './dispatch-handler.js';

/** @param path With the query. */
export function dispatchOptions(
  handler: DispatchHandler,
  path: string,
  proxyAuthorization: string | undefined,
): Dispatcher.DispatchOptions {
  const { method, headers, body, onUploaded } = handler.request;
  const list = listOf(headers);
  if (proxyAuthorization !== undefined) list.push('proxy-authorization', proxyAuthorization);
  if (body === undefined) return { method, path, headers: list };
  // Otherwise the connection would be closed behind a body where most methods have none.
  const reset = false;
  if (body.length <= pieceLength && onUploaded === undefined) return { method, path, headers: list, body, reset };
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  list.push('content-length', String(bytes.length));
  const options: Dispatcher.DispatchOptions = { method, path, headers: list, reset };
  // Its types know of no iterables.
  return Object.assign(options, { body: piecesOf(bytes, (loaded) => handler.onSent(loaded)) });
}

/** How much of a body is written at once, in bytes. */
const pieceLength = 65_536;

/** undici asks for a piece when the one before is on its way. */
function* piecesOf(bytes: Uint8Array, onSent: (loaded: number) => void): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceLength) {
    yield bytes.subarray(at, at + pieceLength);
    onSent(Math.min(at + pieceLength, bytes.length));
  }
}

/** One after another, name and value, as undici likes them best. */
function listOf(headers: Readonly<Record<string, string>>): string[] {
  const list: string[] = [];
  let accepts = false;
  for (const name in headers) {
    const value = headers[name];
    // Interceptors may have put anything there.
    if (value === undefined || value === null) continue;
    const lower = name.toLowerCase();
    accepts ||= lower === 'accept-encoding';
    list.push(lower, typeof value === 'string' ? value : String(value));
  }
  if (!accepts) list.push('accept-encoding', acceptedEncodings);
  return list;
}
