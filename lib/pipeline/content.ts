/** Bodies of bytes, in the forms in which a caller may have them. */
import { from, map, of, type Observable } from 'rxjs';
import type { BlobLike, Content } from '../service.js';

/** A `Blob` can only be read asynchronously, all else is ready. */
export type Unread = string | Uint8Array | BlobLike;

export const contentInWords = 'a string, a Uint8Array, an ArrayBuffer or a Blob';

export function isContent(value: unknown): value is Content {
  return typeof value === 'string' || ArrayBuffer.isView(value) || isArrayBuffer(value) || isBlob(value);
}

export function unreadOf(content: Content): Unread {
  if (isArrayBuffer(content)) return new Uint8Array(content);
  // Any view will do, though only one kind is promised.
  if (ArrayBuffer.isView(content)) return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  return content;
}

/** The same with its body read; at once where it is not a `Blob`. */
export function withBodyRead<Part extends { readonly body?: Unread | undefined }>(
  unread: Part,
): Observable<Omit<Part, 'body'> & { readonly body?: string | Uint8Array | undefined }> {
  const { body, ...rest } = unread;
  if (body === undefined) return of(rest);
  if (!isBlob(body)) return of({ ...rest, body });
  return from(body.arrayBuffer()).pipe(map((buffer) => ({ ...rest, body: new Uint8Array(buffer) })));
}

export function isBlob(value: unknown): value is BlobLike {
  return (
    typeof value === 'object' && value !== null && 'arrayBuffer' in value && typeof value.arrayBuffer === 'function'
  );
}

/** An ArrayBuffer of another window is no instance of this one's. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === '[object ArrayBuffer]';
}
