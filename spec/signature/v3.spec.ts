import { OpenApiUtil } from '@alicloud/openapi-core';
import { Request } from '@darabonba/typescript';
import fc from 'fast-check';
import { sha256Hex } from '#sha256';
import { canonicalQuery } from '../../lib/codec/percent-encode.js';
import { signV3, type SignableRequest, type SigningKey } from '../../lib/signature/v3.js';

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

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme', maxLength: 8 }));
/** The official signer does not encode names, which the published rules ask for; names in use need no encoding. */
const parameterName = fc.stringMatching(/^[A-Za-z0-9._~-]{1,12}$/);
const headerName = fc.oneof(
  fc.constantFrom('host', 'content-type', 'accept', 'user-agent', 'x-acs-date', 'x-acs', 'x-acs-', 'x-acs-action'),
  fc.stringMatching(/^x-acs-[a-z0-9-]{1,12}$/),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
);
const path = fc.array(text.map(encodeURIComponent)).map((segments) => `/${segments.join('/')}`);

describe('signV3', () => {
  it('gives the signature of the official SDK', () => {
    fc.assert(
      fc.property(
        fc.record({
          method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
          path,
          query: fc.array(fc.tuple(parameterName, text)).map((parameters) => new Map(parameters)),
          headers: fc.dictionary(headerName, text, { noNullPrototype: true }),
          bodyHash: text.map(sha256Hex),
          accessKeyId: fc.string({ minLength: 1 }),
          accessKeySecret: fc.string({ minLength: 1 }),
        }),
        ({ query, ...signable }) => {
          const official = new Request();
          official.method = signable.method;
          official.pathname = signable.path;
          official.query = Object.fromEntries(query);
          official.headers = signable.headers;
          expect(signV3({ ...signable, query: canonicalQuery(query) }, signable)).toBe(
            OpenApiUtil.getAuthorization(
              official,
              'ACS3-HMAC-SHA256',
              signable.bodyHash,
              signable.accessKeyId,
              signable.accessKeySecret,
            ),
          );
        },
      ),
    );
  });

  it('names what it signed, in order: x-acs-*, host and content-type', () => {
    expect(signV3(request, key)).toMatch(
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
    expect(signV3({ ...request, ...changed }, key)).not.toBe(signV3(request, key));
  });

  it('does not change with headers that are not signed, nor with the order and the margins of those that are', () => {
    const headers = Object.fromEntries(
      Object.entries({ ...request.headers, accept: '*/*' })
        .reverse()
        .map(([name, value]) => [name, ` ${value}\t`]),
    );
    expect(signV3({ ...request, headers }, key)).toBe(signV3(request, key));
  });

  it('changes with the secret', () => {
    expect(signV3(request, { ...key, accessKeySecret: 'other' })).not.toBe(signV3(request, key));
  });
});
