/** What is executed is what was verified: requests that say two things at once, one of which is not signed. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { firstValueFrom } from 'rxjs';
import type { Call } from '../../lib/testing/handlers.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import { seeded } from '../async/seeded.js';
import { sign } from './support/signer.js';
import { signRoaV1, signRpcV1, type RoaParts, type RpcParts } from './support/signer-v1.js';
import { stoppedClock, thingsEmulator } from './support/things.js';

let emulator: Emulator;
let executed: string[];
const clock = stoppedClock();

beforeEach(() => {
  emulator = thingsEmulator({ clock, bearerTokens: ['good-token'] });
  executed = [];
  for (const action of ['DescribeThings', 'CreateThing', 'UpdateCluster', 'PutRules', 'OpenDoor']) {
    emulator.handle(action, (call: Call<unknown, unknown>) => {
      executed.push(`${action} ${JSON.stringify(call.request)}`);
      return {};
    });
  }
});

/** What was executed, or the code of the refusal. */
async function outcome(request: HttpRequest): Promise<string> {
  executed.length = 0;
  const { status, body } = await firstValueFrom(emulator.transport.send(request));
  if (status < 300) return executed.join();
  expect(executed).toEqual([]);
  return (JSON.parse(body) as { Code: string }).Code;
}

const withHeaders = (request: HttpRequest, headers: Record<string, string>): HttpRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});
const withQuery = (request: HttpRequest, more: string): HttpRequest => ({
  ...request,
  url: `${request.url}${request.url.includes('?') ? '&' : '?'}${more}`,
});

describe('an RPC call of the older protocol', () => {
  const address = { Action: 'DescribeThings', Version: '2020-01-01' };
  const rpc = (parts: Partial<RpcParts> = {}): HttpRequest => signRpcV1({ time: clock(), query: address, ...parts });

  it.each<[what: string, headers: Record<string, string>]>([
    ['action', { 'x-acs-action': 'CreateThing' }],
    ['action that anybody may call', { 'x-acs-action': 'OpenDoor' }],
    ['version', { 'x-acs-version': '1999-01-01' }],
    ['date', { 'x-acs-date': '1999-01-01T00:00:00Z' }],
    ['nonce', { 'x-acs-signature-nonce': 'another' }],
    ['security token', { 'x-acs-security-token': 'another' }],
    ['bearer token', { 'x-acs-bearer-token': 'good-token', 'x-acs-signature-type': 'BEARERTOKEN' }],
    ['method', { 'x-http-method-override': 'DELETE' }],
  ])('is what its signed query says, whatever %s an unsigned header has', async (_what, headers) => {
    expect(await outcome(withHeaders(rpc({ query: { ...address, PageSize: '2' } }), headers))).toBe(
      'DescribeThings {"PageSize":2}',
    );
  });

  it('may have all of its parameters in the form', async () => {
    const { body, url, ...rest } = rpc();
    const form = url.slice(url.indexOf('?') + 1);
    const request = { ...rest, url: url.slice(0, url.indexOf('?')), body: form };
    expect(body).toBeUndefined();
    expect(await outcome(withHeaders(request, { 'content-type': 'application/x-www-form-urlencoded' }))).toBe(
      'DescribeThings {}',
    );
  });

  it.each([
    'Action=CreateThing',
    'Version=1999-01-01',
    'PageSize=3',
    '%50ageSize=3',
    'SignatureNonce=2',
    'Signature=x',
  ])('is refused where %s is there twice, in the query, in the form, or in both', async (more) => {
    const signed = rpc({ query: { ...address, PageSize: '2' } });
    expect(await outcome(withQuery(signed, more))).toBe('InvalidParameter');
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await outcome(withHeaders({ ...signed, body: more }, form))).toBe('InvalidParameter');
    expect(await outcome(withHeaders({ ...rpc(), body: `${more}&${more}` }, form))).toBe('InvalidParameter');
  });

  it.each(['application/json', 'text/plain', ''])(
    'is refused with a body of the type %j, which is not signed',
    async (type) => {
      const create = { query: { Action: 'CreateThing', Version: '2020-01-01', RegionId: 'cn-hangzhou' } };
      const sent = withHeaders({ ...rpc(create), body: '{"Name":"smuggled"}' }, { 'content-type': type });
      expect(await outcome(sent)).toBe('UnsupportedContentType');
      const form = rpc({ ...create, form: { Name: 'a' } });
      expect(await outcome(withHeaders(form, { 'content-type': type }))).toBe('SignatureDoesNotMatch');
      const inCapitals = { 'content-type': 'Application/X-WWW-Form-URLEncoded; charset=UTF-8' };
      expect(await outcome(withHeaders(rpc({ ...create, form: { Name: 'a' } }), inCapitals))).toBe(
        'CreateThing {"RegionId":"cn-hangzhou","Name":"a"}',
      );
    },
  );
});

