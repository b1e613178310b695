/** What can go wrong in a user's hands, over real sockets: each gives one typed error that a stranger understands. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { lastValueFrom, type Observable } from 'rxjs';
import {
  accessKey,
  InvalidRequestError,
  InvalidResponseError,
  NetworkError,
  ServerError,
  TimeoutError,
  type AlicloudError,
  type ClientOptions,
} from '../../lib/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { apiError, createEmulator, type Emulator } from '../../lib/testing/index.js';

const key = { accessKeyId: 'LTAI-session', accessKeySecret: 'the-secret-of-this-session' };
let emulator: Emulator;
let url: string;
let clients: EcsClient[];

beforeEach(async () => {
  emulator = createEmulator({ credentials: key });
  ({ url } = await emulator.listen());
  clients = [];
});
afterEach(async () => {
  for (const client of clients) client.shutdown();
  await emulator.close();
});

function clientWith(options: ClientOptions = {}): EcsClient {
  const credentials = accessKey(key.accessKeyId, key.accessKeySecret);
  const client = new EcsClient({ regionId: 'cn-hangzhou', endpoint: url, credentials, retry: false, ...options });
  clients.push(client);
  return client;
}

async function errorOf(call: Observable<unknown>): Promise<AlicloudError> {
  const ended = await lastValueFrom(call).then(
    () => 'a response',
    (error: unknown) => error as AlicloudError,
  );
  if (typeof ended === 'string') throw new Error(`Expected an error, got ${ended}`);
  return ended;
}

it('names the place of a wrong type deep in a request, and sends nothing', async () => {
  const request = { RegionId: 'cn-hangzhou', Tag: [{ Key: 'a' }, { Key: 5 }] };
  const error = await errorOf(clientWith().runInstances(request as never));
  expect(error).toBeInstanceOf(InvalidRequestError);
  expect(error.message).toBe(
    'RunInstances was not sent. Expected `Tag[1].Key` to be a string, got the number 5 (SDK.InvalidRequest, Ecs RunInstances, cn-hangzhou)',
  );
  expect(emulator.acceptedConnections).toBe(0);
});

it('names a missing required field, and sends nothing', async () => {
  const error = await errorOf(clientWith().stopInstance({} as never));
  expect(error.code).toBe('SDK.InvalidRequest');
  expect(error.message).toBe(
    'StopInstance was not sent. Expected `InstanceId` to be a string, got nothing (SDK.InvalidRequest, Ecs StopInstance, cn-hangzhou)',
  );
  expect(emulator.acceptedConnections).toBe(0);
});

it('hands on what the server says of an unknown region', async () => {
  const error = await errorOf(clientWith().describeInstances({ RegionId: 'cn-nowhere' }));
  expect(error).toBeInstanceOf(ServerError);
  expect(error).toMatchObject({ code: 'InvalidRegionId.NotFound', action: 'DescribeInstances' });
  expect((error as ServerError).requestId).toMatch(/^[0-9A-F-]{36}$/);
});

it('refuses a region id that is not one, at once', () => {
  expect(() => clientWith({ regionId: 'cn-hangzhou.evil.example/' })).toThrow(
    'Expected `regionId` to be a region id such as cn-hangzhou, got "cn-hangzhou.evil.example/"',
  );
});

it('says which host was not found', async () => {
  const error = await errorOf(clientWith({ endpoint: 'ecs.cn-nowhere.invalid' }).describeRegions());
  expect(error).toBeInstanceOf(NetworkError);
  expect(error.message).toMatch(
    /^The host ecs\.cn-nowhere\.invalid was not found \(E\w+\): check the region id or the endpoint \(SDK\.NetworkError, Ecs DescribeRegions, cn-hangzhou\)$/,
  );
});

it('says that nothing listens on a port', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));

  const error = await errorOf(clientWith({ endpoint: `http://127.0.0.1:${port}` }).describeRegions());
  expect(error).toMatchObject({ code: 'SDK.NetworkError', systemCode: 'ECONNREFUSED' });
  expect(error.message).toBe(
    `http://127.0.0.1:${port} refused the connection (ECONNREFUSED): nothing listens there (SDK.NetworkError, Ecs DescribeRegions, cn-hangzhou)`,
  );
});

it('hands on that a signature does not match, without the secret', async () => {
  const wrong = 'not-the-secret-of-this-session';
  const error = await errorOf(clientWith({ credentials: accessKey(key.accessKeyId, wrong) }).describeRegions());
  expect(error).toBeInstanceOf(ServerError);
  expect(error.code).toBe('SignatureDoesNotMatch');
  expect(JSON.stringify(error) + String(error.stack)).not.toContain(wrong);
});

it("makes one error of a gateway's HTML page", async () => {
  emulator.inject({ kind: 'html', status: 502 });
  const error = await errorOf(clientWith().describeRegions());
  expect(error).toBeInstanceOf(ServerError);
  expect(error).toMatchObject({ code: 'HTTP.502', status: 502 });
  expect(error.message).toMatch(
    /^The server answered DescribeRegions with status 502 and no error code \(text\/html\): <html>/,
  );
  expect((error as ServerError).rawBody).toContain('<h1>502</h1>');
});

it('tells an HTML page with status 200 from a response', async () => {
  emulator.inject({ kind: 'html', status: 200 });
  const error = await errorOf(clientWith().describeRegions());
  expect(error).toBeInstanceOf(InvalidResponseError);
  expect(error.message).toMatch(
    /^The answer to DescribeRegions, status 200, is not JSON \(text\/html, \d+ characters, beginning "<html>/,
  );
});

it.each(['cut', 'reset'] as const)('says that the connection was closed: %s', async (kind) => {
  emulator.inject({ kind });
  const error = await errorOf(clientWith().describeRegions());
  expect(error).toMatchObject({ code: 'SDK.NetworkError', systemCode: 'ECONNRESET', origin: url });
  expect(error.message).toBe(
    `${url} closed the connection before the whole answer had come (ECONNRESET) (SDK.NetworkError, Ecs DescribeRegions, cn-hangzhou)`,
  );
});

it('says that it was the timeout, and aborts the request', async () => {
  emulator.inject({ kind: 'slow', duration: 60_000 });
  const error = await errorOf(clientWith({ timeout: 50 }).describeRegions());
  expect(error).toBeInstanceOf(TimeoutError);
  expect(error.message).toMatch(
    /^DescribeRegions did not end within its timeout of 50 ms; the request was aborted \(.*\d+ ms on the wire\) \(SDK\.Timeout, Ecs DescribeRegions, cn-hangzhou\)$/,
  );
});

it('hands on a permission that is missing, with its details', async () => {
  emulator.handle('DescribeRegions', () => {
    throw apiError(403, 'NoPermission', 'You may not.', { accessDeniedDetail: { AuthAction: 'ecs:DescribeRegions' } });
  });
  const error = await errorOf(clientWith().describeRegions());
  expect(error).toMatchObject({
    code: 'NoPermission',
    message: 'You may not. (NoPermission, Ecs DescribeRegions, cn-hangzhou)',
    status: 403,
    accessDeniedDetail: { AuthAction: 'ecs:DescribeRegions' },
  });
});
