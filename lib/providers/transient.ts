/** Which failures of a server that gives credentials are followed by another request, and after how long. */
import { ClientError, isAlicloudError, isClientError } from '../errors.js';
import { failureKindOf, isTimeout } from '../retry/classify.js';

/** How often a server is asked at most, the first time included. */
export const maxAttempts = 3;

/** The longest wait that a server may ask for, in milliseconds: calls wait for their credentials meanwhile. */
export const longestWait = 5000;

/** An answer that is of no use. */
export class AnswerError extends ClientError {
  constructor(
    why: string,
    /** The HTTP status. */
    override readonly status: number,
    /** How long the server asks to be left alone, in milliseconds. */
    readonly wait = 0,
  ) {
    super('SDK.CredentialsUnavailable', why);
  }
}

/** Nothing came in time. */
export class SilenceError extends ClientError {
  constructor(limit: number) {
    super('SDK.CredentialsUnavailable', `no answer came within ${limit} ms`);
  }
}

/** How long to wait before the next attempt, in milliseconds; `undefined`: the failure will not pass. */
export function waitAfter(error: unknown, attempts: number): number | undefined {
  if (attempts >= maxAttempts || !isTransient(error, attempts)) return undefined;
  const wait = error instanceof AnswerError ? error.wait : 0;
  return wait > longestWait ? undefined : Math.max(wait, backoff(attempts));
}

function isTransient(error: unknown, attempts: number): boolean {
  if (!isAlicloudError(error)) return false;
  // Each silence takes as long as all else together.
  if (error instanceof SilenceError || isTimeout(error)) return attempts === 1;
  // What came with the status 200 and could not be read was cut, or is from something else on the way.
  if (error instanceof AnswerError) return error.status === 200 || transientStatuses.has(error.status);
  return failureKindOf(error) === 'transient' || isClientError(error, 'SDK.InvalidResponse');
}

const transientStatuses = new Set([429, 500, 502, 503, 504]);

/** Short, as a call waits for it; spread, so that processes that failed together don't come back together. */
function backoff(attempts: number): number {
  return 50 * 2 ** (attempts - 1) * (1 + Math.random());
}
