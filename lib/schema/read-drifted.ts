/** What the server means by a value of another type than its table says. */
import { isRounded } from './json.js';
import { isAbsent } from './values.js';

/** What `read` gives for a value that can't be what the table says. */
export const refused = Symbol('refused');

/** What is seen on a walk. */
export interface Notes {
  /** Whether there was a number of which `JSON.parse` may have lost digits. */
  rounded: boolean;
}

/** The value as the table has it, `undefined` for nothing, or `refused`. */
export type Read = (value: unknown, notes: Notes) => unknown;

/** How an absent object or array comes over the wire. */
export function isNothing(value: unknown): boolean {
  return isAbsent(value) || value === '';
}

export function readString(value: unknown, notes: Notes): unknown {
  if (typeof value === 'string') return value;
  if (isAbsent(value)) return undefined;
  if (typeof value === 'object') return refused;
  if (isRounded(value)) notes.rounded = true;
  const scalar = value as number | bigint | boolean;
  return String(scalar);
}

export function readNumber(value: unknown, notes: Notes): unknown {
  switch (typeof value) {
    case 'number':
      if (isRounded(value)) notes.rounded = true;
      return value;
    case 'bigint':
      return value;
    case 'string':
      return readDigits(value.trim());
    case 'boolean':
      return Number(value);
    default:
      return isAbsent(value) ? undefined : refused;
  }
}

/** Narrower than `Number`, which takes `0x10` for 16. */
const decimal = /^[+-]?[\d.]+(?:e[+-]?\d+)?$/i;

function readDigits(text: string): unknown {
  if (text === '') return undefined;
  const number = decimal.test(text) ? Number(text) : NaN;
  if (!Number.isFinite(number)) return refused;
  return /^[+-]?\d{16,}$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}

export function readBoolean(value: unknown): unknown {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
    case 'bigint':
      return Boolean(value);
    case 'string':
      return readWord(value.trim().toLowerCase());
    default:
      return isAbsent(value) ? undefined : refused;
  }
}

function readWord(text: string): unknown {
  if (text === '') return undefined;
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : refused;
}
