import type { IncomingMessage } from 'node:http';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { NEVER } from 'rxjs';
import { ecsRamRole, type EcsRamRoleOptions } from '../../lib/providers/ecs-ram-role.js';
import { answer, LoopbackServer, type Reply } from './metadata.js';
import { given, Machine, messageOf, virtually } from './support.js';

const roles = '/latest/meta-data/ram/security-credentials/';

describe('the role of an ECS instance', () => {
  let machine: Machine;
  let server: LoopbackServer;
  let origin: string;
  let replies: Record<string, Reply>;
  /** Version 2: what comes without the token is refused. */
  let isStrict: boolean;

  const reply = ({ method, url = '', headers }: IncomingMessage): Reply => {
    if (isStrict && method === 'GET' && headers['x-aliyun-ecs-metadata-token'] !== 'metadata-token')
      return { status: 403 };
    return replies[`${method} ${url}`] ?? { status: 404 };
  };
  const provider = (options: EcsRamRoleOptions = {}): ReturnType<typeof ecsRamRole> =>
    ecsRamRole({ metadataOrigin: origin, ...options });

  beforeEach(async () => {
    machine = new Machine();
    isStrict = true;
    replies = {
      'PUT /latest/api/token': { body: 'metadata-token' },
      [`GET ${roles}`]: { body: 'reader\n' },
      [`GET ${roles}reader`]: { body: answer() },
    };
    server = new LoopbackServer(reply);
    origin = await server.listen();
  });
  afterEach(async () => {
    await server.close();
    machine.end();
  });

  it('is asked of the metadata service with a token, and once', async () => {
    const role = provider();
    const credentials = await Promise.all([given(role), given(role)]);
    expect(credentials[0]).toMatchObject({
      accessKeyId: 'STS.id',
      accessKeySecret: 'secret',
      securityToken: 'token',
      providerName: 'ecs_ram_role',
    });
    expect(credentials[1]).toBe(credentials[0]);
    expect(server.seen).toEqual(['PUT /latest/api/token', `GET ${roles}`, `GET ${roles}reader`]);
    expect(server.headers[0]).toMatchObject({ 'x-aliyun-ecs-metadata-token-ttl-seconds': '21600' });
  });

  it.each([
    ['an option', { roleName: 'a/b c' }, undefined],
    ['a variable', {}, 'a/b c'],
  ])('is not looked for where %s names it', async (_what, options, variable) => {
    if (variable !== undefined) machine.set({ ECS_METADATA: variable });
    replies[`GET ${roles}a%2Fb%20c`] = { body: answer({ AccessKeyId: 'named' }) };
    expect(await given(provider(options))).toMatchObject({ accessKeyId: 'named' });
    expect(server.seen).not.toContain(`GET ${roles}`);
  });

  it.each([404, 403, 500])('is asked without a token where there is none to be had: %d', async (status) => {
    isStrict = false;
    replies['PUT /latest/api/token'] = { status };
    expect(await given(provider())).toMatchObject({ accessKeyId: 'STS.id' });
    expect(server.headers[1]).not.toHaveProperty('x-aliyun-ecs-metadata-token');
  });

  it.each<[string, EcsRamRoleOptions, Record<string, string>]>([
    ['an option', { disableImdsV1: true }, {}],
    ['a variable', {}, { IMDSV1_DISABLED: 'TRUE' }],
  ])('is asked with a token only where %s says so', async (_what, options, variables) => {
    isStrict = false;
    machine.set(variables);
    replies['PUT /latest/api/token'] = { status: 404 };
    expect(await messageOf(provider(options))).toBe(
      'the metadata service gave no credentials: the answer has the status 404',
    );
    expect(server.seen).toHaveLength(1);
  });

  describe('where there is a token, and nothing for it', () => {
    const onlyWithout =
      (path: string) =>
      ({ method, url = '', headers }: IncomingMessage): Reply =>
        url === path && 'x-aliyun-ecs-metadata-token' in headers
          ? { status: 404 }
          : (replies[`${method} ${url}`] ?? { status: 404 });

    it.each([roles, `${roles}reader`])('is asked without it: %s', async (path) => {
      server.answer = onlyWithout(path);
      expect(await given(provider())).toMatchObject({ accessKeyId: 'STS.id' });
      expect(server.headers.at(-1)).not.toHaveProperty('x-aliyun-ecs-metadata-token');
    });

    it('is not asked without it where version 1 is switched off', async () => {
      server.answer = onlyWithout(`${roles}reader`);
      expect(await messageOf(provider({ disableImdsV1: true }))).toBe(
        'the metadata service gave no credentials: the answer has the status 404',
      );
      expect(server.seen).toHaveLength(3);
    });

    it.each([
      [403, 2],
      [404, 3],
    ])('says what was said first, with and without it: %d', async (status, requests) => {
      server.answer = ({ method, headers }) => {
        if (method === 'PUT') return { body: 'metadata-token' };
        return { status: 'x-aliyun-ecs-metadata-token' in headers ? status : 401 };
      };
      expect(await messageOf(provider({ roleName: 'no-such-role' }))).toBe(
        `the metadata service gave no credentials: the answer has the status ${status}`,
      );
      expect(server.seen).toHaveLength(requests);
    });
  });

  it.each<[string, Reply]>([
    ['a reset', { ends: 'reset' }],
    ['an answer that is cut', { ends: 'cut', body: answer() }],
    ['a 503', { status: 503 }],
  ])('is had all the same after %s', async (_what, hiccup) => {
    let isFirst = true;
    server.answer = (request) => {
      if (request.url !== `${roles}reader` || !isFirst) return reply(request);
      isFirst = false;
      return hiccup;
    };
    expect(await given(provider())).toMatchObject({ accessKeyId: 'STS.id' });
    expect(server.seen).toHaveLength(4);
  });

  it.each([
    ['as it is', {}, (body: string) => body],
    ['compressed', { 'content-encoding': 'gzip' }, gzipSync],
    ['compressed otherwise', { 'content-encoding': 'br' }, brotliCompressSync],
  ])('takes no answer that is too long, %s', async (_how, headers, written) => {
    const long = answer({ SecurityToken: 'x'.repeat(1 << 21) });
    replies[`GET ${roles}reader`] = { headers, body: written(long) };
    // To make it and to take it apart may take a busy machine longer than the default.
    expect(await messageOf(provider({ timeout: 60_000 }))).toBe(
      `the metadata service gave no credentials: The answer of ${origin} is longer than maxResponseSize, 1048576 bytes; the request was aborted`,
    );
    expect(server.seen).toHaveLength(3);
  });

  it('is not asked where the metadata service is switched off', async () => {
    machine.set({ ECS_METADATA_DISABLED: 'true' });
    expect(await messageOf(provider())).toBe(
      'the metadata service is switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED',
    );
    expect(server.seen).toEqual([]);
  });

  it.each<[string, string, Reply, string]>([
    ['no role', `GET ${roles}`, { status: 404 }, 'the answer has the status 404'],
    ['a page for a role', `GET ${roles}`, { body: '<html> hunter2' }, 'expected a role, got something else'],
    ['an empty role', `GET ${roles}`, {}, 'the answer is empty'],
    ['no JSON', `GET ${roles}reader`, { body: 'hunter2' }, 'expected the answer to be a JSON object'],
    ['a failure', `GET ${roles}reader`, { body: answer({ Code: 'Failed' }) }, 'the answer has the code Failed'],
    [
      'a strange failure',
      `GET ${roles}reader`,
      { status: 500, body: '{"Code":"hunter2 hunter2"}' },
      'the answer has the status 500',
    ],
    [
      'no secret',
      `GET ${roles}reader`,
      { body: answer({ AccessKeySecret: undefined }) },
      'expected an access key secret in the answer, got none',
    ],
    [
      'a strange secret',
      `GET ${roles}reader`,
      { body: answer({ AccessKeySecret: 'hunter2\n' }) },
      'expected an access key secret in the answer, got something else',
    ],
    [
      'a strange date',
      `GET ${roles}reader`,
      { body: answer({ Expiration: 'hunter2' }) },
      'expected the expiration in the answer to be a date',
    ],
  ])('says that there is %s', async (_what, request, strange, reason) => {
    replies[request] = strange;
    expect(await messageOf(provider())).toBe(`the metadata service gave no credentials: ${reason}`);
  });

  it('is fetched again after a failure', async () => {
    const role = provider();
    const before = replies[`GET ${roles}reader`];
    replies[`GET ${roles}reader`] = { status: 500 };
    await messageOf(role);
    replies[`GET ${roles}reader`] = before ?? {};
    expect(await given(role)).toMatchObject({ accessKeyId: 'STS.id' });
  });

  it('is given up after a second for each version where nobody answers', () => {
    virtually(({ expectObservable, clock }) => {
      const silent = ecsRamRole({ transport: { send: () => NEVER }, clock });
      expectObservable(silent() as never).toBe(
        '2s #',
        undefined,
        expect.objectContaining({
          code: 'SDK.CredentialsUnavailable',
          message: 'the metadata service gave no credentials: no answer came within 1000 ms',
        }),
      );
    });
  });

  it('is asked without the proxy that other requests go through', async () => {
    const proxy = new LoopbackServer(() => ({ body: 'role-of-the-proxy' }));
    const before = { ...process.env };
    process.env.http_proxy = await proxy.listen();
    // An address of this machine that is not taken for one of its own.
    const role = provider({ metadataOrigin: origin.replace('127.0.0.1', '0.0.0.0') });
    try {
      expect(await given(role)).toMatchObject({ accessKeyId: 'STS.id' });
      expect(proxy.seen).toEqual([]);
    } finally {
      process.env = before;
      await proxy.close();
    }
  });

  it('refuses options that can not work', () => {
    expect(() => ecsRamRole({ roleName: '' })).toThrow(
      'Expected `roleName` to be a non-empty string, got an empty string',
    );
    expect(() => ecsRamRole({ transport: {} as never })).toThrow(
      'Expected `transport` to be an object with a method `send`',
    );
  });
});
