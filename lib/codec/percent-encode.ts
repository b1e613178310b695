/** RFC 3986: everything but letters, digits and `-_.~` is encoded. */
export function percentEncode(text: string): string {
  // As most names and values are.
  if (unreserved.test(text)) return text;
  return encodeUtf8(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The query as it is sent and signed: sorted by name, percent-encoded. */
export function canonicalQuery(parameters: ReadonlyMap<string, string>): string {
  if (parameters.size === 0) return '';
  const names = [...parameters.keys()].sort();
  return names.map((name) => `${percentEncode(name)}=${percentEncode(parameters.get(name) ?? '')}`).join('&');
}

const unreserved = /^[\w.~-]*$/;

/** Half of a surrogate pair has no UTF-8; it becomes U+FFFD, as in a JSON body and in any hash. */
function encodeUtf8(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
  }
}
