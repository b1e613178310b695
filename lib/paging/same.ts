/** Whether two values of answers say the same: JSON, or `bigint` where a number is too long for one. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [fields, others] = [Object.entries(a), Object.entries(b)];
  return (
    fields.length === others.length &&
    fields.every(([name, value], i) => others[i]?.[0] === name && isSame(value, others[i]?.[1]))
  );
}
