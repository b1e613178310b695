/** What is kept of an answer. */
import { shownHeaders } from '../../masking/shown.js';
import { encodeBase64 } from '../../transport/base64.js';
import { joinBytes } from '../../transport/bytes.js';
import type { HttpHead } from '../../transport/transport.js';
import { textOf } from './describe-request.js';
import type { RecordedResponse } from './recording.js';

/** Of one connection, of one time, or of how the body was sent. */
const transient =
  /^(?:date|connection|keep-alive|transfer-encoding|content-length|content-encoding|set-cookie|etag|server|via|eagleid|access-control-.*)$/;

/** `pieces` are the body, as it came. */
export function describeResponse(
  { status, headers }: HttpHead,
  pieces: readonly (string | Uint8Array)[],
  show: (text: string) => string,
): RecordedResponse {
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !transient.test(name)));
  const bytes = joinBytes(pieces.map((piece) => (typeof piece === 'string' ? new TextEncoder().encode(piece) : piece)));
  const text = textOf(bytes);
  const body = text === undefined ? { base64: encodeBase64(bytes) } : text === '' ? {} : { body: show(text) };
  return { status, headers: shownHeaders(kept, show), ...body };
}
