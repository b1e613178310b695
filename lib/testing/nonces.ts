/** Which nonces were used: exact within the window, and bounded however many calls are made. */

export interface NonceMemory {
  /** Whether `nonce` was there before; from now on it was. */
  isUsed(nonce: string, now: number): boolean;
}

/**
 * Remembers a nonce for `window` ms at least and twice that at most: two generations, of which the older is dropped.
 * A nonce is kept as 53 bits of a hash in a typed array, which takes some 20 bytes and nothing of the collector's time;
 * that a fresh one is taken for a used one happens once in billions.
 */
export function createNonceMemory(window: number): NonceMemory {
  let recent = createHashSet();
  let older = createHashSet();
  let rotatedAt = -Infinity;

  return {
    isUsed(nonce, now) {
      if (now - rotatedAt >= window) {
        older = now - rotatedAt >= 2 * window ? createHashSet() : recent;
        recent = createHashSet();
        rotatedAt = now;
      }
      const hash = hash53(nonce);
      return older.has(hash) || !recent.add(hash);
    },
  };
}

interface HashSet {
  has(hash: number): boolean;
  /** False where it was there already. */
  add(hash: number): boolean;
}

/** Open addressing with linear probing, at most half full; 0 marks a free place. */
function createHashSet(): HashSet {
  let places = new Float64Array(1024);
  let size = 0;

  function placeOf(hash: number, table: Float64Array): number {
    const mask = table.length - 1;
    let place = (hash >>> 0) & mask;
    while (table[place] !== 0 && table[place] !== hash) place = (place + 1) & mask;
    return place;
  }

  function grow(): void {
    const larger = new Float64Array(places.length * 2);
    for (const hash of places) if (hash !== 0) larger[placeOf(hash, larger)] = hash;
    places = larger;
  }

  return {
    has: (hash) => places[placeOf(hash, places)] === hash,
    add(hash) {
      const place = placeOf(hash, places);
      if (places[place] === hash) return false;
      places[place] = hash;
      if (++size * 2 > places.length) grow();
      return true;
    },
  };
}

/** 53 bits, never 0: two 32-bit hashes with different multipliers, each finished so that every bit depends on every other. */
function hash53(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
  }
  return (finish(b) >>> 11) * 2 ** 32 + (finish(a) >>> 0) + 1;
}

function finish(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
