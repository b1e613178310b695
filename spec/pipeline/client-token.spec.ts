import { lastValueFrom, of } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { CallOptions } from '../../lib/call-options.js';
import type { ClientOptions } from '../../lib/client-options.js';
import type { UntypedRequest } from '../../lib/codec/untyped.js';
import type { AnyOperation } from '../../lib/service.js';
import { answer, defaultOptions, formOf, MemoryTransport, operation, queryOf } from './support.js';

/** A server that executes whatever comes, and then fails. */
function sickServer(): MemoryTransport {
  return new MemoryTransport(() => of(answer('{"Code":"InternalError","Message":"m"}', 500)));
}

async function times(call: (client: AlicloudClient) => object, options: ClientOptions = {}): Promise<MemoryTransport> {
  const transport = sickServer();
  const retry = { baseDelay: 0 };
  const client = new AlicloudClient({ ...defaultOptions, retry, transport, rateLimiter: false, ...options });
  await lastValueFrom(call(client) as ReturnType<AlicloudClient['request']>).catch(() => undefined);
  return transport;
}

const startOnce = (differs: Partial<AnyOperation> = {}): AnyOperation =>
  operation({ action: 'StartZone', query: 'ClientToken:s,Name:s', ...differs });

const made = (called: AnyOperation, request: unknown, options?: CallOptions, more?: ClientOptions) =>
  times((client) => client.call(called as never, request as never, options as never), more);

describe('a ClientToken that is not there', () => {
  it.each([undefined, null, '', ' ', '\t\n', '\u3000'])('is filled in: %j', async (ClientToken) => {
    const { sent } = await made(startOnce(), { ClientToken });
    const tokens = sent.map((request) => queryOf(request).ClientToken);
    expect(tokens).toHaveLength(3);
    expect(tokens[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(tokens).size).toBe(1);
  });

  it.each(['', ' '])('counts for nothing where it could not be filled in: %j', async (blank) => {
    expect((await made(startOnce(), {}, undefined, { nonce: () => blank })).sent).toHaveLength(1);
  });

  it.each([[[]], [{}], [5], [true], [['a']], [new Date(0)]])('is refused: %p', async (ClientToken) => {
    expect((await made(startOnce(), { ClientToken })).sent).toEqual([]);
  });

  it.each([{ method: 'GET' }, { method: 'HEAD' }] as const)(
    'does not go with a body that is not sent: %j',
    async (how) => {
      const called = startOnce({ query: '', body: 'ClientToken:s', ...how });
      expect((await made(called, { ClientToken: 'mine' })).sent).toHaveLength(1);
    },
  );
});

describe('a ClientToken that is sent', () => {
  it.each<[place: string, differs: Partial<AnyOperation>, name: string]>([
    ['the query', {}, 'ClientToken'],
    ['the query', { query: 'clientToken:s' }, 'clientToken'],
    ['a form', { query: '', body: 'ClientToken:s' }, 'ClientToken'],
    ['JSON', { query: '', body: 'client_token:s', path: '/zones' }, 'client_token'],
    ['a header', { query: '', header: 'ClientToken:s' }, 'ClientToken'],
  ])('makes a call one that may be repeated, in %s (%j)', async (_place, differs, name) => {
    const { sent } = await made(startOnce(differs), { [name]: 'mine' });
    expect(sent).toHaveLength(3);
    for (const request of sent) expect(JSON.stringify(request)).toContain('mine');
    expect((await made(startOnce(differs), {})).sent).toHaveLength(3);
  });

  it("stays the caller's own where it is added to the query", async () => {
    const { sent } = await made(startOnce(), {}, { query: { ClientToken: 'mine' } });
    expect(sent.map((request) => queryOf(request).ClientToken)).toEqual(['mine', 'mine', 'mine']);
    const inForm = await made(startOnce({ query: '', body: 'ClientToken:s' }), {}, { query: { ClientToken: 'mine' } });
    expect(inForm.sent.map((request) => formOf(request).ClientToken)).toEqual(['mine', 'mine', 'mine']);
  });

  it.each<CallOptions>([
    { query: { ClientToken: 'mine' } },
    { headers: { ClientToken: 'mine' } },
    { headers: { 'x-acs-client-token': 'mine' } },
  ])('counts for nothing where the operation has no such field: %j', async (options) => {
    expect((await made(startOnce({ query: 'Name:s' }), {}, options)).sent).toHaveLength(1);
  });
});

describe('a call without a description', () => {
  const start = { product: 'Ecs', version: '2014-05-26', action: 'StartZone' } as const;
  const asked = (request: Partial<UntypedRequest>) => times((client) => client.request({ ...start, ...request }));

  it.each<Partial<UntypedRequest>>([
    { query: { ClientToken: 'mine' } },
    { query: { clientToken: 'mine' } },
    { query: { client_token: 'mine' } },
    { query: { ClientToken: 5 } },
    { body: { ClientToken: 'mine' } },
    { body: { ClientToken: 'mine' }, bodyType: 'json' },
    { body: { clientToken: 'mine' }, path: '/zones' },
  ])('may be repeated with %j', async (request) => {
    expect((await asked(request)).sent).toHaveLength(3);
  });

  it.each<Partial<UntypedRequest>>([
    {},
    { query: { ClientToken: '' } },
    { query: { ClientToken: ' ' } },
    { query: { ClientToken: null } },
    { query: { ClientToken: undefined } },
    { query: { ClientToken: [] } },
    { query: { ClientToken: ['mine'] } },
    { query: { ClientToken: {} } },
    { query: { ClientToken: { Id: 'mine' } } },
    { query: { NextToken: 'mine', Client: { Token: 'mine' } } },
    { query: { ClientToken: '' }, body: { ClientToken: [] } },
    { body: { ClientToken: '' } },
    { body: { ClientToken: '' }, bodyType: 'json' },
    { body: { ClientToken: [] }, bodyType: 'json' },
    { body: { ClientToken: { Id: 'mine' } }, bodyType: 'json' },
    { body: { Of: { ClientToken: 'mine' } }, bodyType: 'json' },
    { body: '{"a":1}', bodyType: 'json' },
    { body: new Uint8Array([1]), bodyType: 'bytes' },
    { body: Object.assign(new Blob(['a']), { ClientToken: 'mine' }), bodyType: 'bytes' },
    { method: 'GET', body: { ClientToken: 'mine' } },
    { headers: { ClientToken: 'mine' } },
  ])('is sent once with %j', async (request) => {
    expect((await asked(request)).sent).toHaveLength(1);
  });
});
