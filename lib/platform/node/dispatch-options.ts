/** What undici is told of a request. */
import type { Dispatcher } from 'undici';
import type { AdapterConfig } from '../connections.js';
import { acceptedEncodings } from './compression.js';

type OnSent = (loaded: number, total: number) => void;

/** @param path With the query. */
export function dispatchOptions(
  config: AdapterConfig,
  path: string,
  proxyAuthorization: string | undefined,
  onSent: OnSent,
): Dispatcher.DispatchOptions {
  const { method = 'GET', data, onUploadProgress } = config;
  const headers = headersOf(config.headers);
  if (proxyAuthorization !== undefined) headers.push('proxy-authorization', proxyAuthorization);
  const options: Dispatcher.DispatchOptions = {
    // undici takes any method that HTTP has a word for.
    method: method.toUpperCase(),
    path,
    headers,
  };
  if (data === undefined || data === null) return options;
  // Otherwise the connection would be closed behind a body where most methods have none.
  options.reset = false;
  const body = data as string | Uint8Array;
  if (body.length <= pieceLength && onUploadProgress === undefined) return Object.assign(options, { body });
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  headers.push('content-length', String(bytes.length));
  return Object.assign(options, { body: piecesOf(bytes, onSent) });
}

/** How much of a body is written at once, in bytes. */
const pieceLength = 65_536;

/** undici asks for a piece when the one before is on its way. */
function* piecesOf(bytes: Uint8Array, onSent: OnSent): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceLength) {
    yield bytes.subarray(at, at + pieceLength);
    onSent(Math.min(at + pieceLength, bytes.length), bytes.length);
  }
}

/** One after another, name and value, as undici likes them best. axios says `false` of a header that is not to be sent. */
function headersOf(headers: object): string[] {
  const list: string[] = [];
  let accepts = false;
  for (const [name, value] of Object.entries(headers) as [string, string | number | boolean | null | undefined][]) {
    if (value === false || value === undefined || value === null) continue;
    const lower = name.toLowerCase();
    accepts ||= lower === 'accept-encoding';
    list.push(lower, String(value));
  }
  if (!accepts) list.push('accept-encoding', acceptedEncodings);
  return list;
}
