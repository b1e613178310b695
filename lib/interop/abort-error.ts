import { ClientError, messageOf } from '../errors.js';

/**
 * `SDK.Aborted`, by an `AbortSignal`. Its `name` is `AbortError`, as of whatever else takes a signal, and its `cause` the
 * signal's reason: of `AbortSignal.timeout()`, a `DOMException` whose name is `TimeoutError`.
 */
export class AbortError extends ClientError {
  override readonly name: string = 'AbortError';

  constructor(reason: unknown) {
    super('SDK.Aborted', `The signal was aborted: ${messageOf(reason)}`, { cause: reason });
  }
}
