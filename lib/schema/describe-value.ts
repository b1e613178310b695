import { describe } from './describe.js';

/** What came, with its value where that is plain, or with its beginning where it is long; `hide` is over it before it is cut. */
export function describeValue(value: unknown, hide: (text: string) => string): string {
  const kind = typeof value;
  if (kind !== 'string' && kind !== 'number' && kind !== 'bigint' && kind !== 'boolean') return describe(value);
  const shown = hide(String(value));
  const text = kind === 'string' ? JSON.stringify(shown) : shown;
  return `the ${kind} ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`;
}
