/** How structured parameters become flat ones: `Tag.1.Key=a`. */
import { entriesOf, isAbsent } from './values.js';

/** Adds `value` under `name`: arrays as `Name.1`, `Name.2`, objects as `Name.Key`, to any depth; nothing for nothing. */
export function flatten(into: Map<string, string>, name: string, value: unknown): void {
  if (isAbsent(value)) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => flatten(into, `${name}.${index + 1}`, item));
  } else if (typeof value === 'object') {
    for (const [key, item] of entriesOf(value)) flatten(into, `${name}.${key}`, item);
  } else {
    const scalar = value as string | number | bigint | boolean;
    into.set(name, String(scalar));
  }
}
