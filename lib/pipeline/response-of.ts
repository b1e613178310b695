import { defer, filter, map, type Observable } from 'rxjs';
import type { FullResponse, HttpEvent } from '../http-event.js';

/** The body of the answer to a call that is made on the way of another. */
export function responseOf(call: () => Observable<HttpEvent>): Observable<unknown> {
  return defer(call).pipe(
    filter((event): event is FullResponse<unknown> => event.kind === 'response'),
    map(({ body }) => body),
  );
}
