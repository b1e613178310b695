/** The text of a file, or of what a program prints. Editors and shells of Windows write other than UTF-8. */

/** Throws an error whose message begins in the middle of a sentence. A byte order mark is left out. */
export function utf8Of(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // Without the mark, every other byte of a Latin text is 0.
  if (isMarked || bytes.includes(0)) throw new Error('it is UTF-16 or binary, expected UTF-8');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is no valid UTF-8');
  }
}
