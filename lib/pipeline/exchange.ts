/** What lies between a signed request and its response: one answer. Those that come in pieces are in `streams.ts`. */
import { Observable } from 'rxjs';
import { NetworkError, type Attempt } from '../errors.js';
import type { FullResponse } from '../response.js';
import type { HttpHead, HttpRequest, HttpResponse } from '../transport/transport.js';

/** What becomes of an answer. */
export interface Reader {
  /** Makes of an answer, or of one event's data, what it amounts to; throws where it is not the operation's. */
  readonly read: (response: HttpResponse) => unknown;
  /** Told once that the answer is the operation's; of one that comes in pieces, at its beginning. */
  readonly accepted: (answer: HttpHead | HttpResponse) => void;
  /** The attempts of the call. */
  readonly attempts: readonly Attempt[];
}

/**
 * The first answer, read; a transport of the user's own may do anything, and a call gives one response or one error. By
 * hand, as each call passes here, and the operators for it would cost more than all of its headers.
 */
export function answerTo(
  response$: Observable<HttpResponse>,
  http: HttpRequest,
  { read, accepted, attempts }: Reader,
): Observable<FullResponse<unknown>> {
  return new Observable((subscriber) =>
    response$.subscribe({
      next(response) {
        if (subscriber.closed) return;
        const { status, headers } = response;
        try {
          const body = read(response);
          accepted(response);
          subscriber.next({ body, status, headers, attempts });
          subscriber.complete();
        } catch (error) {
          subscriber.error(error);
        }
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.error(noResponse(http)),
    }),
  );
}

/** Told to whoever waits for an answer that comes in pieces, when it has begun but there is nothing of it yet. */
export const begun = Symbol('begun');

export function noResponse({ url }: HttpRequest): NetworkError {
  return new NetworkError('The transport completed without a response', new URL(url).origin);
}
