/** JSON in which integers above 2^53 survive: they are read as `bigint`, and `bigint` is written as digits. */

/** A number token of 16 digits or more, outside of a string: what might not fit in a double. */
const longToken = /(?:^|[:[,\s])-?\d{16}/;
/** With the colon behind it, which makes it a member's name. */
const stringOrNumber = /("[^"\\]*(?:\\.[^"\\]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(\s*:)?/g;
/** U+E000 is a private-use character: text in an answer does not begin with it by accident, and is doubled if it does. */
const mark = '\uE000';
const beginsWithMark = /^"(?:\uE000|\\u[eE]000)/;

/** `JSON.parse`, with integers that a double would round as `bigint`. */
export function parseJson(text: string): unknown {
  if (!longToken.test(text)) return JSON.parse(text) as unknown;
  // Two passes, and only here: unsafe integers become marked strings, which the reviver turns into bigint.
  let marked = false;
  const safe = text.replace(stringOrNumber, (whole, token: string, colon?: string) => {
    // The reviver sees values only, so names stay as they are.
    if (colon !== undefined) return whole;
    if (token.startsWith('"')) return beginsWithMark.test(token) ? `"${mark}${token.slice(1)}` : token;
    if (!/^-?\d{16,}$/.test(token) || Number.isSafeInteger(Number(token))) return token;
    marked = true;
    return `"${mark}${token}"`;
  });
  if (!marked) return JSON.parse(text) as unknown;
  return JSON.parse(safe, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith(mark)) return value;
    return value.startsWith(mark + mark) ? value.slice(1) : BigInt(value.slice(1));
  }) as unknown;
}

/** `JSON.stringify`, with `bigint` written as digits. */
export function stringifyJson(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return stringifyJson(toJSON.call(value));
  if (Array.isArray(value)) return `[${Array.from(value, (item) => stringifyJson(item) ?? 'null').join(',')}]`;
  return jsonObject(Object.entries(value).map(([name, item]) => [name, stringifyJson(item)]));
}

/** A JSON object of members already written; those without a value are left out. */
export function jsonObject(members: readonly (readonly [string, string | undefined])[]): string {
  return `{${members.flatMap(([name, json]) => (json === undefined ? [] : `${JSON.stringify(name)}:${json}`)).join(',')}}`;
}
