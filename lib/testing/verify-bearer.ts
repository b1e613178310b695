/** Bearer tokens: no signature, only a token that must be known. */
import { apiError } from './api-error.js';
import { parameter, type ParsedRequest } from './wire.js';

export function isBearer(request: ParsedRequest): boolean {
  return request.headers['x-acs-bearer-token'] !== undefined;
}

export function verifyBearer(request: ParsedRequest, tokens: ReadonlySet<string>): void {
  const type = request.headers['x-acs-signature-type'] ?? parameter(request.query, 'SignatureType');
  if (type !== 'BEARERTOKEN') {
    throw apiError(400, 'InvalidSignatureType', 'A bearer token needs the signature type BEARERTOKEN.');
  }
  if (!tokens.has(request.headers['x-acs-bearer-token'] ?? '')) {
    throw apiError(400, 'InvalidBearerToken', 'Specified bearer token is not valid.');
  }
}
