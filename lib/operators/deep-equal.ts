import { isPlainObject } from '../schema/values.js';

/** Whether two values of JSON are equal through and through, whatever the order of fields; `undefined` counts as absent. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((each, index) => deepEqual(each, b[index]));
  }
  if (!isPlainObject(a) || !isPlainObject(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => deepEqual(a[name], b[name]));
}
