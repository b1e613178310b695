import { checkOption, integerFrom, type Rule } from '../schema/options.js';

/** Checks that an option is a whole number of at least `minimum`. @throws ConfigurationError */
export function requireInteger(path: string, value: number, minimum: number): void {
  checkOption(path, value, integerFrom(minimum));
}

/** A whole number of at least `minimum`, or no limit at all. */
export function limitFrom(minimum: number): Rule {
  const { expected, fits } = integerFrom(minimum);
  return { expected: `${expected}, or Infinity`, fits: (value) => value === Infinity || fits(value) };
}
