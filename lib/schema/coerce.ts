/** What the server means by a value of another type than its table says. */
import { isRounded, numberOf } from './digits.js';
import { hasRounded, withNumbers } from './json.js';
import { isAbsent } from './values.js';

/** What `read` gives for a value that can't be what the table says. */
export const incoercible = Symbol('incoercible');

/** What is seen on a walk. */
export interface Notes {
  /** Whether the numbers are as they were written, in symbols. */
  readonly written: boolean;
  /** Whether there was a number of which `JSON.parse` may have lost digits. */
  rounded: boolean;
  /** Whether there was one in the place of a text, which keeps how it was written. */
  quoted: boolean;
  /** Whether there was a value that is handed on as it came. */
  drifted: boolean;
}

export function newNotes(written = false): Notes {
  return { written, rounded: false, quoted: false, drifted: false };
}

/** The value as the table has it, `undefined` for nothing, and what is neither as it came, which is noted. */
export type Coerce = (value: unknown, notes: Notes) => unknown;

/** The same, and `incoercible` for what is neither. */
export type CoerceScalar = (value: unknown, notes: Notes) => unknown;

/** What is not what the table says. */
export function handedOn(value: unknown, notes: Notes): unknown {
  notes.drifted = true;
  return asItCame(value, notes);
}

/** Anything, with its digits. */
export function asItCame(value: unknown, notes: Notes): unknown {
  if (typeof value === 'string') return value;
  if (notes.written) return withNumbers(value);
  if (!notes.rounded) notes.rounded = hasRounded(value);
  return value;
}

/** How something absent comes over the wire. */
export function isNothing(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isAbsent(value) || value === '';
  for (const _name in value) return false;
  return true;
}

export function coerceString(value: unknown, notes: Notes): unknown {
  switch (typeof value) {
    case 'string':
      return value;
    case 'symbol':
      return value.description;
    case 'number':
      notes.quoted = true;
      if (isRounded(value)) notes.rounded = true;
      return String(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return isNothing(value) ? undefined : incoercible;
  }
}

export function coerceNumber(value: unknown, notes: Notes): unknown {
  switch (typeof value) {
    case 'number':
      if (isRounded(value)) notes.rounded = true;
      return value;
    case 'bigint':
      return value;
    case 'symbol':
      return coerceDigits(value.description ?? '');
    case 'string':
      return coerceDigits(value.trim());
    case 'boolean':
      return Number(value);
    default:
      return isNothing(value) ? undefined : incoercible;
  }
}

/** Narrower than `Number`, which takes `0x10` for 16. */
const decimal = /^[+-]?[\d.]+(?:e[+-]?\d+)?$/i;

function coerceDigits(text: string): unknown {
  if (text === '') return undefined;
  // A pattern may run out of stack on what is longer, and nobody counts with that.
  const number = text.length < 10_000 && decimal.test(text) ? numberOf(text.replace(/^\+/, '')) : NaN;
  return typeof number === 'string' || Number.isNaN(number) ? incoercible : number;
}

export function coerceBoolean(value: unknown): unknown {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
    case 'bigint':
      return Boolean(value);
    case 'symbol':
      return Boolean(Number(value.description));
    case 'string':
      return readWord(value.trim().toLowerCase());
    default:
      return isNothing(value) ? undefined : incoercible;
  }
}

function readWord(text: string): unknown {
  if (text === '') return undefined;
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : incoercible;
}
