/** Says in an error what came. */

/** What came, without its value, which may be a secret: `a string`, `an array of 3`, `nothing`. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  // Every API has its own way to write a time.
  if (tag === 'Date') return 'a Date (give it as the API writes it, such as date.toISOString())';
  const name = tag === 'Object' ? value.constructor?.name : tag;
  if (typeof name !== 'string' || name === 'Object') return 'an object';
  return `a ${name}${/^(?:String|Number|Boolean)$/.test(name) ? ' object' : ''}`;
}
