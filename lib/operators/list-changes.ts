import { deepEqual } from './deep-equal.js';

/** How a list differs from the one before. */
export interface ListChanges<T> {
  readonly added: readonly T[];
  /** Items whose key was there, with other content. */
  readonly changed: readonly { readonly before: T; readonly after: T }[];
  readonly removed: readonly T[];
  /** The list as it is now. */
  readonly items: readonly T[];
}

/** `undefined` where nothing differs. Order does not count; of items with one key the last does. */
export function listChanges<T>(
  before: ReadonlyMap<unknown, T>,
  after: ReadonlyMap<unknown, T>,
): ListChanges<T> | undefined {
  const added: T[] = [];
  const changed: { before: T; after: T }[] = [];
  for (const [key, item] of after) {
    const old = before.get(key);
    if (!before.has(key)) added.push(item);
    else if (!deepEqual(old, item)) changed.push({ before: old as T, after: item });
  }
  const removed = [...before].filter(([key]) => !after.has(key)).map(([, item]) => item);
  if (added.length + changed.length + removed.length === 0) return undefined;
  return { added, changed, removed, items: [...after.values()] };
}
