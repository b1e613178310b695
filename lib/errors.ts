/** Every error of the SDK, and the guards that recognise them. */

const brand = Symbol.for('rx-alicloud.error');

/** On which side of the wire an error was raised. */
export type ErrorKind = 'client' | 'server';

/** One time that a request was sent, or was about to be. */
export interface Attempt {
  /** From 1 on. */
  readonly number: number;
  /** When it was begun, in milliseconds since 1970. */
  readonly startedAt: number;
  /** How long it took, in milliseconds. */
  readonly duration: number;
  /** The HTTP status of the answer, where one came. */
  readonly status?: number | undefined;
  /** The code of the error that it ended in. */
  readonly code?: string | undefined;
  /** How long the call waited after it for the next one, in milliseconds. */
  readonly wait?: number | undefined;
}

export interface AlicloudErrorOptions {
  /** What caused it, where that is known. */
  readonly cause?: unknown;
}

/**
 * The base of every error that a call can end in. `code` is stable and meant for programs, `message` for people.
 * Recognise one with {@link isAlicloudError}: the ES module and the CommonJS copy of this package are different classes.
 */
export abstract class AlicloudError extends Error {
  abstract override readonly name: string;
  /** The attempts of the call that ended in this error, where there were any. */
  declare attempts?: readonly Attempt[];
  /** The product that was called, such as `Ecs`; absent where the error is of no call. */
  declare product?: string;
  /** The operation that was called, such as `DescribeRegions`. */
  declare readonly action?: string | undefined;
  /** The region that was called, where one was given. */
  declare regionId?: string;
  /** How long the server asks to be left alone, in milliseconds, where it says so. */
  declare retryAfter?: number;

  constructor(
    readonly code: string,
    message: string,
    readonly kind: ErrorKind,
    options?: AlicloudErrorOptions,
  ) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause });
    // Not enumerable, so that it shows in no log line and no JSON.
    Object.defineProperty(this, brand, { value: kind });
  }

  /** A plain object with the error's own facts; the cause is reduced to its name, code and message. */
  toJSON(): Record<string, unknown> {
    const { name, message, code, kind, cause } = this;
    return { name, code, message, kind, ...ownFacts(this), ...(cause === undefined ? {} : { cause: briefly(cause) }) };
  }
}

/** The codes of the errors that the SDK itself raises. */
export type ClientErrorCode =
  /** An option has a value that can't work. */
  | 'SDK.InvalidConfiguration'
  /** A request has a field that is missing, unknown or of the wrong type. */
  | 'SDK.InvalidRequest'
  /** An answer is not what the operation's description says, and `strict` is set, or it can't be read at all. */
  | 'SDK.InvalidResponse'
  /** No credentials were given, or none could be had. */
  | 'SDK.CredentialsUnavailable'
  /** No host is known for the product and the region. */
  | 'SDK.EndpointUnknown'
  /** The server could not be reached, or the connection broke. */
  | 'SDK.NetworkError'
  /** A limit of time was passed: to connect, to read, of an attempt, or of the whole call. */
  | 'SDK.Timeout'
  /** The server lets no call of the kind through for longer than the call's `deadline` or `maxRetryAfter` allows. */
  | 'SDK.Throttled'
  /** The answer is longer than `maxResponseSize`. */
  | 'SDK.ResponseTooLarge'
  /** Reading a list page by page, an answer leads back to a page that was read before. */
  | 'SDK.RepeatedPage'
  /** A part of this package that is loaded when it is first needed could not be loaded. */
  | 'SDK.NotLoaded'
  /** The pool and its queue are full: the call found no room, or has lost its place to a later one. */
  | 'SDK.AsyncQueueFull'
  /** The call has waited in the queue for longer than its `maxQueueTime`, and was not sent. */
  | 'SDK.AsyncQueueTimeout'
  /** A chan or callback call, a `resize`, a `pause` or a `resume` was made while the async mode is off. */
  | 'SDK.AsyncFunctionNotEnabled'
  /** The async mode is on already. */
  | 'SDK.AsyncAlreadyEnabled'
  /** The call was cut off by `close()`, `shutdown({ mode: 'abort' })` or the `timeout` of either, or by an `AbortSignal`. */
  | 'SDK.Aborted'
  /** The client was closed before the call was made. */
  | 'SDK.Closed'
  /** Values came faster than they were taken, until the buffer between was full. */
  | 'SDK.BufferOverflow'
  /** A fake client was asked for an operation that it was given no answer for. */
  | 'SDK.NotFaked'
  /** What was waited for did not come about in time. */
  | 'SDK.WaitTimeout'
  /** What was waited for can't come about any more. */
  | 'SDK.WaitFailed'
  /** The call was executed, and the wait for what it has begun failed. */
  | 'SDK.NotSettled'
  /** What processes share, such as a Redis, can't be reached or has no room. The call was not sent. */
  | 'SDK.FleetUnavailable'
  /** The call may have been executed, and is not repeated, as that would not be safe. */
  | 'SDK.OutcomeUnknown'
  /** Something that should not happen: an error of another kind was caught on the way. */
  | 'SDK.Unexpected';

