import { entriesOf, isPlainObject } from '../schema/values.js';

/**
 * The same text for values that are equal through and through, whatever the order of their fields; a field that is `undefined`
 * counts as absent. Functions, streams and whatever else is no data are told apart by `identify`.
 */
export function requestKey(value: unknown, identify: (thing: object) => number): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return String(value);
  if (Array.isArray(value)) return `[${value.map((each) => requestKey(each, identify)).join()}]`;
  if (!isPlainObject(value)) return `#${identify(value)}`;
  const fields = entriesOf(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${requestKey(field, identify)}`);
  return `{${fields.join()}}`;
}
