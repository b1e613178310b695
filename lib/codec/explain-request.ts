import { InvalidRequestError } from '../errors.js';
import { explainRequest } from '../schema/request-codec.js';
import { report } from '../schema/report.js';
import { readable } from './readable.js';
import type { UnfitRequest } from './unfit-request.js';

/** Throws what is wrong with it. `whole` is what it is called. */
export function refuseRequest({ action, type, request }: Omit<UnfitRequest, keyof Error>, whole = 'request'): never {
  const refusals = readable(action, () => report(explainRequest(type, request), whole));
  throw new InvalidRequestError(action, refusals);
}
