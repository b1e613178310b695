/** What a call ended in as plain data, so that its caller in another process gets the same error, and not a message. */
import {
  AsyncQueueFullError,
  AsyncQueueTimeoutError,
  ClientError,
  ConfigurationError,
  InvalidRequestError,
  InvalidResponseError,
  NetworkError,
  NotSettledError,
  ServerError,
  TimeoutError,
  WaitFailedError,
  WaitTimeoutError,
  type AlicloudError,
} from '../errors.js';
import { isObject } from '../schema/values.js';
import { fromTransfer, toTransfer } from './transfer.js';

/** An error as JSON: all that `toJSON()` tells of it. */
export interface FailureRecord {
  /** The name of its class. */
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly kind: 'client' | 'server';
  /** Its own facts, its attempts among them, each written by `toTransfer`. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Of an error its name, code, status and message; of anything else its type. */
  readonly cause?: unknown;
}

/** The stack stays behind, and so does what an error hides from logs. */
export function writeFailure(error: AlicloudError): FailureRecord {
  const { name, code, message, kind, cause, ...facts } = error.toJSON() as Record<string, unknown> & FailureRecord;
  const written = Object.entries(facts).flatMap(([fact, value]) => {
    if (value === undefined) return [];
    try {
      return [[fact, toTransfer(value, fact, refuse)]];
    } catch {
      // Only a class of the user's own has facts that can't travel.
      return [];
    }
  });
  return {
    name,
    code,
    message,
    kind,
    facts: Object.fromEntries(written) as FailureRecord['facts'],
    ...(cause === undefined ? {} : { cause: toTransfer(cause, 'cause', asText) }),
  };
}

/** The error that was written, of the class that it had; where that is not known here, of the one below. Whatever is read, it is an error. */
export function readFailure(record: unknown): AlicloudError {
  if (!isRecord(record)) return new ClientError('SDK.Unexpected', 'What the call ended in can not be read');
  const { name, code, message, kind, facts, cause } = record;
  const make = classes.get(name) ?? (kind === 'server' ? serverError : clientError);
  const error = make();
  const read = Object.entries(facts).map(([fact, value]) => [fact, readSafely(value)]);
  Object.assign(error, Object.fromEntries(read), { name, code, kind, message });
  const frames = /\n {4}at [^]*/.exec(error.stack ?? '')?.[0] ?? '';
  const hidden = { writable: true, configurable: true, enumerable: false };
  Object.defineProperty(error, 'stack', { ...hidden, value: `${name}: ${message}${frames}` });
  if (cause !== undefined) Object.defineProperty(error, 'cause', { ...hidden, value: causeOf(cause) });
  return error;
}

/** What they are made of here is replaced by what was written. */
const classes = new Map<string, () => AlicloudError>([
  ['ClientError', clientError],
  ['ServerError', serverError],
  ['ConfigurationError', () => new ConfigurationError({ path: '', expected: '', received: '' })],
  ['InvalidRequestError', () => new InvalidRequestError('', [])],
  ['InvalidResponseError', () => new InvalidResponseError('', 0, {}, '')],
  ['TimeoutError', () => new TimeoutError({ phase: 'attempt', timeout: 0 })],
  ['NetworkError', () => new NetworkError('', '')],
  ['AsyncQueueFullError', () => new AsyncQueueFullError(0, 0)],
  ['AsyncQueueTimeoutError', () => new AsyncQueueTimeoutError(0)],
  ['WaitTimeoutError', () => new WaitTimeoutError({ waiter: '', answers: 0, last: undefined }, 0)],
  ['WaitFailedError', () => new WaitFailedError({ waiter: '', answers: 0, last: undefined })],
  ['NotSettledError', () => new NotSettledError(undefined, undefined)],
]);

function clientError(): AlicloudError {
  return new ClientError('SDK.Unexpected', '');
}

function serverError(): AlicloudError {
  return new ServerError({ code: '', message: '', status: 0, action: '', headers: {}, rawBody: '' });
}

function isRecord(value: unknown): value is FailureRecord {
  return (
    isObject(value) &&
    [value.name, value.code, value.message].every((text) => typeof text === 'string') &&
    (value.kind === 'client' || value.kind === 'server') &&
    isObject(value.facts)
  );
}

function readSafely(value: unknown): unknown {
  try {
    return fromTransfer(value);
  } catch {
    return undefined;
  }
}

/** An error with its name, code and status, or a value of the same type as what the cause was. */
function causeOf(written: unknown): unknown {
  const cause = readSafely(written);
  if (typeof cause === 'string') return stands[cause] ?? {};
  if (!isObject(cause)) return {};
  const error = new Error(String(cause.message));
  for (const field of ['name', 'code', 'status']) {
    if (cause[field] !== undefined) Object.defineProperty(error, field, { value: cause[field], configurable: true });
  }
  return error;
}

const stands: Readonly<Record<string, unknown>> = {
  string: '',
  number: NaN,
  bigint: 0n,
  boolean: false,
  symbol: Symbol('cause'),
  function: () => undefined,
  object: {},
};

function refuse(path: string): never {
  throw new TypeError(`${path} can not travel`);
}

/** A foreign code may be anything. */
function asText(): never {
  return '' as never;
}
