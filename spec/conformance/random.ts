import { createIds } from '../../lib/testing/ids.js';

/** Random choices that are the same for the same seed. */
export interface Random {
  /** An integer from 0 to below `limit`. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
}

export function randomOf(seed: string): Random {
  const ids = createIds(seed);
  const below = (limit: number): number => Math.floor(ids.random() * limit);
  return {
    below,
    pick<T>(from: readonly T[]): T {
      if (from.length === 0) throw new RangeError('Expected something to pick from, got nothing');
      // The index is within the array.
      return from[below(from.length)] as T;
    },
  };
}
