/** Checks what users say to an emulator: its options, its faults, whose calls are handled. */
import { ConfigurationError } from '../errors.js';
import { checkOption, integerFrom, longestTimeout, ofType, invalidOption, type Rule } from '../schema/options.js';
import { meant } from '../schema/meant.js';
import { isObject } from '../schema/values.js';
import { shortened } from './wire.js';

/** Throws an `SDK.InvalidConfiguration`. */
export type Check = (value: unknown) => void;

/** What is waited for, in ms. */
export const duration =
  (path: string): Check =>
  (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      throw invalidOption(path, 'a number of milliseconds >= 0', value);
    }
    if (value > longestTimeout) throw invalidOption(path, `milliseconds from 0 to ${longestTimeout}`, value);
  };

export const text = ofType('string');
export const count = integerFrom(1);

export const probability: Rule = {
  expected: 'a number from 0 to 1',
  fits: (value) => typeof value === 'number' && value >= 0 && value <= 1,
};

export const httpStatus: Rule = {
  expected: 'an HTTP status from 200 to 599',
  fits: (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599,
};

/** One of these words, or a refusal that says which was meant. */
export function oneOf(path: string, names: readonly string[], what = `one of ${names.join(', ')}`): Check {
  return (value) => {
    if (typeof value === 'string' && names.includes(value)) return;
    throw unknownName(path, what, value, names);
  };
}

export function unknownName(path: string, what: string, value: unknown, names: Iterable<string>): ConfigurationError {
  if (typeof value !== 'string' || value === '') return invalidOption(path, what, value);
  const expected = what + meant(shortened(value), [...names]);
  return new ConfigurationError({ path, expected, received: `'${shortened(value)}'` });
}

export function listOf(path: string, check: (value: unknown, path: string) => void, what = 'an array'): Check {
  return (value) => {
    if (!Array.isArray(value)) throw invalidOption(path, what, value);
    value.forEach((item, index) => check(item, `${path}[${index}]`));
  };
}

export function checkText(value: unknown, path: string): void {
  checkOption(path, value, {
    expected: 'a string that is not empty',
    fits: (given) => text.fits(given) && given !== '',
  });
}

/** Headers of an answer, as far as a fault may set them: the others are the server's own. */
export function headersAt(path: string): Check {
  return (value) => {
    if (!isObject(value)) throw invalidOption(path, 'an object of headers', value);
    for (const [name, content] of Object.entries(value)) {
      if (!/^(x-acs-|x-ratelimit-|retry-after$)/.test(name)) {
        const what = 'retry-after, or begin with x-acs- or x-ratelimit-, in lower case';
        throw new ConfigurationError({ path, expected: `names that are ${what}`, received: `'${shortened(name)}'` });
      }
      checkText(content, `${path}.${name}`);
    }
  };
}

/** What a server can listen on; 0 is any free one. */
export function checkPort(port: number): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new ConfigurationError({ path: 'port', expected: 'an integer from 0 to 65535', received: String(port) });
}
