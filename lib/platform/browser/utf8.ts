/** A text in UTF-8; a half of a surrogate pair becomes U+FFFD. Some test environments have no `TextEncoder`. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  if (typeof TextEncoder === 'function') return new TextEncoder().encode(text);
  const escaped = encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
  return Uint8Array.from(escaped.match(/%..|./g) ?? [], (each) =>
    each.length > 1 ? parseInt(each.slice(1), 16) : each.charCodeAt(0),
  );
}
