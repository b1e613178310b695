import type { FullResponse } from '../http-event.js';
import type { HttpResponse } from '../transport/transport.js';

/** A whole answer of a transport. */
export function eventOf(response: HttpResponse, attempts: FullResponse<unknown>['attempts']): FullResponse<unknown> {
  const { status, headers, body, bytes } = response;
  return { kind: 'response', body: bytes ?? body, status, headers, attempts };
}
