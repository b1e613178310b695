import { ClientError } from '../../errors.js';

/** `SDK.NotFaked`: a fake client was asked for an operation that it was given no answer for. */
export class NotFakedError extends ClientError {
  override readonly name: string = 'NotFakedError';

  constructor(
    /** The operation, as a method of the client or by its action. */
    readonly operation: string,
  ) {
    super('SDK.NotFaked', `The fake has no answer for ${operation}: give it one where it is made`);
  }
}
