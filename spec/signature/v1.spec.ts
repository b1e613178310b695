import fc from 'fast-check';
import { signRoaV1, signRpcV1 } from '../../lib/signature/v1.js';
import {
  officialRoaV1,
  officialRpcV1,
  publishedRpcV1,
  roaV1Vectors,
  rpcV1Vectors,
  type RpcV1Vector,
} from './vectors.js';

describe('signRpcV1', () => {
  const signatureOf = ({ method, parameters, secret }: RpcV1Vector): string =>
    signRpcV1(method, new Map(parameters), secret);

  it('gives the signature of the official SDK', () => {
    fc.assert(fc.property(rpcV1Vectors, (vector) => expect(signatureOf(vector)).toBe(officialRpcV1(vector))));
  });

  it('gives the published signature', () => {
    expect(signatureOf(publishedRpcV1)).toBe(publishedRpcV1.signature);
  });
});

describe('signRoaV1', () => {
  it('gives the signature of the official SDK', () => {
    fc.assert(
      fc.property(roaV1Vectors, (vector) => {
        const request = { ...vector.request, query: new Map(vector.request.query) };
        expect(signRoaV1(request, vector.secret)).toBe(officialRoaV1(vector));
      }),
    );
  });

  it('changes with the secret, and with each part', () => {
    const request = { method: 'GET', path: '/a', query: new Map([['b', 'c']]), headers: { date: 'd', 'x-acs-e': 'f' } };
    const variants = [
      signRoaV1(request, 'secret'),
      signRoaV1(request, 'other'),
      signRoaV1({ ...request, method: 'POST' }, 'secret'),
      signRoaV1({ ...request, path: '/b' }, 'secret'),
      signRoaV1({ ...request, query: new Map() }, 'secret'),
      signRoaV1({ ...request, headers: { ...request.headers, date: 'e' } }, 'secret'),
      signRoaV1({ ...request, headers: { ...request.headers, 'x-acs-e': 'g' } }, 'secret'),
    ];
    expect(new Set(variants).size).toBe(variants.length);
  });
});
