import { InvalidRequestError, isAlicloudError } from '../errors.js';
import { UnfitRequest } from './unfit-request.js';

/** What is read of a request, which may be anything: contain itself, be deeper than the stack, or throw where it is read. */
export function readable<T>(action: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isAlicloudError(error) || error instanceof UnfitRequest) throw error;
    const received = error instanceof RangeError ? 'one that is too deep' : 'one that throws where it is read';
    const expected = 'one that can be read, and does not contain itself';
    throw new InvalidRequestError(action, [{ path: 'request', expected, received }]);
  }
}
