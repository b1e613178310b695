/** Checks what `inject` and `handle` are told, at once, where it is told. */
import {
  checkOption,
  checkOptions,
  integerFrom,
  milliseconds,
  ofType,
  oneOf,
  refused,
  type Check,
  type Rule,
} from '../schema/options.js';
import { isObject, isPlainObject } from '../schema/values.js';
import type { Fault } from './faults.js';

const text: Rule = { expected: 'a non-empty string', fits: (value) => typeof value === 'string' && value !== '' };

const status: Rule = {
  expected: 'an HTTP status from 200 to 599',
  fits: (value) => Number.isInteger(value) && Number(value) >= 200 && Number(value) <= 599,
};

const ofEvery = {
  action: text,
  times: integerFrom(1),
  probability: {
    expected: 'a number from 0 to 1',
    fits: (value) => typeof value === 'number' && value >= 0 && value <= 1,
  },
} satisfies Record<string, Rule>;

const hinting = {
  retryAfter: milliseconds,
  hint: oneOf('x-acs-retry-after', 'x-ratelimit-user-api', 'x-ratelimit-user', 'retry-after'),
  headers: {
    expected: 'an object of strings',
    fits: (value) => isPlainObject(value) && Object.values(value).every((each) => typeof each === 'string'),
  },
} satisfies Record<string, Rule>;

const striking = { afterExecution: ofType('boolean') };
const lasting = { duration: milliseconds };

const byKind: Readonly<Record<Fault['kind'], Readonly<Record<string, Check>>>> = {
  throttle: { status, code: text, ...hinting },
  error: { status, code: text, message: ofType('string'), ...striking, ...hinting },
  html: { status, ...striking, ...hinting },
  reset: striking,
  late: lasting,
  slow: lasting,
  cut: {},
};

/** @throws ConfigurationError */
export function checkFault(fault: unknown): void {
  if (!isPlainObject(fault)) throw refused('fault', 'an object', fault);
  const { kind } = fault;
  const known = oneOf(...Object.keys(byKind));
  checkOption('fault.kind', kind, known);
  const rules = byKind[kind as Fault['kind']];
  checkOptions(fault, { kind: known, ...ofEvery, ...rules }, 'fault.');
  if ('duration' in rules) checkOption('fault.duration', fault.duration, milliseconds);
}

/** @throws ConfigurationError */
export function checkHandler(operation: unknown, handler: unknown): void {
  const isOne =
    text.fits(operation) || (isObject(operation) && isObject(operation.service) && text.fits(operation.action));
  if (!isOne) throw refused('operation', "an operation's descriptor or name", operation);
  checkOption('handler', handler, ofType('function'));
}
