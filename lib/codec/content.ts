/** Bodies of bytes, in the forms in which a caller may have them. */
import { InvalidRequestError } from '../errors.js';
import { describe } from '../schema/describe.js';
import { isAbsent } from '../schema/values.js';
import type { BlobLike, Content, ContentStream } from '../service.js';
import { isArrayBuffer, plainBytes } from '../transport/bytes.js';

/** A `Blob` and a stream can only be read asynchronously, all else is ready. */
export type PendingBody = string | Uint8Array | BlobLike | ContentStream;

export const contentKinds = 'a string, a Uint8Array, an ArrayBuffer, a Blob or a stream of bytes';

export function isContent(value: unknown): value is Content {
  if (typeof value === 'string' || ArrayBuffer.isView(value) || isArrayBuffer(value)) return true;
  return isBlob(value) || isStream(value);
}

/** Throws where there is something else. */
export function checkContent(action: string, path: string, content: unknown): void {
  if (!isAbsent(content) && !isContent(content)) throw notABody(action, path, contentKinds, content);
}

/** Refuses what is no body of its kind. */
export function notABody(action: string, path: string, expected: string, body: unknown): InvalidRequestError {
  return new InvalidRequestError(action, [{ path, expected, received: describe(body) }]);
}

export function pendingBodyOf(content: Content): PendingBody {
  if (isArrayBuffer(content)) return new Uint8Array(content);
  // Any view will do, though only one kind is promised.
  if (ArrayBuffer.isView(content)) return plainBytes(content);
  return content;
}

/** What is there already, and need not be read. */
export type ReadyBody = string | Uint8Array | undefined;

export function isReady<Part extends { readonly body?: PendingBody | undefined }>(
  pending: Part,
): pending is Part & { readonly body?: ReadyBody } {
  return isReadyBody(pending.body);
}

export function isReadyBody(body: PendingBody | undefined): body is ReadyBody {
  return body === undefined || typeof body === 'string' || body instanceof Uint8Array;
}

function isBlob(value: unknown): value is BlobLike {
  return (
    typeof value === 'object' && value !== null && 'arrayBuffer' in value && typeof value.arrayBuffer === 'function'
  );
}

export function isStream(value: unknown): value is ContentStream {
  return (
    typeof value === 'object' &&
    value !== null &&
    (Symbol.asyncIterator in value || ('getReader' in value && typeof value.getReader === 'function'))
  );
}
