/** Requests and answers as they may be shown. */
import { hideFields, hideParameters, hiding, isSecretName, mask, shortened, type Secrets } from './masking.js';
import type { HttpHead, HttpRequest, HttpResponse } from '../transport/transport.js';
import type { ShownRequest, ShownResponse } from '../events/events.js';

/** How much of a body is shown, in characters. */
export const shownLength = 4096;

/** `secrets`: those of the call, which are hidden wherever they occur. */
export function shownRequest({ method, url, headers, body }: HttpRequest, secrets: Secrets): ShownRequest {
  const hide = hiding(secrets);
  const isForm = headers['content-type']?.includes('urlencoded') === true;
  return {
    method,
    url: hide(shownUrl(url)),
    headers: shownHeaders(headers, hide),
    body:
      typeof body === 'string'
        ? beginning(body, secrets, (text) => hide(isForm ? hideParameters(text) : hideFields(text)))
        : sizeOf(body),
  };
}

/** Of an answer that is passed on as it comes, there is only the head. */
export function shownResponse(response: HttpHead | HttpResponse, secrets: Secrets): ShownResponse {
  const hide = hiding(secrets);
  const { body, bytes } = 'body' in response ? response : { body: undefined, bytes: undefined };
  return {
    status: response.status,
    headers: shownHeaders(response.headers, hide),
    body:
      bytes === undefined && body !== undefined
        ? beginning(body, secrets, (text) => hideFields(hide(text)))
        : sizeOf(bytes),
  };
}

/** A URL without what is secret by its name. */
export function shownUrl(url: string): string {
  const query = url.indexOf('?') + 1;
  return query === 0 ? url : url.slice(0, query) + hideParameters(url.slice(query));
}

/** Headers as they may be shown; `hide` takes out the secrets that are known. */
export function shownHeaders(
  headers: Readonly<Record<string, string>>,
  hide: (text: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, shownHeader(name.toLowerCase(), value, hide)]),
  );
}

function shownHeader(name: string, value: string, hide: (text: string) => string): string {
  // The scheme tells how a request was signed.
  if (name.endsWith('authorization')) return `${hide(/^[\w-]* /.exec(value)?.[0] ?? '')}${mask}`;
  if (name === 'x-acs-accesskey-id') return shortened(value);
  return isSecretName(name) || name.endsWith('cookie') ? mask : hide(value);
}

/**
 * What a text begins with, `hide` having been over it. A long one is not read to its end; so that none of its secrets is
 * cut in two, and not recognised, more is read than is shown.
 */
function beginning(text: string, secrets: Secrets, hide: (text: string) => string): string {
  if (text.length <= shownLength) return hide(text);
  const known = typeof secrets === 'function' ? secrets() : secrets;
  const longest = known.reduce((most, { length }) => Math.max(most, length * longestWriting), 0);
  const read = text.slice(0, shownLength + longest);
  const clean = hide(read);
  const skipped = text.length - read.length;
  const end = skipped === 0 ? shownLength : Math.min(shownLength, Math.max(0, clean.length - longest));
  const more = clean.length - end + skipped;
  return more <= 0 ? clean : `${clean.slice(0, end)}… ${more} more characters`;
}

/** A character of a secret, escaped twice: `%2526%2523x26%253B` and the like. */
const longestWriting = 24;

function sizeOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : `${bytes.length} bytes`;
}
