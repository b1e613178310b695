/** Checks options at the edge: plain JavaScript passes anything, and a misspelt option would be lost without a word. */
import { ConfigurationError } from '../errors.js';
import { describe } from './describe.js';
import { meant } from './meant.js';
import { isPlainObject } from './values.js';

export interface Rule {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

/** A function checks by itself, and throws. */
export type Check = Rule | ((value: unknown, path: string) => void);

/** A check for each option. */
export type Rules<Options extends object> = Readonly<Record<keyof Options, Check>>;

/** A timer's delay is a signed 32-bit integer: a longer one would fire at once. */
export const longestTimeout = 2 ** 31 - 1;

export const milliseconds: Rule = {
  expected: `milliseconds from 0 to ${longestTimeout}`,
  fits: (value) => typeof value === 'number' && value >= 0 && value <= longestTimeout,
};

export const plainObject: Rule = { expected: 'a plain object', fits: isPlainObject };

export function ofType(type: 'string' | 'boolean' | 'function', expected = `a ${type}`): Rule {
  return { expected, fits: (value) => typeof value === type };
}

export function oneOf(...values: readonly string[]): Rule {
  const quoted = values.map((value) => `'${value}'`);
  const last = quoted.pop();
  return { expected: `${quoted.join(', ')} or ${last}`, fits: (value) => values.includes(value as string) };
}

export function integerFrom(minimum: number): Rule {
  return {
    expected: `an integer >= ${minimum}`,
    fits: (value) => Number.isInteger(value) && Number(value) >= minimum,
  };
}

/** `optional` methods may be missing, and be nothing else. */
export function withMethod(
  name: string,
  expected = `an object with a method \`${name}\``,
  optional: readonly string[] = [],
): Rule {
  return {
    expected,
    fits: (value) => {
      if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false;
      const methods = value as Readonly<Record<string, unknown>>;
      const isMethod = (each: string): boolean => typeof methods[each] === 'function';
      return isMethod(name) && optional.every((each) => methods[each] === undefined || isMethod(each));
    },
  };
}

/** Options within options. */
export function optionsWith<Options extends object>(rules: Rules<Options>): (value: unknown, path: string) => void {
  return (value, path) => checkOptions(value, rules, `${path}.`);
}

/** `path` is what stands before the names, such as `retry.`. Throws a `ConfigurationError` for the first that does not fit. */
export function checkOptions<Options extends object>(options: unknown, rules: Rules<Options>, path = ''): void {
  if (!isPlainObject(options)) throw invalidOption(path === '' ? 'options' : path.slice(0, -1), 'an object', options);
  // Inherited ones too, as they count.
  for (const name in options) {
    if (Object.hasOwn(rules, name)) continue;
    const names = Object.keys(rules);
    const expected = `absent, as there is no such option${meant(name, names)}`;
    throw invalidOption(`${path}${name}`, expected, options[name]);
  }
  // Only what is there, as each call with options comes here.
  for (const name in options) {
    if (options[name] !== undefined) checkOption(`${path}${name}`, options[name], rules[name as keyof Options]);
  }
}

/** Throws a `ConfigurationError` where the value does not fit. */
export function checkOption(path: string, value: unknown, check: Check): void {
  if (typeof check === 'function') check(value, path);
  else if (!check.fits(value)) throw invalidOption(path, check.expected, value);
}

/** Of what came, only numbers are shown: a text may be a secret. */
export function invalidOption(path: string, expected: string, value: unknown): ConfigurationError {
  return new ConfigurationError({
    path,
    expected,
    received: typeof value === 'number' ? String(value) : describe(value),
  });
}
