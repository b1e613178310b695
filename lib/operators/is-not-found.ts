import { isServerError } from '../errors.js';

/** Whether the server says that the resource that it was asked for does not exist. What a service calls so differs. */
export function isNotFound(error: unknown): boolean {
  return isServerError(error) && missing.test(error.code) && !ofTheCall.test(error.code);
}

const missing = /Not_?Found|Not_?Exists?|Non_?existent/i;
/** What is not found there is the operation or the caller, for good. */
const ofTheCall = /^(?:Invalid)?(?:Action|Api|Version|Product|Region|RegionId|AccessKeyId|Parameter)(?=[.A-Z]|$)/;
