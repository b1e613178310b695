import { createHash } from 'node:crypto';
import { OpenApiUtil } from '@alicloud/openapi-core';
import { Request } from '@darabonba/typescript';
import { bearerToken, stsToken } from '../../lib/credentials/credentials.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { operation, queryOf, secret, sentFor } from './support.js';

const fixed: ClientOptions = {
  clock: () => Date.UTC(2026, 0, 31, 8, 0, 0, 999),
  nonce: () => 'nonce-1',
  userAgent: 'me',
};
const roa = { method: 'GET', path: '/clusters/{ClusterId}' } as const;
const id = 'LTAI5tId';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The signature that the official SDK gives to what was sent. */
function officially({ method, url, headers, body }: HttpRequest): string {
  const { host, pathname } = new URL(url);
  const { authorization: _authorization, ...rest } = headers;
  const request = new Request();
  request.method = method;
  request.pathname = pathname;
  request.query = queryOf({ method, url, headers });
  request.headers = { ...rest, host };
  return OpenApiUtil.getAuthorization(request, 'ACS3-HMAC-SHA256', sha256(String(body ?? '')), id, secret);
}

describe('a signed call', () => {
  it('has the common headers', async () => {
    expect((await sentFor(operation(), {}, undefined, fixed)).headers).toMatchObject({
      'x-acs-action': 'DescribeZones',
      'x-acs-version': '2014-05-26',
      'x-acs-date': '2026-01-31T08:00:00Z',
      'x-acs-signature-nonce': 'nonce-1',
      'x-acs-content-sha256': sha256(''),
      accept: 'application/json',
      'user-agent': 'me',
    });
  });

  it('names no user agent where there is none to name', async () => {
    expect((await sentFor(operation(), {})).headers).not.toHaveProperty('user-agent');
  });

  it.each<[what: string, differs: Parameters<typeof operation>[0], request: object]>([
    ['RPC', {}, {}],
    ['RPC with a query', { query: 'B:s,A:[s]' }, { A: ['é *~', ''], B: '+' }],
    ['RPC with a form', { body: 'B:s' }, { B: 'é' }],
    ['ROA', roa, { ClusterId: 'a/b *+~' }],
    [
      'ROA with JSON',
      { ...roa, method: 'POST', body: 'b:s', header: 'x-acs-h:s' },
      { ClusterId: 'c', b: 'é', 'x-acs-h': ' h ' },
    ],
  ])('has the signature of the official SDK: %s', async (_what, differs, request) => {
    const sent = await sentFor(operation(differs), request, undefined, fixed);
    expect(sent.headers.authorization).toBe(officially(sent));
  });

  it.each(['http://127.0.0.1:8080', 'https://localhost:443', 'HTTP://LocalHost:80', '[::1]:1'])(
    'to %s has the host in its signature that will be sent',
    async (endpoint) => {
      const sent = await sentFor(operation(), {}, undefined, { ...fixed, endpoint });
      expect(sent.headers.authorization).toBe(officially(sent));
    },
  );

  it('sends no secret', async () => {
    const sent = await sentFor(operation({ query: 'A:s', body: 'B:s' }), { A: 'a', B: 'b' });
    expect(JSON.stringify(sent)).not.toContain(secret);
  });
});

describe('a call with a security token', () => {
  it('sends the token and signs it', async () => {
    const sent = await sentFor(operation(), {}, undefined, { ...fixed, credentials: stsToken(id, secret, 'a+b/c==') });
    expect(sent.headers).toMatchObject({ 'x-acs-accesskey-id': id, 'x-acs-security-token': 'a+b/c==' });
    expect(sent.headers.authorization).toBe(officially(sent));
    expect(sent.headers.authorization).toContain('x-acs-security-token');
  });

  it.each([undefined, null, ''])('is signed with the access key alone where the token is %p', async (securityToken) => {
    const credentials = () => [{ accessKeyId: id, accessKeySecret: secret, securityToken: securityToken! }];
    const { headers } = await sentFor(operation(), {}, undefined, { ...fixed, credentials });
    expect(Object.keys(headers).filter((name) => /token|accesskey/.test(name))).toEqual([]);
    expect(headers.authorization).toBeDefined();
  });
});

describe('a call with a bearer token', () => {
  const options = { ...fixed, credentials: bearerToken('e30.t') };

  it('is not signed: RPC', async () => {
    const sent = await sentFor(operation({ query: 'A:s' }), { A: 'a' }, undefined, options);
    expect(sent.headers).toMatchObject({ 'x-acs-bearer-token': 'e30.t' });
    expect(sent.headers).not.toHaveProperty('authorization');
    expect(queryOf(sent)).toEqual({ A: 'a', SignatureType: 'BEARERTOKEN' });
  });

  it('is not signed: ROA', async () => {
    const sent = await sentFor(operation(roa), { ClusterId: 'c' }, undefined, options);
    expect(sent.headers).toMatchObject({ 'x-acs-bearer-token': 'e30.t', 'x-acs-signature-type': 'BEARERTOKEN' });
    expect(sent.headers).not.toHaveProperty('authorization');
    expect(queryOf(sent)).toEqual({});
  });
});

describe('an anonymous call', () => {
  const asked = (): never => {
    throw new Error('asked for credentials');
  };

  it.each([
    ['without a provider', undefined],
    ['without asking the provider', asked],
  ])('is sent %s', async (_how, credentials) => {
    const sent = await sentFor(operation({ anonymous: true }), {}, undefined, { ...fixed, credentials });
    expect(sent.headers).not.toHaveProperty('authorization');
    expect(queryOf(sent)).toEqual({ Format: 'json' });
  });

  it('to a ROA operation has nothing in its query', async () => {
    const sent = await sentFor(operation({ ...roa, anonymous: true }), { ClusterId: 'c' }, undefined, fixed);
    expect(sent.headers).not.toHaveProperty('authorization');
    expect(queryOf(sent)).toEqual({});
  });

  it('of the older protocol says everything in its query', async () => {
    const called = operation({ action: 'AssumeRoleWithOIDC', protocol: 'V1', anonymous: true, query: 'RoleArn:s' });
    const sent = await sentFor(called, { RoleArn: 'acs:ram::1:role/r' }, undefined, fixed);
    expect(queryOf(sent)).toEqual({
      Action: 'AssumeRoleWithOIDC',
      Format: 'json',
      Version: '2014-05-26',
      Timestamp: '2026-01-31T08:00:00Z',
      SignatureNonce: 'nonce-1',
      RoleArn: 'acs:ram::1:role/r',
    });
    expect(sent.headers).not.toHaveProperty('authorization');
  });
});
