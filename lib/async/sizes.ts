import { ConfigurationError } from '../errors.js';

/** Checks that an option is a whole number of at least `minimum`. @throws ConfigurationError */
export function requireInteger(path: string, value: number, minimum: number): void {
  if (Number.isInteger(value) && value >= minimum) return;
  throw new ConfigurationError({ path, expected: `an integer >= ${minimum}`, received: inWords(value) });
}

/** The same, where `Infinity` is a limit too. @throws ConfigurationError */
export function requireLimit(path: string, value: number, minimum: number): void {
  if (value === Infinity || (Number.isInteger(value) && value >= minimum)) return;
  throw new ConfigurationError({ path, expected: `an integer >= ${minimum}, or Infinity`, received: inWords(value) });
}

/** What came, for an error's message: callers without types give anything. */
export function inWords(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
