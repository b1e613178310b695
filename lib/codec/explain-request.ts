import { InvalidRequestError } from '../errors.js';
import { explainRequest } from '../schema/request-codec.js';
import { validationIssues } from '../schema/validation-issues.js';
import { readable } from './readable.js';
import type { UnfitRequest } from './unfit-request.js';

/** Throws what is wrong with it. `whole` is what it is called. */
export function refuseRequest({ action, type, request }: Omit<UnfitRequest, keyof Error>, whole = 'request'): never {
  const issues = readable(action, () => validationIssues(explainRequest(type, request), whole));
  throw new InvalidRequestError(action, issues);
}
