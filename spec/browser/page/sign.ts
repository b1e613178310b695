/** The signers alone, with the hashing of the side that they are bundled for. */
import { lastValueFrom, of } from 'rxjs';
import { andThen } from '../../../lib/platform/eventual.js';
import { signRoaV1, signRpcV1 } from '../../../lib/signature/v1.js';
import { signV3 } from '../../../lib/signature/v3.js';
import type { RoaV1Vector, RpcV1Vector, V3Vector } from '../../signature/vectors.js';

export const sign = {
  v3: ({ request, key }: V3Vector): Promise<string> =>
    lastValueFrom(andThen(signV3(request, key), ({ authorization }) => of(authorization))),
  rpcV1: ({ method, parameters, secret }: RpcV1Vector): string => signRpcV1(method, new Map(parameters), secret),
  roaV1: ({ request, secret }: RoaV1Vector): string => signRoaV1({ ...request, query: new Map(request.query) }, secret),
};
