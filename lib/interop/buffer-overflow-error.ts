import { ClientError } from '../errors.js';

/** `SDK.BufferOverflow`: values came faster than they were taken, until the buffer was full. */
export class BufferOverflowError extends ClientError {
  override readonly name: string = 'BufferOverflowError';

  constructor(
    /** How many values may wait. */
    readonly bufferSize: number,
  ) {
    super(
      'SDK.BufferOverflow',
      `A value came while ${bufferSize} were waiting to be taken, as many as bufferSize allows`,
    );
  }
}
