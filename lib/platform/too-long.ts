import { ClientError } from '../errors.js';

/** @param limit In bytes. */
export function tooLong(origin: string, limit: number): ClientError {
  return new ClientError(
    'SDK.ResponseTooLarge',
    `The answer of ${origin} is longer than maxResponseSize, ${limit} bytes; the request was aborted`,
  );
}
