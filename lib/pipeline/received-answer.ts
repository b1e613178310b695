import type { FullResponse } from '../http-event.js';
import type { ExchangeHead } from '../platform/connections.js';

/**
 * An answer that has come over our own connections. Its headers are read when somebody looks, so that it is no plain object, and is
 * shown to nobody who may copy it. (An object with a getter of its own costs V8 a hidden class each, which keeps the answer alive.)
 */
export class ReceivedAnswer<Body = unknown> implements FullResponse<Body> {
  readonly kind = 'response';
  readonly status: number;

  constructor(
    private readonly head: ExchangeHead,
    readonly body: Body,
    readonly attempts: FullResponse<unknown>['attempts'],
  ) {
    this.status = head.status;
  }

  /** The same, decoded. */
  with<Decoded>(body: Decoded): ReceivedAnswer<Decoded> {
    return new ReceivedAnswer(this.head, body, this.attempts);
  }

  get headers(): FullResponse<unknown>['headers'] {
    return this.head.headers;
  }

  /** Whether it has one of these; names in lower case. */
  hasAny(names: readonly string[]): boolean {
    return names.some((name) => this.head.header(name) !== undefined);
  }
}
