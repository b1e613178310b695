/** Whether JSON says all of it: texts, finite numbers, `bigint`, lists and plain objects of them, at most so deep as requests are. */
export function isPlainJson(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (depth === deepest) return false;
  if (Array.isArray(value)) return value.every((each) => isPlainJson(each, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return false;
  return Object.values(value).every((each) => isPlainJson(each, depth + 1));
}

/** An object that contains itself ends here, too. */
const deepest = 64;
