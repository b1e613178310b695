/** Asking for credentials over HTTP, where it is not a call of an API. */
import { defer, map, throwError, timeout, type Observable } from 'rxjs';
import { axiosTransport } from '../transport/axios-transport.js';
import type { HttpRequest, Transport } from '../transport/transport.js';
import { codeIn, readAnswer } from './answer.js';
import { unavailable } from './unavailable.js';

/**
 * The user's transport, or one that is made with the first request. What answers on the machine itself, as the metadata
 * service does, must be asked without a proxy: a proxy would give what it has itself.
 */
export function transportOf(given: Transport | undefined, isNear = false): Transport {
  if (given !== undefined) return given;
  let own: Transport | undefined;
  return { send: (request) => defer(() => (own ??= axiosTransport(isNear ? { proxy: false } : {})).send(request)) };
}

/** Emits the body of an answer with the status 200. Of another, status and code alone are told: it may hold secrets. */
export function bodyOf(transport: Transport, request: HttpRequest, limit: number): Observable<string> {
  return transport.send(request).pipe(
    timeout({ first: limit, with: () => throwError(() => unavailable(`no answer came within ${limit} ms`)) }),
    map(({ status, body }) => {
      if (status === 200) return body;
      const code = codeIn(readAnswer(body));
      throw unavailable(`the answer has the status ${status}${code === undefined ? '' : ` and the code ${code}`}`);
    }),
  );
}

/** How long a server may take, in milliseconds, where it is not nearby. */
export const usualLimit = 10_000;
