import { map, mergeMap, of } from 'rxjs';
import { isReadyBody } from '../codec/content.js';
import type { ReadBody, ReadContent } from '../codec/read-body.js';
import type { Runtime } from './runtime.js';

/** One a client: it remembers the streams that it has read. */
export function bodyReader({ lazyFeatures }: Runtime): ReadBody {
  let readContent: ReadContent | undefined;
  return (pending, place) => {
    const { body, ...rest } = pending;
    if (isReadyBody(body)) return of({ ...rest, body });
    return lazyFeatures.features$.pipe(
      mergeMap(({ contentReader }) => (readContent ??= contentReader())(body, place)),
      map((bytes) => ({ ...rest, body: bytes })),
    );
  };
}