/** An error raised on this side of the wire. */
export class ClientError extends AlicloudError {
  override readonly name: string = 'ClientError';
  declare readonly code: ClientErrorCode;
  /** The HTTP status: of `SDK.Unexpected`, what a transport's own error has; of `SDK.NotLoaded`, that of the answer which could not be read. */
  declare status?: number;

  constructor(code: ClientErrorCode, message: string, options?: AlicloudErrorOptions) {
    super(code, message, 'client', options);
  }
}

/** A value that was refused: an option, or a field of a request or a response. */
export interface ValidationIssue {
  /** Where the value stands, such as `Tag[0].Key`. */
  readonly path: string;
  /** What was expected there, such as `string`. */
  readonly expected: string;
  /** What came instead, in words; never the value of a field that may be secret. */
  readonly received: string;
}

/** `SDK.InvalidConfiguration`: an option can't work. Thrown at once, where the option is given. */
export class ConfigurationError extends ClientError implements ValidationIssue {
  override readonly name: string = 'ConfigurationError';
  readonly path: string;
  readonly expected: string;
  readonly received: string;

  constructor(issue: ValidationIssue) {
    super('SDK.InvalidConfiguration', sentence(issue));
    this.path = issue.path;
    this.expected = issue.expected;
    this.received = issue.received;
  }
}

/** `SDK.InvalidRequest`: the request does not fit its operation. Nothing was sent. */
export class InvalidRequestError extends ClientError {
  override readonly name: string = 'InvalidRequestError';

  constructor(
    override readonly action: string,
    readonly issues: readonly ValidationIssue[],
  ) {
    super('SDK.InvalidRequest', `${action} was not sent. ${issues.map(sentence).join('. ')}`);
  }
}

/** `SDK.InvalidResponse`: the server's answer is not what the operation's description says. */
export class InvalidResponseError extends ClientError {
  override readonly name: string = 'InvalidResponseError';

  constructor(
    message: string,
    override readonly status: number,
    readonly headers: Readonly<Record<string, string>>,
    readonly rawBody: string,
    readonly issues: readonly ValidationIssue[] = [],
    options?: AlicloudErrorOptions,
  ) {
    super('SDK.InvalidResponse', message, options);
  }
}

/** Which limit was passed: `attempt` is the option `timeout`, the others are called as they are. */
export type TimeoutPhase = 'connect' | 'read' | 'attempt' | 'deadline';

/** Where the time of a call went, in milliseconds. */
export interface TimeSpent {
  /** In the queue of the async mode. */
  readonly queued: number;
  /** Waiting for credentials. */
  readonly credentials: number;
  /** Held back, as the server refuses calls of this kind for a while. */
  readonly throttled: number;
  /** On the wire. */
  readonly sent: number;
  /** Between attempts. */
  readonly waiting: number;
}

export interface TimeoutFacts {
  readonly phase: TimeoutPhase;
  /** The limit that was passed, in milliseconds. */
  readonly timeout: number;
  /** The operation that was called. */
  readonly action?: string | undefined;
  /** The scheme, host and port that were spoken to. */
  readonly origin?: string | undefined;
  /** Where the time of the whole call went. */
  readonly spent?: TimeSpent | undefined;
}

/** `SDK.Timeout`: a limit of time was passed. The request was aborted. */
export class TimeoutError extends ClientError {
  override readonly name: string = 'TimeoutError';
  readonly phase: TimeoutPhase;
  /** The limit that was passed, in milliseconds. */
  readonly timeout: number;
  override readonly action: string | undefined;
  readonly origin: string | undefined;
  readonly spent: TimeSpent | undefined;

  constructor(facts: TimeoutFacts) {
    super('SDK.Timeout', `${describeLimit(facts)}${facts.spent === undefined ? '' : describeSpent(facts.spent)}`);
    this.phase = facts.phase;
    this.timeout = facts.timeout;
    this.action = facts.action;
    this.origin = facts.origin;
    this.spent = facts.spent;
  }
}

