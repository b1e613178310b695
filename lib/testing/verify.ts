/** Lets a request in or refuses it: which protocol it speaks, whether it is signed, fresh and not a repetition. */
import type { AnyOperation } from '../service.js';
import { apiError, missingParameter } from './api-error.js';
import type { CredentialStore, StoredCredentials } from './credentials.js';
import { createNonceMemory } from './nonces.js';
import { presentedBy, type Presented } from './presented.js';
import { verifyBearer } from './verify-bearer.js';
import { isRoaV1, isRpcV1, verifyRoaV1, verifyRpcV1 } from './verify-v1.js';
import { isV3, verifyV3 } from './verify-v3.js';
import type { ParsedRequest } from './wire.js';

export interface Gate {
  /** Who calls; `undefined` where nobody has to say so. Throws as the service refuses. */
  admit(request: ParsedRequest, operation: AnyOperation, now: number): StoredCredentials | undefined;
}

/** How far a client's clock may be off, in ms. */
const tolerance = 15 * 60_000;

export function createGate(credentials: CredentialStore, bearerTokens: ReadonlySet<string>): Gate {
  // A timestamp from the far end of the tolerance stays acceptable for twice the tolerance.
  const nonces = createNonceMemory(2 * tolerance);

  /** Last of all checks, so that a refused request uses up no nonce. */
  function checkNonce(presented: Presented, caller: string, now: number): void {
    if (nonces.isUsed(`${caller} ${presented.nonce()}`, now)) {
      throw apiError(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
    }
  }

  return {
    admit(request, operation, now) {
      if (operation.anonymous) return undefined;
      const presented = presentedBy(request);
      const verify = signatureOf(request);
      if (verify !== undefined) {
        checkClock(presented, now);
        const caller = verify(request, credentials);
        checkToken(presented, caller, now);
        checkNonce(presented, caller.accessKeyId, now);
        return caller;
      }
      if (presented.bearerToken === undefined) throw missingParameter('Authorization');
      checkClock(presented, now);
      verifyBearer(request, presented.bearerToken, bearerTokens);
      checkNonce(presented, 'bearer', now);
      return undefined;
    },
  };
}

function signatureOf(request: ParsedRequest): typeof verifyV3 | undefined {
  if (isV3(request)) return verifyV3;
  if (isRoaV1(request)) return verifyRoaV1;
  return isRpcV1(request) ? verifyRpcV1 : undefined;
}

function checkClock(presented: Presented, now: number): void {
  if (Math.abs(now - presented.time()) > tolerance) {
    throw apiError(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  }
}

function checkToken({ token }: Presented, caller: StoredCredentials, now: number): void {
  if (token.value === undefined && caller.securityToken !== undefined) throw missingParameter(token.name);
  if (token.value !== caller.securityToken) {
    throw apiError(400, 'InvalidSecurityToken.Malformed', 'Specified SecurityToken is malformed.');
  }
  if (caller.expires !== undefined && now >= caller.expires) {
    throw apiError(400, 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.');
  }
}
