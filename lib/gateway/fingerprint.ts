/** What tells attempts and requests apart, at a fixed length. */

/** SHA-256 of the texts and the bytes behind them, in hexadecimal. */
export async function fingerprintOf(texts: readonly string[], bytes: Uint8Array = new Uint8Array()): Promise<string> {
  // As JSON, so that no two lists of texts are one.
  const head = new TextEncoder().encode(`${JSON.stringify(texts)}\n`);
  const all = new Uint8Array(head.length + bytes.length);
  all.set(head);
  all.set(bytes, head.length);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', all));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
