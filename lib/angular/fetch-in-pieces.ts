import { catchError, concat, EMPTY, mergeMap, of, throwError, type Observable } from 'rxjs';
import { networkFailure } from '#platform';
import { isAlicloudError } from '../errors.js';
import { deferWithSignal } from '../interop/defer-with-signal.js';
import { fromReadableStream } from '../interop/from-readable-stream.js';
import { limitedTo } from '../transport/limited.js';
import { originOf } from '../platform/origin-of.js';
import type { HttpHead, HttpRequest } from '../transport/transport.js';

/** The head of an answer, and its bytes as they come. A redirect is not followed. */
export function fetchInPieces(request: HttpRequest, origin: string): Observable<HttpHead | Uint8Array> {
  const { method, url, headers, body } = request;
  const target = url.startsWith('/') ? origin + url : url;
  return deferWithSignal((signal) =>
    // What the pipeline makes: a text or bytes.
    fetch(target, { method, headers, body: (body ?? null) as BodyInit | null, redirect: 'error', signal }),
  ).pipe(
    mergeMap((answer) => {
      const head: HttpHead = { status: answer.status, headers: Object.fromEntries(answer.headers) };
      const pieces$ = answer.body === null ? EMPTY : fromReadableStream(answer.body).pipe(limitedTo(request));
      return concat(of(head), pieces$);
    }),
    catchError((error: unknown) =>
      throwError(() =>
        isAlicloudError(error) ? error : networkFailure({ origin: originOf(target) }, 'ERR_NETWORK', error),
      ),
    ),
  );
}
