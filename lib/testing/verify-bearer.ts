/** Bearer tokens: no signature, only a token that must be known. */
import { apiError } from './api-error.js';
import type { CommonParameters } from './common-parameters.js';

export function verifyBearer({ bearerToken = '', signatureType }: CommonParameters, known: ReadonlySet<string>): void {
  if (signatureType !== 'BEARERTOKEN') {
    throw apiError(400, 'InvalidSignatureType', 'A bearer token needs the signature type BEARERTOKEN.');
  }
  if (!known.has(bearerToken)) throw apiError(400, 'InvalidBearerToken', 'Specified bearer token is not valid.');
}
