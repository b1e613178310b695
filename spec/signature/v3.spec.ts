import fc from 'fast-check';
import { sha256Hex } from '#sha256';
import { signV3, type SignatureV3, type SignableRequest, type SigningKey } from '../../lib/signature/v3.js';
import { officialV3, v3Vectors } from './vectors.js';

const request: SignableRequest = {
  method: 'POST',
  path: '/',
  query: 'RegionId=cn-hangzhou',
  headers: {
    host: 'ecs.aliyuncs.com',
    'x-acs-action': 'DescribeZones',
    'x-acs-date': '2026-01-31T08:00:00Z',
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
    'user-agent': 'me',
  },
  bodyHash: sha256Hex(''),
};
const key: SigningKey = { accessKeyId: 'id', accessKeySecret: 'secret' };

/** In Node it is there at once. */
const authorizationOf = (...args: Parameters<typeof signV3>): string => (signV3(...args) as SignatureV3).authorization;

describe('signV3', () => {
  it('gives the signature of the official SDK', () => {
    fc.assert(
      fc.property(v3Vectors, (vector) => expect(authorizationOf(vector.request, vector.key)).toBe(officialV3(vector))),
    );
  });

  it('names what it signed, in order: x-acs-*, host and content-type', () => {
    expect(authorizationOf(request, key)).toMatch(
      /^ACS3-HMAC-SHA256 Credential=id,SignedHeaders=content-type;host;x-acs-action;x-acs-date,Signature=[0-9a-f]{64}$/,
    );
  });

  it.each<[part: string, changed: Partial<SignableRequest>]>([
    ['method', { method: 'GET' }],
    ['path', { path: '/a' }],
    ['query', { query: 'RegionId=cn-beijing' }],
    ['host', { headers: { ...request.headers, host: 'ecs.cn-beijing.aliyuncs.com' } }],
    ['content type', { headers: { ...request.headers, 'content-type': 'application/json' } }],
    ['action', { headers: { ...request.headers, 'x-acs-action': 'RunInstances' } }],
    ['body', { bodyHash: sha256Hex('body') }],
  ])('changes with the %s', (_part, changed) => {
    expect(authorizationOf({ ...request, ...changed }, key)).not.toBe(authorizationOf(request, key));
  });

  it('does not change with headers that are not signed, nor with the order and the margins of those that are', () => {
    const headers = Object.fromEntries(
      Object.entries({ ...request.headers, accept: '*/*' })
        .reverse()
        .map(([name, value]) => [name, ` ${value}\t`]),
    );
    expect(authorizationOf({ ...request, headers }, key)).toBe(authorizationOf(request, key));
  });

  it('changes with the secret', () => {
    expect(authorizationOf(request, { ...key, accessKeySecret: 'other' })).not.toBe(authorizationOf(request, key));
  });
});
