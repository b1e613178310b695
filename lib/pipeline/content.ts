/** Bodies of bytes, in the forms in which a caller may have them. */
import { from, map, of, toArray, type Observable } from 'rxjs';
import { InvalidRequestError } from '../errors.js';
import type { BlobLike, Content, ContentStream } from '../service.js';
import { isArrayBuffer, joinBytes, plainBytes } from '../transport/bytes.js';

/** A `Blob` and a stream can only be read asynchronously, all else is ready. */
export type Unread = string | Uint8Array | BlobLike | ContentStream;

export const contentInWords = 'a string, a Uint8Array, an ArrayBuffer, a Blob or a stream of bytes';

export function isContent(value: unknown): value is Content {
  if (typeof value === 'string' || ArrayBuffer.isView(value) || isArrayBuffer(value)) return true;
  return isBlob(value) || isStream(value);
}

/** Refuses what is no body of its kind. */
export function notABody(action: string, path: string, expected: string, body: unknown): InvalidRequestError {
  const received = Array.isArray(body) ? 'an array' : typeof body === 'object' ? 'an object' : `a ${typeof body}`;
  return new InvalidRequestError(action, [{ path, expected, received }]);
}

export function unreadOf(content: Content): Unread {
  if (isArrayBuffer(content)) return new Uint8Array(content);
  // Any view will do, though only one kind is promised.
  if (ArrayBuffer.isView(content)) return plainBytes(content);
  return content;
}

/** Gives the same with its body read; at once where it is neither a `Blob` nor a stream. */
export type ReadBody = <Part extends { readonly body?: Unread | undefined }>(
  unread: Part,
  place: ContentPlace,
) => Observable<Omit<Part, 'body'> & { readonly body?: string | Uint8Array | undefined }>;

/** Where a content stands, for errors. */
export interface ContentPlace {
  readonly action: string;
  /** The field. */
  readonly path: string;
}

/** It remembers the streams that it has read: a second time they would be empty, and a retry would send that. */
export function bodyReader(): ReadBody {
  const known = new WeakSet<ContentStream>();
  return ({ body, ...rest }, place) => {
    if (body === undefined) return of(rest);
    if (typeof body === 'string' || body instanceof Uint8Array) return of({ ...rest, body });
    const bytes$ = isStream(body)
      ? readStream(body, known, place)
      : from(body.arrayBuffer()).pipe(map((buffer) => new Uint8Array(buffer)));
    return bytes$.pipe(map((bytes) => ({ ...rest, body: bytes })));
  };
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
  return from(stream).pipe(
    map((piece) => {
      const bytes = bytesOf(piece);
      if (bytes !== undefined) return bytes;
      throw new InvalidRequestError(action, [{ path, expected: 'a stream of bytes', received: 'one of other things' }]);
    }),
    toArray(),
    map(joinBytes),
  );
}

/** What a stream gives is only known when it comes. */
function bytesOf(piece: unknown): Uint8Array | undefined {
  if (typeof piece === 'string') return new TextEncoder().encode(piece);
  if (ArrayBuffer.isView(piece)) return plainBytes(piece);
  return undefined;
}

export function isBlob(value: unknown): value is BlobLike {
  return (
    typeof value === 'object' && value !== null && 'arrayBuffer' in value && typeof value.arrayBuffer === 'function'
  );
}

function isStream(value: unknown): value is ContentStream {
  return (
    typeof value === 'object' &&
    value !== null &&
    (Symbol.asyncIterator in value || ('getReader' in value && typeof value.getReader === 'function'))
  );
}