describe('a ROA call of the older protocol', () => {
  const address = { 'x-acs-action': 'UpdateCluster', 'x-acs-version': '2020-01-01' };
  const path = '/clusters/c-1/config';
  const roa = (parts: Partial<RoaParts> = {}): HttpRequest =>
    signRoaV1({
      method: 'PUT',
      path,
      time: clock(),
      body: '{"size":1}',
      ...parts,
      headers: { ...address, 'content-type': 'application/json', ...parts.headers },
    });

  it('is what its signed headers and path say', async () => {
    expect(await outcome(roa())).toBe('UpdateCluster {"size":1,"ClusterId":"c-1"}');
    expect(await outcome(withHeaders(roa(), { 'x-http-method-override': 'DELETE' }))).toContain('UpdateCluster');
  });

  it.each<[what: string, change: (sent: HttpRequest) => HttpRequest]>([
    ['an action in the header', (sent) => withHeaders(sent, { 'x-acs-action': 'PutRules' })],
    ['a version in the header', (sent) => withHeaders(sent, { 'x-acs-version': '1999-01-01' })],
    ['an action in the query', (sent) => withQuery(sent, 'Action=PutRules')],
    ['a signature in the query', (sent) => withQuery(sent, 'Signature=x&SignatureMethod=HMAC-SHA1')],
    ['another path', (sent) => ({ ...sent, url: sent.url.replace('c-1', 'c-2') })],
    ['a path with a letter encoded', (sent) => ({ ...sent, url: sent.url.replace('c-1', 'c%2D1') })],
  ])('is refused with %s', async (_what, change) => {
    expect(['SignatureDoesNotMatch', 'InvalidAction.NotFound']).toContain(await outcome(change(roa())));
  });

  it('is about what its path names, whatever its body says, which may be unsigned', async () => {
    expect(await outcome(roa({ body: '{"size":1,"ClusterId":"c-2"}' }))).toBe(
      'UpdateCluster {"size":1,"ClusterId":"c-1"}',
    );
  });

  it('has the body that its hash is of, where it has one', async () => {
    const md5 = (text: string): string => createHash('md5').update(text).digest('base64');
    expect(await outcome(roa({ headers: { 'content-md5': md5('{"size":1}') } }))).toContain('UpdateCluster');
    expect(await outcome(roa({ headers: { 'content-md5': md5('{"size":2}') } }))).toBe('InvalidDigest');
  });
});

