/** Lets a request in or refuses it: which protocol it speaks, whether it is signed, fresh and not a repetition. */
import type { AnyOperation } from '../service.js';
import { apiError, missingParameter } from './api-error.js';
import type { CredentialStore, StoredCredentials } from './credentials.js';
import { createNonceMemory, type NonceMemory } from './nonces.js';
import { isBearer, verifyBearer } from './verify-bearer.js';
import { isV3, verifyV3 } from './verify-v3.js';
import { parameter, type ParsedRequest } from './wire.js';

export interface Gate {
  /** Who calls; `undefined` where nobody has to say so. Throws as the service refuses. */
  admit(request: ParsedRequest, operation: AnyOperation, now: number): StoredCredentials | undefined;
}

/** How far a client's clock may be off, in ms. */
const tolerance = 15 * 60_000;

export function createGate(credentials: CredentialStore, bearerTokens: ReadonlySet<string>): Gate {
  // A timestamp from the far end of the tolerance stays acceptable for twice the tolerance.
  const nonces = createNonceMemory(2 * tolerance);
  return {
    admit(request, operation, now) {
      if (operation.anonymous) return undefined;
      if (isV3(request)) {
        checkClock(request, now);
        const caller = verifyV3(request, credentials);
        checkToken(request, caller, now);
        checkNonce(request, caller.accessKeyId, nonces, now);
        return caller;
      }
      if (isBearer(request)) {
        checkClock(request, now);
        verifyBearer(request, bearerTokens);
        checkNonce(request, 'bearer', nonces, now);
        return undefined;
      }
      if (isV1(request)) {
        throw apiError(
          400,
          'UnsupportedSignature',
          'The emulator verifies ACS3-HMAC-SHA256 signatures and bearer tokens.',
        );
      }
      throw missingParameter('Authorization');
    },
  };
}

function isV1({ headers, query }: ParsedRequest): boolean {
  return headers.authorization?.startsWith('acs ') === true || parameter(query, 'Signature') !== undefined;
}

function checkClock({ headers }: ParsedRequest, now: number): void {
  const date = headers['x-acs-date'];
  if (date === undefined) throw missingParameter('x-acs-date');
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(date) ? Date.parse(date) : NaN;
  if (Number.isNaN(time)) {
    throw apiError(400, 'InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.');
  }
  if (Math.abs(now - time) > tolerance) {
    throw apiError(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  }
}

function checkToken({ headers }: ParsedRequest, caller: StoredCredentials, now: number): void {
  const token = headers['x-acs-security-token'];
  if (token === undefined && caller.securityToken !== undefined) throw missingParameter('x-acs-security-token');
  if (token !== caller.securityToken) {
    throw apiError(400, 'InvalidSecurityToken.Malformed', 'Specified SecurityToken is malformed.');
  }
  if (caller.expires !== undefined && now >= caller.expires) {
    throw apiError(400, 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.');
  }
}

/** Last of all checks, so that a refused request uses up no nonce. */
function checkNonce({ headers }: ParsedRequest, caller: string, nonces: NonceMemory, now: number): void {
  const nonce = headers['x-acs-signature-nonce'];
  if (nonce === undefined || nonce === '') throw missingParameter('x-acs-signature-nonce');
  if (nonces.isUsed(`${caller} ${nonce}`, now)) {
    throw apiError(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
  }
}
