/** The signing stage: puts the common headers on a request, and the signature. One file a protocol. */
import type { EncodedRequest } from './encode.js';
import { signedRoaV1 } from './sign-roa-v1.js';
import { signedRpcV1 } from './sign-rpc-v1.js';
import { signedV3 } from './sign-v3.js';
import type { SignedRequest, Signing } from './signing.js';

export function sign(encoded: EncodedRequest, signing: Signing): SignedRequest {
  if (signing.protocol === 'V3') return signedV3(encoded, signing);
  return signing.operation.path === undefined ? signedRpcV1(encoded, signing) : signedRoaV1(encoded, signing);
}
