/** Checks options at the edge: plain JavaScript passes anything, and a misspelt option would be lost without a word. */
import { ConfigurationError } from '../errors.js';
import { isPlainObject } from './values.js';

export interface Rule {
  readonly expected: string;
  readonly fits: (value: unknown) => boolean;
}

/** A rule for each option. One that is a function checks by itself, and throws. */
export type Rules<Options extends object> = Readonly<Record<keyof Options, Rule | ((value: unknown) => void)>>;

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

export function integerFrom(minimum: number): Rule {
  return {
    expected: `an integer >= ${minimum}`,
    fits: (value) => Number.isInteger(value) && Number(value) >= minimum,
  };
}

export function withMethod(name: string, expected = `an object with a method \`${name}\``): Rule {
  return {
    expected,
    fits: (value) =>
      ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
      typeof (value as Readonly<Record<string, unknown>>)[name] === 'function',
  };
}

/** `path` is what stands before the names, such as `retry.`. Throws a `ConfigurationError` for the first that does not fit. */
export function checkOptions<Options extends object>(options: unknown, rules: Rules<Options>, path = ''): void {
  if (typeof options !== 'object' || options === null) {
    throw refused(path === '' ? 'options' : path.slice(0, -1), 'an object', options);
  }
  const byName = rules as Readonly<Record<string, Rules<Options>[keyof Options]>>;
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(byName, name) ? byName[name] : undefined;
    if (rule === undefined) throw refused(`${path}${name}`, 'absent, as there is no such option', value);
    if (value !== undefined) checkOption(`${path}${name}`, value, rule);
  }
}

/** Throws a `ConfigurationError` where the value does not fit. */
export function checkOption(path: string, value: unknown, rule: Rule | ((value: unknown) => void)): void {
  if (typeof rule === 'function') rule(value);
  else if (!rule.fits(value)) throw refused(path, rule.expected, value);
}

/** Of what came, only numbers are shown: a text may be a secret. */
export function refused(path: string, expected: string, value: unknown): ConfigurationError {
  return new ConfigurationError({ path, expected, received: inWords(value) });
}

/** What came, without showing it. */
export function inWords(value: unknown): string {
  if (typeof value === 'number' || value === undefined || value === null) return String(value);
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
