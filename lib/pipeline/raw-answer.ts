import type { FullResponse } from '../http-event.js';
import type { HttpResponse } from '../transport/transport.js';

/** An answer as the transport gave it. */
export function rawAnswerOf(answer: Pick<FullResponse<unknown>, 'body' | 'status' | 'headers'>): HttpResponse {
  const { body, status, headers } = answer;
  return body instanceof Uint8Array
    ? { status, headers, body: '', bytes: body }
    : { status, headers, body: typeof body === 'string' ? body : '' };
}