describe('a call with the newer signature', () => {
  const v3 = (parts: Parameters<typeof sign>[0] = {}): HttpRequest =>
    sign({ origin: 'http://things.cn-hangzhou.aliyuncs.com', time: clock(), ...parts });

  it.each<[what: string, change: (sent: HttpRequest) => HttpRequest]>([
    ['another action', (sent) => withHeaders(sent, { 'x-acs-action': 'CreateThing' })],
    ['an action that is open to all', (sent) => withHeaders(sent, { 'x-acs-action': 'OpenDoor' })],
    ['another version', (sent) => withHeaders(sent, { 'x-acs-version': '1999-01-01' })],
    ['an action in the query', (sent) => withQuery(sent, 'Action=CreateThing')],
    [
      'a form that was not there',
      (sent) => withHeaders({ ...sent, body: 'PageSize=3' }, { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    ['another host', (sent) => ({ ...sent, url: sent.url.replace('things.', 'ecs.') })],
  ])('is refused with %s', async (_what, change) => {
    expect(['SignatureDoesNotMatch', 'IncompleteSignature', 'InvalidAction.NotFound']).toContain(
      await outcome(change(v3())),
    );
  });

  it('reads when and how it was signed from the headers that are signed, not from parameters of these names', async () => {
    const query = {
      Signature: 'x',
      SignatureMethod: 'HMAC-SHA1',
      Timestamp: 'never',
      Action: 'OpenDoor',
      PageSize: '2',
    };
    expect(await outcome(v3({ query }))).toBe('DescribeThings {"PageSize":2}');
  });

  it('cannot hide a parameter in the name of another', async () => {
    const signed = v3({ query: { Owner: 'me', PageSize: '2' } });
    expect(await outcome({ ...signed, url: signed.url.replace('Owner=me&', 'Owner%3Dme%26') })).toBe(
      'SignatureDoesNotMatch',
    );
  });

  it('is about the path that was signed: a plus there is a space', async () => {
    const cluster = { action: 'UpdateCluster', method: 'PUT', body: '{"size":1}', contentType: 'application/json' };
    const signed = v3({ ...cluster, path: '/clusters/a%20b/config' });
    expect(await outcome({ ...signed, url: signed.url.replace('%20', '+') })).toBe(
      'UpdateCluster {"size":1,"ClusterId":"a b"}',
    );
  });

  it('is refused where a parameter is there twice, though signed', async () => {
    const form = { body: 'Name=a&Name=b', contentType: 'application/x-www-form-urlencoded' };
    const query = { RegionId: 'cn-hangzhou' };
    expect(await outcome(v3({ action: 'CreateThing', query, ...form }))).toBe('InvalidParameter');
    const both = { ...form, body: 'Name=a&RegionId=cn-beijing' };
    expect(await outcome(v3({ action: 'CreateThing', query, ...both }))).toBe('InvalidParameter');
  });
});

it('executes of a signed call what was signed, or nothing, whatever is put beside it', async () => {
  const names = ['Action', 'Version', 'PageSize', 'Owner', 'RegionId', 'BearerToken', 'SignatureType', 'Signature'];
  const values = ['CreateThing', 'OpenDoor', '1999-01-01', '3', 'good-token', 'BEARERTOKEN', ''];
  const headers = [
    ...['x-acs-action', 'x-acs-version', 'x-acs-bearer-token', 'x-acs-signature-type', 'x-acs-signature-version'],
    ...['content-type', 'date', 'x-http-method-override'],
  ];
  const types = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'];
  const beside = fc.record({
    query: fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values)), { maxLength: 2 }),
    form: fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...values)), { maxLength: 2 }),
    headers: fc.dictionary(fc.constantFrom(...headers), fc.constantFrom(...values, ...types), { maxKeys: 3 }),
    isNewer: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(beside, async ({ query, form, headers, isNewer }) => {
      const signed = isNewer
        ? sign({ origin: 'http://things.cn-hangzhou.aliyuncs.com', time: clock(), query: { PageSize: '2' } })
        : signRpcV1({
            time: clock(),
            query: { Action: 'DescribeThings', Version: '2020-01-01', PageSize: '2' },
          });
      const text = (pairs: [string, string][]): string => pairs.map((pair) => pair.join('=')).join('&');
      const more = query.length === 0 ? signed : withQuery(signed, text(query));
      await outcome(withHeaders({ ...more, body: text(form) }, headers));
      expect(executed.filter((each) => each !== 'DescribeThings {"PageSize":2}')).toEqual([]);
    }),
    seeded(500),
  );
});
