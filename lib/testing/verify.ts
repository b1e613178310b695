/** Lets a request in or refuses it: whether it is signed, fresh and not a repetition. */
import { apiError, missingParameter } from './api-error.js';
import type { CredentialStore, StoredCredentials } from './credentials.js';
import { createNonceMemory } from './nonces.js';
import type { CompiledOperation } from './operations.js';
import type { CommonParameters } from './common-parameters.js';
import { verifyBearer } from './verify-bearer.js';
import { verifyRoaV1, verifyRpcV1 } from './verify-v1.js';
import { verifyV3 } from './verify-v3.js';
import type { ParsedRequest } from './wire.js';

export interface Gate {
  /** Who calls; `undefined` where nobody has to say so. Throws as the service refuses. */
  admit(request: ParsedRequest, common: CommonParameters, operation: Guarded, now: number): Caller;
}

/** What is to be known of an operation to let a call of it in. */
export type Guarded = Pick<CompiledOperation, 'descriptor' | 'body'>;

export type Caller = StoredCredentials | undefined;

/** How far a client's clock may be off, in ms. */
const tolerance = 15 * 60_000;

export function createGate(credentials: CredentialStore, bearerTokens: ReadonlySet<string>): Gate {
  // A timestamp from the far end of the tolerance stays acceptable for twice the tolerance.
  const nonces = createNonceMemory(2 * tolerance);

  /** Last of all checks, so that a refused request uses up no nonce. */
  function checkNonce(common: CommonParameters, caller: string, now: number): void {
    if (nonces.isUsed(`${caller} ${common.nonce()}`, now)) {
      throw apiError(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
    }
  }

  return {
    admit(request, common, operation, now) {
      if (common.signature !== undefined) {
        checkClock(common, now);
        const caller = verifiers[common.signature](request, credentials);
        if (common.signature === 'RPC V1') checkForm(request, operation);
        checkToken(common, caller, now);
        checkNonce(common, caller.accessKeyId, now);
        return caller;
      }
      // Whoever signs is held to it: a signed request whose action was changed to one that is open to all is no such call.
      if (operation.descriptor.anonymous) return undefined;
      if (common.bearerToken === undefined) throw missingParameter('Authorization');
      checkClock(common, now);
      verifyBearer(common, bearerTokens);
      checkNonce(common, 'bearer', now);
      return undefined;
    },
  };
}

const verifiers = { V3: verifyV3, 'ROA V1': verifyRoaV1, 'RPC V1': verifyRpcV1 };

/** All that RPC V1 signs of a body is a form; of bytes and the like it signs nothing, and no other protocol is there to. */
function checkForm({ body, hasForm }: ParsedRequest, operation: Guarded): void {
  if (body.length === 0 || hasForm || 'whole' in operation.body) return;
  throw apiError(400, 'UnsupportedContentType', 'The older signature covers the body only where it is a form.');
}

function checkClock(common: CommonParameters, now: number): void {
  if (Math.abs(now - common.time()) > tolerance) {
    throw apiError(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  }
}

function checkToken({ token }: CommonParameters, caller: StoredCredentials, now: number): void {
  if (token.value === undefined && caller.securityToken !== undefined) throw missingParameter(token.name);
  if (token.value !== caller.securityToken) {
    throw apiError(400, 'InvalidSecurityToken.Malformed', 'Specified SecurityToken is malformed.');
  }
  if (caller.expires !== undefined && now >= caller.expires) {
    throw apiError(400, 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.');
  }
}
