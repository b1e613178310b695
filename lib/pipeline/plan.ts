/** What attempts are made with. */
import type { SkewedClock } from '../clock/skewed-clock.js';
import type { Timestamps } from '../clock/timestamps.js';
import type { AttemptHandler } from '../interceptor.js';
import type { RateLimiter } from '../limiter/limiter.js';
import type { RetryStrategy } from '../retry/strategy.js';
import type { AnyOperation, Protocol } from '../service.js';
import type { CallSettings } from '../settings.js';
import type { Transport } from '../transport/transport.js';
import type { Decode } from './decode.js';
import type { EncodedRequest } from './encode.js';
import type { CallRecord } from './record.js';
import type { Reporter } from './reporter.js';

/** What the attempts of all calls of a client share. */
export interface AttemptParts {
  readonly transport: Transport;
  /** The transport's `send`, with the interceptors around it. */
  readonly send: AttemptHandler;
  readonly userAgent: string | undefined;
  readonly nonce: () => string;
  readonly clock: SkewedClock;
  readonly timestamps: Timestamps;
  readonly limiter: RateLimiter | undefined;
  readonly retries: RetryStrategy;
  readonly reporter: Reporter;
}

/** What the attempts of one call share. */
export interface Plan {
  readonly record: CallRecord;
  readonly operation: AnyOperation;
  readonly settings: CallSettings;
  readonly protocol: Protocol;
  readonly origin: string;
  readonly encoded: EncodedRequest;
  readonly decode: Decode;
  /** Whether the answer is wanted as it comes. */
  readonly inPieces: boolean;
}
