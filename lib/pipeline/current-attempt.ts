import type { Credentials } from '../credentials/credentials.js';
import type { AlicloudError } from '../errors.js';
import type { FullResponse, ResponseHead } from '../http-event.js';
import type { Pass, Scope } from '../throttling/gates.js';
import type { SignedRequest } from '../signature/signing.js';
import type { HttpRequest } from '../transport/transport.js';

/** What is known of the attempt that is in flight: more with each stage. */
export class CurrentAttempt {
  credentials: Credentials | undefined = undefined;
  /** How much of its time was spent before it was signed, the time that it was held back left out, in milliseconds. */
  timeSpent = 0;
  /** What the server counts it against, as far as throttling goes. */
  scope: Scope | undefined = undefined;
  /** The throttle guard's pass, where one was needed. */
  pass: Pass | undefined = undefined;
  /** Whether it has been counted by a rate that is configured. */
  paced = false;
  signed: SignedRequest | undefined = undefined;
  /** When it was signed, by the server's clock as far as that was known, and how far ahead that was thought to be. */
  signedAt = 0;
  clockOffset = 0;
  /** The request as an interceptor has passed it on. */
  changed: HttpRequest | undefined = undefined;
  /** Found when something is shown. */
  secrets: readonly string[] | undefined = undefined;
  /** Tells who was told of the attempt what became of it, after that has been counted. */
  tellAnswer: ((error: AlicloudError | undefined) => void) | undefined = undefined;
  /** What came back, its body as it came. */
  answer: ResponseHead | FullResponse<unknown> | undefined = undefined;
  /** Whether some of the answer was passed on: from then on a repetition would give that twice. */
  begun = false;

  constructor(
    /** From 1 on. */
    readonly number: number,
    /** By `monotonicNow()`. */
    readonly startedAt: number,
  ) {}

  get request(): HttpRequest {
    const request = this.changed ?? this.signed?.http;
    if (request === undefined) throw new Error('The request has not been signed');
    return request;
  }
}
