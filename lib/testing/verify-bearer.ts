/** Bearer tokens: no signature, only a token that must be known. */
import { apiError } from './api-error.js';
import { parameter, type ParsedRequest } from './wire.js';

export function verifyBearer(request: ParsedRequest, token: string, known: ReadonlySet<string>): void {
  const type = request.headers['x-acs-signature-type'] ?? parameter(request.query, 'SignatureType');
  if (type !== 'BEARERTOKEN') {
    throw apiError(400, 'InvalidSignatureType', 'A bearer token needs the signature type BEARERTOKEN.');
  }
  if (!known.has(token)) throw apiError(400, 'InvalidBearerToken', 'Specified bearer token is not valid.');
}
