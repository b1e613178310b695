/** What the value of a field has to be: a limit says it, and whether a value is that. */
import { ConfigurationError } from '../errors.js';
import { isAbsent, isObject } from '../schema/values.js';

/** What a field's value has to be. One of your own is as good as those of this file. */
export interface Limit<Value> {
  /** What has to be, for the caller to read: `at most 3`. */
  readonly expected: string;
  // A method, so that a limit for any list is one for a list of texts.
  fits(value: Value): boolean;
  /** Whether the field may be left out. @default false */
  readonly optional?: boolean | undefined;
}

/** A number that is no greater. */
export function atMost(maximum: number): Limit<number | bigint> {
  checkNumber(maximum, 'atMost');
  return { expected: `a number, at most ${maximum}`, fits: (value) => isNumber(value) && value <= maximum };
}

/** A number from one to another, both among them. */
export function between(minimum: number, maximum: number): Limit<number | bigint> {
  checkNumber(minimum, 'between');
  checkNumber(maximum, 'between');
  return {
    expected: `a number from ${minimum} to ${maximum}`,
    fits: (value) => isNumber(value) && value >= minimum && value <= maximum,
  };
}

/** A text that the pattern matches as a whole: `matching(/web-\d+/)`. */
export function matching(pattern: RegExp): Limit<string> {
  if (!(pattern instanceof RegExp)) {
    throw new ConfigurationError({ path: 'matching', expected: 'a RegExp', received: 'something else' });
  }
  // Of its own, without what makes one remember where it was.
  const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gym]/g, ''));
  return {
    expected: `text like ${whole.source.slice(4, -2)}`,
    fits: (value) => typeof value === 'string' && whole.test(value),
  };
}

/** One of these. Where a field has to be there, a list of them says the same. */
export function oneOf<Value extends string | number | bigint | boolean>(
  ...values: readonly Value[]
): Limit<Widened<Value>> {
  if (values.length === 0) {
    throw new ConfigurationError({ path: 'oneOf', expected: 'one value or more', received: 'none' });
  }
  const known: readonly unknown[] = values;
  return { expected: `one of ${values.join(', ')}`, fits: (value) => known.includes(value) };
}

/** A limit is asked about any text, not only those that it allows. */
export type Widened<Value> = Value extends string
  ? string
  : Value extends number
    ? number
    : Value extends bigint
      ? bigint
      : boolean;

/** A list of no more than so many items. */
export function atMostItems(maximum: number): Limit<readonly unknown[]> {
  checkNumber(maximum, 'atMostItems');
  return {
    expected: `a list of at most ${maximum}`,
    fits: (value) => Array.isArray(value) && value.length <= maximum,
  };
}

/** What each item of a list has to be; of objects, limits of their fields. */
export type ItemLimit<Item> = Limit<Item> | { readonly [K in keyof Item]?: Limit<NonNullable<Item[K]>> | undefined };

/** A list each of whose items is what a limit says; of objects, what those of their fields say. */
export function each<Item>(limit: ItemLimit<NoInfer<Item>>): Limit<readonly Item[]> {
  const expected = isLimit(limit)
    ? limit.expected
    : Object.entries(limit as Readonly<Record<string, Limit<never>>>)
        .map(([name, { expected }]) => `\`${name}\` ${expected}`)
        .join(', ');
  return {
    expected: `a list of which each is: ${expected}`,
    fits: (value) => Array.isArray(value) && value.every((item) => fits(item, limit)),
  };
}

/** All of them. Optional where all of them are. */
export function all<Value>(...limits: readonly Limit<Value>[]): Limit<Value> {
  return {
    expected: limits.map(({ expected }) => expected).join(', and '),
    fits: (value) => limits.every((limit) => limit.fits(value)),
    optional: limits.every(({ optional }) => optional === true),
  };
}

/** The same, for a field that may be left out, too. Mind what the service does then. */
export function optional<Value>(limit: Limit<Value>): Limit<Value> {
  return { expected: `${limit.expected}, or left out`, fits: (value) => limit.fits(value), optional: true };
}

/** A field that must be left out. */
export const absent: Limit<unknown> = { expected: 'left out', fits: () => false, optional: true };

export function isLimit(value: unknown): value is Limit<unknown> {
  return isObject(value) && typeof value.fits === 'function' && typeof value.expected === 'string';
}

function fits(item: unknown, limit: unknown): boolean {
  if (isLimit(limit)) return isAbsent(item) ? limit.optional === true : limit.fits(item);
  return isObject(item) && Object.entries(limit as object).every(([name, within]) => fits(item[name], within));
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function checkNumber(value: unknown, path: string): void {
  if (typeof value === 'number' && Number.isFinite(value)) return;
  throw new ConfigurationError({ path, expected: 'a number', received: 'something else' });
}
