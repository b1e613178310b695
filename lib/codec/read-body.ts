/** Reads what can only be read asynchronously. */
import { concat, defer, from, ignoreElements, map, of, tap, type Observable } from 'rxjs';
import { InvalidRequestError } from '../errors.js';
import type { BlobLike, ContentStream } from '../service.js';
import { joinBytes, plainBytes } from '../transport/bytes.js';
import { isStream, type ReadyBody, type PendingBody } from './content.js';

/** Where a content stands, for errors. */
export interface ContentPlace {
  readonly action: string;
  /** The field. */
  readonly path: string;
}

export type ReadContent = (content: BlobLike | ContentStream, place: ContentPlace) => Observable<Uint8Array>;

/** Gives the same with its body read; at once where it is neither a `Blob` nor a stream. */
export type ReadBody = <Part extends { readonly body?: PendingBody | undefined }>(
  pending: Part,
  place: ContentPlace,
) => Observable<Omit<Part, 'body'> & { readonly body?: ReadyBody }>;

/** It remembers the streams that it has read: a second time they would be empty, and a retry would send that. */
export function contentReader(): ReadContent {
  const known = new WeakSet<ContentStream>();
  return (content, place) =>
    isStream(content)
      ? readStream(content, known, place)
      : from(content.arrayBuffer()).pipe(map((buffer) => new Uint8Array(buffer)));
}

function readStream(
  stream: ContentStream,
  known: WeakSet<ContentStream>,
  { action, path }: ContentPlace,
): Observable<Uint8Array> {
  if (known.has(stream)) {
    const received = 'one that an earlier call has read';
    throw new InvalidRequestError(action, [{ path, expected: 'a stream that has not been read', received }]);
  }
  known.add(stream);
  const pieces: Uint8Array[] = [];
  const read$ = from(stream).pipe(
    tap((piece) => {
      const bytes = bytesOf(piece);
      if (bytes !== undefined) return pieces.push(bytes);
      throw new InvalidRequestError(action, [{ path, expected: 'a stream of bytes', received: 'one of other things' }]);
    }),
    ignoreElements(),
  );
  return concat(
    read$,
    defer(() => of(joinBytes(pieces))),
  );
}

/** What a stream gives is only known when it comes. */
function bytesOf(piece: unknown): Uint8Array | undefined {
  if (typeof piece === 'string') return new TextEncoder().encode(piece);
  if (ArrayBuffer.isView(piece)) return plainBytes(piece);
  return undefined;
}
