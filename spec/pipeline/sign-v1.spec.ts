import { OpenApiUtil } from '@alicloud/openapi-core';
import { Request } from '@darabonba/typescript';
import type { ClientOptions } from '../../lib/client-options.js';
import { bearerToken, stsToken } from '../../lib/credentials/credentials.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import {
  answer,
  errorOf,
  formOf,
  MemoryTransport,
  operation,
  pipelineOver,
  queryOf,
  secret,
  sentFor,
  service,
} from './support.js';

const id = 'LTAI5tId';
const fixed: ClientOptions = {
  clock: () => Date.UTC(2026, 0, 31, 8, 0, 0, 999),
  nonce: () => 'nonce-1',
  signature: 'V1',
};
const roa = { method: 'GET', path: '/clusters/{ClusterId}' } as const;

/** The signature that the official SDK gives to the RPC call that was sent. */
function officialRpc(sent: HttpRequest): string {
  const { Signature: _signature, ...query } = queryOf(sent);
  return OpenApiUtil.getRPCSignature({ ...query, ...formOf(sent) }, sent.method, secret);
}

function officialRoa(sent: HttpRequest): string {
  const { authorization: _authorization, ...headers } = sent.headers;
  const { host, pathname } = new URL(sent.url);
  const request = new Request();
  Object.assign(request, { method: sent.method, pathname, query: queryOf(sent), headers: { ...headers, host } });
  return `acs ${id}:${OpenApiUtil.getROASignature(OpenApiUtil.getStringToSign(request), secret)}`;
}

