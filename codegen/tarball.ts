/** Reads the texts out of a package's tarball, in memory. */
import { gunzipSync } from 'node:zlib';

const blockSize = 512;

/** The files by their paths in the package: `package.json`, `src/client.ts`. */
export function readTarball(tarball: Uint8Array): Record<string, string> {
  const bytes = gunzipped(tarball);
  const files: Record<string, string> = {};
  let longPath: string | undefined;
  for (let at = 0; at + blockSize <= bytes.length && bytes[at] !== 0;) {
    const text = (from: number, length: number): string =>
      bytes.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const prefix = text(345, 155);
    const path = longPath ?? (prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`);
    const size = parseInt(text(124, 12), 8);
    const content = bytes.toString('utf8', at + blockSize, at + blockSize + size);
    const kind = text(156, 1);
    // A path that does not fit stands in an entry of its own, before the file's: npm writes the one kind, GNU the other.
    if (kind === 'x') longPath = /^\d+ path=(.*)$/m.exec(content)?.[1];
    else longPath = kind === 'L' ? content.replace(/\0.*$/s, '') : undefined;
    if (kind === '0' || kind === '') files[path.replace(/^[^/]+\//, '')] = content;
    at += blockSize + Math.ceil(size / blockSize) * blockSize;
  }
  return files;
}

function gunzipped(tarball: Uint8Array): Buffer {
  try {
    return gunzipSync(tarball);
  } catch (cause) {
    throw new Error('it is no tarball', { cause });
  }
}
