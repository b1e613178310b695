/** What would be random in a real service, and here follows from a seed. */

export interface Ids {
  /** A number >= 0 and < 1. */
  random(): number;
  /** In upper case, as request ids are. */
  uuid(): string;
  /** Lower-case letters and digits. */
  token(length: number): string;
  /** From where it goes on: a number that `moveTo` takes. */
  readonly position: number;
  moveTo(position: number): void;
}

export function createIds(seed: string | number): Ids {
  let position = hash(String(seed));
  const next = (): number => mix((position = (position + 0x6d2b79f5) | 0));
  return {
    get position() {
      return position;
    },
    moveTo: (to) => (position = to),
    random: () => next() / 2 ** 32,
    uuid: () => uuidOf(next(), next(), next(), next()),
    token: (length) => Array.from({ length }, () => alphabet[next() % alphabet.length]).join(''),
  };
}

/** FNV-1a: 32 bits that depend on every character. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0').toUpperCase());

/** mulberry32: an unsigned 32-bit number from another one, which is all that it has for a state. */
function mix(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return (mixed ^ (mixed >>> 14)) >>> 0;
}

/** Version 4: the six fixed bits are set, the rest is as given. */
function uuidOf(a: number, b: number, c: number, d: number): string {
  const middle = (b & 0xffff0fff) | 0x4000;
  const variant = (c & 0x3fffffff) | 0x80000000;
  return `${word(a)}-${half(middle >>> 16)}-${half(middle)}-${half(variant >>> 16)}-${half(variant)}${word(d)}`;
}

function word(bits: number): string {
  return half(bits >>> 16) + half(bits);
}

function half(bits: number): string {
  return `${bytes[(bits >>> 8) & 255]}${bytes[bits & 255]}`;
}