/** `SDK.NetworkError`: the server could not be reached, or the connection broke before the whole answer had come. */
export class NetworkError extends ClientError {
  override readonly name: string = 'NetworkError';

  constructor(
    message: string,
    /** The scheme, host and port that were spoken to. */
    readonly origin: string,
    /** The system's own code, such as `ECONNREFUSED`, where there is one. */
    readonly systemCode?: string,
    options?: AlicloudErrorOptions,
  ) {
    super('SDK.NetworkError', message, options);
  }
}

/** `SDK.AsyncQueueFull`: as many calls as the pool and its queue hold were there already, or came later and took its place. */
export class AsyncQueueFullError extends ClientError {
  override readonly name: string = 'AsyncQueueFullError';

  constructor(
    /** How many calls may run at a time. */
    readonly poolSize: number,
    /** How many calls may wait. */
    readonly maxTaskQueueSize: number,
  ) {
    super(
      'SDK.AsyncQueueFull',
      `No room for the call: there are as many as may run (poolSize ${poolSize}) and wait (maxTaskQueueSize ${maxTaskQueueSize})`,
    );
  }
}

/** `SDK.AsyncQueueTimeout`: the call has waited for too long, and was not sent. */
export class AsyncQueueTimeoutError extends ClientError {
  override readonly name: string = 'AsyncQueueTimeoutError';

  constructor(
    /** How long it was to wait at most, in milliseconds. */
    readonly maxQueueTime: number,
  ) {
    super(
      'SDK.AsyncQueueTimeout',
      `The call did not start within its maxQueueTime of ${maxQueueTime} ms; it was not sent`,
    );
  }
}

/** What was known when a wait ended. */
export interface WaitFacts {
  /** What was waited for, such as `instanceRunning`. */
  readonly waiter: string;
  /** How many answers there were. */
  readonly answers: number;
  /** The last of them; `undefined` where there was none. */
  readonly last: unknown;
}

/** `SDK.WaitTimeout`: what was waited for did not come about in time. `cause` is the last error that was waited out, if any. */
export class WaitTimeoutError extends ClientError implements WaitFacts {
  override readonly name: string = 'WaitTimeoutError';
  readonly waiter: string;
  readonly answers: number;
  /** Not enumerable, so that it shows in no log line and no JSON: answers may hold secrets. */
  declare readonly last: unknown;

  constructor(
    facts: WaitFacts,
    /** How long was waited, in milliseconds. */
    readonly timeout: number,
    /** What the last answer says, in short; nothing of it is secret. */
    state?: string,
    options?: AlicloudErrorOptions,
  ) {
    super('SDK.WaitTimeout', `${facts.waiter} did not come about within ${timeout} ms${lastly(facts, state)}`, options);
    this.waiter = facts.waiter;
    this.answers = facts.answers;
    hide(this, 'last', facts.last);
  }
}

/** `SDK.WaitFailed`: a state was seen from which there is no way to what was waited for. */
export class WaitFailedError extends ClientError implements WaitFacts {
  override readonly name: string = 'WaitFailedError';
  readonly waiter: string;
  readonly answers: number;
  /** Not enumerable, so that it shows in no log line and no JSON: answers may hold secrets. */
  declare readonly last: unknown;

  constructor(facts: WaitFacts, state?: string) {
    super('SDK.WaitFailed', `${facts.waiter} can't come about any more${lastly(facts, state)}`);
    this.waiter = facts.waiter;
    this.answers = facts.answers;
    hide(this, 'last', facts.last);
  }
}

/** `SDK.NotSettled`: the call was executed, and the wait for what it has begun failed. `cause` is that failure. */
export class NotSettledError extends ClientError {
  override readonly name: string = 'NotSettledError';
  /** What the call was answered. Not enumerable, so that it shows in no log line and no JSON. */
  declare readonly response: unknown;

  constructor(response: unknown, cause: unknown) {
    super('SDK.NotSettled', `The call was executed, but: ${messageOf(cause)}`, { cause });
    hide(this, 'response', response);
  }
}

export type SignedPart = 'string to sign' | 'canonical request';

/** Where the two differ first, lines and columns counted from 1. */
export interface SignatureDifference {
  readonly part: SignedPart;
  readonly line: number;
  readonly column: number;
}

