export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object whose own fields are all there is to it, unlike a `Map` or a `Date`. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Inherited fields too: a request's are checked with its own. */
export function entriesOf(value: object): [name: string, value: unknown][] {
  const entries: [string, unknown][] = [];
  for (const name in value) entries.push([name, (value as Readonly<Record<string, unknown>>)[name]]);
  return entries;
}