describe('an RPC call in the older protocol', () => {
  it('says everything in its query', async () => {
    const sent = await sentFor(operation({ query: 'A:s' }), { A: 'a' }, undefined, fixed);
    expect(queryOf(sent)).toEqual({
      A: 'a',
      Action: 'DescribeZones',
      Format: 'json',
      Version: '2014-05-26',
      Timestamp: '2026-01-31T08:00:00Z',
      SignatureNonce: 'nonce-1',
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      AccessKeyId: id,
      Signature: officialRpc(sent),
    });
    expect(sent.headers).toEqual({
      'x-acs-action': 'DescribeZones',
      'x-acs-version': '2014-05-26',
      'x-acs-credentials-provider': 'static_ak',
    });
  });

  it('signs the parameters of its form, too', async () => {
    const called = operation({ query: 'A:[s]', body: 'B:s,C:[{D:n}]' });
    const sent = await sentFor(called, { A: ['é *~', ''], B: '+ &', C: [{ D: 1 }] }, undefined, fixed);
    expect(sent.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(formOf(sent)).toEqual({ B: '+ &', 'C.1.D': '1' });
    expect(queryOf(sent).Signature).toBe(officialRpc(sent));
  });

  it('has a form where the operation has JSON otherwise', async () => {
    const fields = await sentFor(operation({ body: 'B:s', bodyType: 'json' }), { B: 'b' }, undefined, fixed);
    const whole = await sentFor(operation({ body: 'B=<s>', bodyType: 'json' }), { B: { c: 'd' } }, undefined, fixed);
    expect([fields.body, whole.body]).toEqual(['B=b', 'c=d']);
    expect(queryOf(whole).Signature).toBe(officialRpc(whole));
  });

  it('has a security token in its query, signed', async () => {
    const sent = await sentFor(operation(), {}, undefined, { ...fixed, credentials: stsToken(id, secret, 'a+b/c==') });
    expect(queryOf(sent)).toMatchObject({ SecurityToken: 'a+b/c==', Signature: officialRpc(sent) });
  });

  it('has a bearer token in the place of a signature', async () => {
    const sent = await sentFor(operation(), {}, undefined, { ...fixed, credentials: bearerToken('e30.t') });
    expect(queryOf(sent)).toMatchObject({ BearerToken: 'e30.t', SignatureType: 'BEARERTOKEN' });
    expect(Object.keys(queryOf(sent))).not.toContain('Signature');
  });
});

describe('a ROA call in the older protocol', () => {
  it('says everything in its headers', async () => {
    const sent = await sentFor(
      operation({ ...roa, query: 'q:s' }),
      { ClusterId: 'a/b *+~', q: 'é &' },
      undefined,
      fixed,
    );
    expect(sent.headers).toEqual({
      accept: 'application/json',
      date: 'Sat, 31 Jan 2026 08:00:00 GMT',
      'x-acs-action': 'DescribeZones',
      'x-acs-version': '2014-05-26',
      'x-acs-credentials-provider': 'static_ak',
      'x-acs-signature-nonce': 'nonce-1',
      'x-acs-signature-method': 'HMAC-SHA1',
      'x-acs-signature-version': '1.0',
      authorization: officialRoa(sent),
    });
    expect(queryOf(sent)).toEqual({ q: 'é &' });
  });

  it.each(['json', 'form'] as const)('may have a body: %s', async (bodyType) => {
    const called = operation({ ...roa, method: 'POST', body: 'b:s', header: 'x-acs-h:s', bodyType });
    const sent = await sentFor(called, { ClusterId: 'c', b: 'é', 'x-acs-h': ' h ' }, undefined, fixed);
    expect(sent.body).toBe(bodyType === 'json' ? '{"b":"é"}' : 'b=%C3%A9');
    expect(sent.headers.authorization).toBe(officialRoa(sent));
  });

  it('has a security token in its headers, signed', async () => {
    const options = { ...fixed, credentials: stsToken(id, secret, 'a+b/c==') };
    const sent = await sentFor(operation(roa), { ClusterId: 'c' }, undefined, options);
    expect(sent.headers).toMatchObject({ 'x-acs-accesskey-id': id, 'x-acs-security-token': 'a+b/c==' });
    expect(sent.headers.authorization).toBe(officialRoa(sent));
  });

  it('has a bearer token in the place of a signature', async () => {
    const options = { ...fixed, credentials: bearerToken('e30.t') };
    const { headers } = await sentFor(operation(roa), { ClusterId: 'c' }, undefined, options);
    expect(headers).toMatchObject({ 'x-acs-bearer-token': 'e30.t', 'x-acs-signature-type': 'BEARERTOKEN' });
    expect(headers).not.toHaveProperty('authorization');
  });

  it('is not signed where it is anonymous', async () => {
    const sent = await sentFor(operation({ ...roa, anonymous: true }), { ClusterId: 'c' }, undefined, fixed);
    expect(sent.headers).not.toHaveProperty('authorization');
    expect(queryOf(sent)).toEqual({});
  });
});

describe('the protocol of a call', () => {
  const isV1 = (sent: HttpRequest): boolean => 'Signature' in queryOf(sent);
  const older = { ...service, protocol: 'V1' } as const;

  it.each<[what: string, differs: Parameters<typeof operation>[0], options: ClientOptions, v1: boolean]>([
    ['V3', {}, {}, false],
    ["the client's", {}, { signature: 'V1' }, true],
    ["the service's, which takes no other", { service: older }, { signature: 'V3' }, true],
    ["the operation's", { protocol: 'V1' }, {}, true],
    ["the operation's before the service's", { protocol: 'V3', service: older }, {}, false],
  ])('is %s', async (_what, differs, options, v1) => {
    expect(isV1(await sentFor(operation(differs), {}, undefined, options))).toBe(v1);
  });

  it.each([{}, roa])('shows none of its secrets in an error', async (differs) => {
    const transport = new MemoryTransport(({ url, headers }) => {
      const said = `${url} ${JSON.stringify(headers)} ${secret} ${decodeURIComponent(url)}`;
      return [answer(JSON.stringify({ Code: 'SignatureDoesNotMatch', Message: said }), 400)];
    });
    const options = { ...fixed, credentials: stsToken(id, secret, 'hunter2-token') };
    const error = await errorOf(
      pipelineOver(transport, options).call(operation(differs), 'path' in differs ? { ClusterId: 'c' } : {}),
    );
    const [sent] = transport.sent;
    const signature = queryOf(sent!).Signature ?? sent?.headers.authorization?.split(':')[1];
    for (const hidden of [secret, 'hunter2-token', signature]) {
      expect(JSON.stringify(error)).not.toContain(hidden);
    }
  });
});