export interface SignatureMismatch {
  /** `undefined`: the strings are equal. */
  readonly at: SignatureDifference | undefined;
  /** What the server has there, shortened; `undefined` where its string ends before. */
  readonly server: string | undefined;
  /** What the client has there, shortened; `undefined` where its string ends before. */
  readonly client: string | undefined;
}

export interface ServerErrorFacts {
  readonly code: string;
  readonly message: string;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The operation that was called, such as `DescribeRegions`. */
  readonly action: string;
  readonly requestId?: string | undefined;
  readonly hostId?: string | undefined;
  /** A page that explains the error, where the server names one. */
  readonly recommend?: string | undefined;
  /** Which permission was missing, where the server says so. */
  readonly accessDeniedDetail?: unknown;
  /** The headers of the answer, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came, credentials masked. */
  readonly rawBody: string;
  /** Of a signature that was refused: where what the server has read differs from what was signed. */
  readonly signatureMismatch?: SignatureMismatch | undefined;
}

/** The server answered, and refused: `code` and `message` are the server's own. */
export class ServerError extends AlicloudError implements ServerErrorFacts {
  override readonly name: string = 'ServerError';
  readonly status: number;
  override readonly action: string;
  readonly requestId: string | undefined;
  readonly hostId: string | undefined;
  readonly recommend: string | undefined;
  readonly accessDeniedDetail: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: string;
  readonly signatureMismatch: SignatureMismatch | undefined;

  constructor(facts: ServerErrorFacts, options?: AlicloudErrorOptions) {
    super(facts.code, facts.message, 'server', options);
    this.status = facts.status;
    this.action = facts.action;
    this.requestId = facts.requestId;
    this.hostId = facts.hostId;
    this.recommend = facts.recommend;
    this.accessDeniedDetail = facts.accessDeniedDetail;
    this.headers = facts.headers;
    this.rawBody = facts.rawBody;
    this.signatureMismatch = facts.signatureMismatch;
  }

  /** `ServerError: Request was denied (Throttling.User, Ecs DescribeRegions, cn-hangzhou), request id 0C3A-11` */
  override toString(): string {
    const { name, code, message, requestId } = this;
    const coded = message.includes(code) ? '' : ` (${code})`;
    return `${name}: ${message}${coded}${requestId === undefined ? '' : `, request id ${requestId}`}`;
  }
}

/** The classes of those codes that have one of their own. */
export interface ErrorsByCode {
  'SDK.InvalidConfiguration': ConfigurationError;
  'SDK.InvalidRequest': InvalidRequestError;
  'SDK.InvalidResponse': InvalidResponseError;
  'SDK.NetworkError': NetworkError;
  'SDK.Timeout': TimeoutError;
  'SDK.AsyncQueueFull': AsyncQueueFullError;
  'SDK.AsyncQueueTimeout': AsyncQueueTimeoutError;
  'SDK.WaitTimeout': WaitTimeoutError;
  'SDK.WaitFailed': WaitFailedError;
  'SDK.NotSettled': NotSettledError;
}

/** What an error with that code is: `SDK.Timeout` has a `phase`, `SDK.AsyncQueueFull` the sizes, `SDK.AsyncQueueTimeout` the limit. */
export type ClientErrorOf<Code extends ClientErrorCode> = Code extends keyof ErrorsByCode
  ? ErrorsByCode[Code]
  : ClientError & { readonly code: Code };

/** The server's error with that code, or one below it: `Throttling.User` is below `Throttling`. */
export type ServerErrorOf<Code extends string> = ServerError & { readonly code: Code | `${Code}.${string}` };

/**
 * Knows clones, too, as do the other guards: those of `structuredClone` and of workers, by the class and the code that
 * stand in their stack and message. That is all that a clone keeps; where more is needed, send `error.toJSON()`.
 */
export function isAlicloudError(error: unknown): error is AlicloudError {
  return kindOf(error) !== undefined;
}

export function isClientError(error: unknown): error is ClientError;
export function isClientError<Code extends ClientErrorCode>(error: unknown, code: Code): error is ClientErrorOf<Code>;
export function isClientError(error: unknown, code?: ClientErrorCode): boolean {
  return kindOf(error) === 'client' && (code === undefined || codeOf(error as Error) === code);
}

/** A code stands for those below it, too: `Throttling` for `Throttling.User`. */
export function isServerError(error: unknown): error is ServerError;
export function isServerError<Code extends string>(error: unknown, code: Code): error is ServerErrorOf<Code>;
export function isServerError(error: unknown, code?: string): boolean {
  return (
    kindOf(error) === 'server' && (code === undefined || `${String(codeOf(error as Error))}.`.startsWith(`${code}.`))
  );
}

