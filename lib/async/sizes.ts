import { integerFrom, type Rule } from '../schema/options.js';

/** A whole number of at least `minimum`, or no limit at all. */
export function limitFrom(minimum: number): Rule {
  const { expected, fits } = integerFrom(minimum);
  return { expected: `${expected}, or Infinity`, fits: (value) => value === Infinity || fits(value) };
}
