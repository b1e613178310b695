/** The encodings of `accept-encoding`, and those that servers send unasked. */
import { PassThrough, pipeline, type Readable, type Transform } from 'node:stream';
import {
  brotliDecompress,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  gunzip,
  inflate,
  inflateRaw,
} from 'node:zlib';
import type { ExchangeHead } from '../connections.js';

/** `deflate` is not among them: servers do not agree on what it is. */
export const acceptedEncodings = 'gzip, br';

/** More of them, one over the other, are an attack. */
const mostEncodings = 5;

/**
 * The encodings by their names here, in the order in which they were applied, separated by commas; `undefined` where there
 * is nothing to decode, or one that is not known, so that the body is handed on as it is.
 */
export function encodingIn(head: ExchangeHead): string | undefined {
  const given = head.header('content-encoding');
  if (given === undefined || head.header('content-length') === '0') return undefined;
  const names = given
    .toLowerCase()
    .split(',')
    .map((name) => name.trim().replace(/^x-(?=gzip$)/, ''))
    .filter((name) => name !== '' && name !== 'identity');
  const isKnown = names.length <= mostEncodings && names.every((name) => /^(?:gzip|br|deflate)$/.test(name));
  return isKnown && names.length > 0 ? names.join() : undefined;
}

type Callback = (error: NodeJS.ErrnoException | null, bytes?: Buffer) => void;

/** Decompresses a whole body in one go; one that would become longer than `limit` bytes fails early. */
export function decompress(encoding: string, bytes: Buffer, limit: number, callback: Callback): void {
  // Some servers send nothing, and yet say how it is encoded.
  if (encoding === '' || bytes.length === 0) return callback(null, bytes);
  const { outer, inner } = peeled(encoding);
  const options = limit > 0 ? { maxOutputLength: limit } : {};
  const next: Callback = (error, decompressed) => {
    if (decompressed === undefined) callback(error);
    else decompress(inner, decompressed, limit, callback);
  };
  if (outer === 'br') brotliDecompress(bytes, options, next);
  else if (outer === 'gzip') gunzip(bytes, options, next);
  else if (isWrapped(bytes)) inflate(bytes, options, next);
  else inflateRaw(bytes, options, next);
}

/** Decompresses a body as it comes. */
export function decompressed(encoding: string, source: Readable): Readable {
  if (encoding === '') return source;
  const { outer, inner } = peeled(encoding);
  const decoded = new PassThrough();
  source.once('error', (error) => decoded.destroy(error));
  decoded.once('close', () => source.destroy());
  // The first bytes tell how it is to be done, and whether there is anything to do.
  source.once('readable', () => {
    const first = source.read() as Buffer | null;
    if (first === null) return void decoded.end();
    source.unshift(first);
    pipeline(source, decoderOf(outer, first), decoded, ignore);
  });
  return decompressed(inner, decoded);
}

/** The encoding that was applied last, and those within. */
function peeled(encoding: string): { readonly outer: string; readonly inner: string } {
  const names = encoding.split(',');
  return { outer: names.at(-1) ?? '', inner: names.slice(0, -1).join() };
}

function decoderOf(encoding: string, first: Buffer): Transform {
  if (encoding === 'br') return createBrotliDecompress();
  if (encoding === 'gzip') return createGunzip();
  return isWrapped(first) ? createInflate() : createInflateRaw();
}

/** Some servers leave out the wrapper, whose first byte names the method. */
function isWrapped(deflated: Buffer): boolean {
  return ((deflated[0] ?? 0) & 0x0f) === deflateMethod;
}

const deflateMethod = 8;

function ignore(): void {
  // Whoever reads what is decoded hears of it.
}