/** The error itself where it is one of ours; anything else is wrapped as `SDK.Unexpected`. */
export function toAlicloudError(error: unknown): AlicloudError {
  if (isAlicloudError(error)) return error;
  const { status } = (error ?? {}) as { readonly status?: unknown };
  const wrapped = new ClientError('SDK.Unexpected', messageOf(error), { cause: error });
  return typeof status === 'number' ? Object.assign(wrapped, { status }) : wrapped;
}

/** What anything that was thrown has to say. */
export function messageOf(error: unknown): string {
  try {
    if (typeof error !== 'object' || error === null) return String(error);
    const { message } = error as { readonly message?: unknown };
    if (typeof message === 'string' && (message !== '' || error instanceof Error)) return message;
    const text = (error as { toString(): string }).toString();
    if (!text.startsWith('[object ')) return text;
  } catch {
    // An object without a prototype is no text.
  }
  const names = Object.keys(error as object).slice(0, 10);
  return `an object with ${names.length === 0 ? 'nothing in it' : names.join(', ')}`;
}

function describeLimit({ phase, timeout, action = 'The call', origin = 'the server' }: TimeoutFacts): string {
  switch (phase) {
    case 'connect':
      return `${action}: no connection to ${origin} within the connectTimeout of ${timeout} ms`;
    case 'read':
      return `${action}: nothing came from ${origin} for the readTimeout of ${timeout} ms; the request was aborted`;
    case 'attempt':
      return `${action} did not end within its timeout of ${timeout} ms; the request was aborted`;
    case 'deadline':
      return `${action} did not end within its deadline of ${timeout} ms`;
  }
}

/** ` (120 ms in the queue, 4880 ms on the wire)` */
function describeSpent({ queued, credentials, throttled, sent, waiting }: TimeSpent): string {
  const parts: [number, string][] = [
    [queued, 'in the queue'],
    [credentials, 'for credentials'],
    [throttled, 'held back by throttling'],
    [sent, 'on the wire'],
    [waiting, 'between attempts'],
  ];
  const phases = parts
    .filter(([duration]) => duration > 0)
    .map(([duration, where]) => `${Math.round(duration)} ms ${where}`);
  return phases.length === 0 ? '' : ` (${phases.join(', ')})`;
}

/** `` Expected `poolSize` to be an integer >= 1, got 0 `` */
function sentence({ path, expected, received }: ValidationIssue): string {
  return `Expected \`${path}\` to be ${expected}, got ${received}`;
}

/** `, after 12 answers; the last: i-1 Pending` */
function lastly({ answers }: WaitFacts, state?: string): string {
  const last = state === undefined || state === '' ? '' : `; the last: ${state}`;
  return `, after ${answers} answer${answers === 1 ? '' : 's'}${last}`;
}

function hide(error: Error, name: string, value: unknown): void {
  Object.defineProperty(error, name, { value });
}

function kindOf(error: unknown): ErrorKind | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const kind = (error as { [brand]?: ErrorKind })[brand];
  if (kind !== undefined || (error as Error).name !== 'Error') return kind;
  const code = codeOf(error);
  if (typeof code !== 'string') return undefined;
  const [, side] = /^(Server|\w*)Error: /.exec(String((error as Error).stack)) ?? [];
  if (side === 'Server') return 'server';
  return side !== undefined && side !== '' && code.startsWith('SDK.') ? 'client' : undefined;
}

/** Of a clone, the code that its message ends with: `(Throttling.User, Ecs DescribeRegions, cn-hangzhou)`. */
function codeOf({ code, message }: { readonly code?: unknown; readonly message?: unknown }): unknown {
  return code ?? /\(([^\s,()]+), \S+ \S+(?:, [^\s()]+)?\)$/.exec(String(message).slice(-500))?.[1];
}

function ownFacts(error: AlicloudError): Record<string, unknown> {
  const { cause: _cause, stack: _stack, ...facts } = { ...error } as Record<string, unknown>;
  return facts;
}

function briefly(cause: unknown): unknown {
  if (!(cause instanceof Error)) return typeof cause;
  const { name, message } = cause;
  const { code, status } = cause as { code?: unknown; status?: unknown };
  return { name, ...(code === undefined ? {} : { code }), ...(status === undefined ? {} : { status }), message };
}
