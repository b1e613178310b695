import type { EncodedRequest } from '../codec/encode.js';
import { signedRoaV1 } from './sign-roa-v1.js';
import { signedRpcV1 } from './sign-rpc-v1.js';
import type { SignedRequest, Signing } from './signing.js';

/** The older protocols: one for RPC calls, one for ROA calls. */
export function signedV1(encoded: EncodedRequest, signing: Signing): SignedRequest {
  return signing.operation.path === undefined ? signedRpcV1(encoded, signing) : signedRoaV1(encoded, signing);
}
