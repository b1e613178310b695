/** The encodings of `accept-encoding`, and those that servers send unasked. */
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  gunzip,
  inflate,
  inflateRaw,
  type BrotliDecompress,
  type Gunzip,
  type Inflate,
} from 'node:zlib';

/** `deflate` is not among them: servers do not agree on what it is. */
export const acceptedEncodings = 'gzip, br';

/** The encoding by its name here; `undefined` where there is nothing to decode, or one that is not known and is handed on as it is. */
export function encodingIn(headers: Readonly<Record<string, string>>): string | undefined {
  if (headers['content-length'] === '0') return undefined;
  const name = headers['content-encoding']?.trim().toLowerCase();
  if (name === 'x-gzip') return 'gzip';
  return name === 'gzip' || name === 'br' || name === 'deflate' ? name : undefined;
}

type Callback = (error: NodeJS.ErrnoException | null, bytes?: Buffer) => void;

/** Decompresses a whole body in one go; one that would become longer than `limit` bytes fails early. */
export function decompress(encoding: string, bytes: Buffer, limit: number, callback: Callback): void {
  const options = limit > 0 ? { maxOutputLength: limit } : {};
  if (encoding === 'br') brotliDecompress(bytes, options, callback);
  else if (encoding === 'gzip') gunzip(bytes, options, callback);
  // Some servers leave out the wrapper, whose first byte names the method.
  else if (((bytes[0] ?? 0) & 0x0f) === deflateMethod) inflate(bytes, options, callback);
  else inflateRaw(bytes, options, callback);
}

const deflateMethod = 8;

/** Decompresses a body as it comes. */
export function decompressor(encoding: string): BrotliDecompress | Gunzip | Inflate {
  if (encoding === 'br') return createBrotliDecompress();
  return encoding === 'gzip' ? createGunzip() : createInflate();
}
