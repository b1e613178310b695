import { firstValueFrom } from 'rxjs';
import { accessKey, type CredentialsProvider } from '../../lib/credentials/credentials.js';
import { isServerError } from '../../lib/errors.js';
import { ramRoleArn } from '../../lib/providers/ram-role-arn.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import type { Fault } from '../../lib/testing/faults.js';
import type { EmulatorSnapshot } from '../../lib/testing/snapshot.js';

const key = accessKey(emulatorCredentials.accessKeyId, emulatorCredentials.accessKeySecret);
const regionId = 'cn-hangzhou';
const order = { ImageId: 'i', InstanceType: 't' };
const busy: Fault = { kind: 'error', status: 503, code: 'ServiceUnavailable', action: 'DescribeInstances' };

describe('what an emulator is told from outside', () => {
  let emulator: Emulator;
  let url: string;

  async function open(options: Parameters<typeof createEmulator>[0] = {}): Promise<void> {
    emulator = createEmulator({ bootTime: 0, ...options });
    ({ url } = await emulator.listen());
  }
  afterEach(() => emulator.close());

  const client = (credentials: CredentialsProvider = key) =>
    new EcsClient({ endpoint: url, regionId, credentials, retry: false });
  const start = async (ClientToken?: string): Promise<string[] | undefined> => {
    const request = ClientToken === undefined ? order : { ...order, ClientToken };
    return (await firstValueFrom(client().runInstances(request))).InstanceIdSets?.InstanceIdSet;
  };
  const ids = async (credentials?: CredentialsProvider): Promise<(string | undefined)[]> => {
    const { Instances } = await firstValueFrom(client(credentials).describeInstances({}));
    return Instances?.Instance?.map(({ InstanceId }) => InstanceId) ?? [];
  };
  const code = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => undefined,
      (error: unknown) => (isServerError(error) ? error.code : error),
    );
  const ask = async (method: string, path: string, body?: unknown, headers = {}) => {
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const response = await fetch(`${url}/_emulator/${path}`, {
      method,
      headers,
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    return { status: response.status, body: answer === '' ? undefined : (JSON.parse(answer) as unknown) };
  };

  it('is well', async () => {
    await open();
    expect(await ask('GET', 'health')).toEqual({ status: 200, body: { status: 'ok' } });
    expect(emulator.executions).toEqual([]);
  });

  it('forgets all that happened, and begins anew with the same ids', async () => {
    await open({ rateLimit: { calls: 3, per: 3_600_000 } });
    const first = await start('token');
    await ids();
    expect(await ask('POST', 'faults', { ...busy, times: 1 })).toEqual({ status: 204, body: undefined });
    expect(await code(ids())).toBe('ServiceUnavailable');
    await ask('POST', 'faults', busy);
    expect(await ask('POST', 'reset')).toEqual({ status: 204, body: undefined });

    expect([
      emulator.executions,
      emulator.requests.size,
      emulator.injectedFaults.size,
      emulator.peakActiveRequests,
    ]).toEqual([[], 0, 0, 0]);
    expect(await ids()).toEqual([]);
    const again = await start('token');
    expect(again).toHaveLength(1);
    expect(await ids()).toEqual(again);
    expect(first).toHaveLength(1);
    const other = createEmulator({ bootTime: 0 });
    expect(emulator.snapshot().instances).toHaveLength(1);
    expect(other.snapshot().instances).toHaveLength(0);
  });

  it('forgets the tags of a reset, and knows those of a snapshot', async () => {
    await open();
    const [id = ''] = (await start()) ?? [];
    const tagged = async (): Promise<unknown> =>
      (await firstValueFrom(client().listTagResources({ ResourceType: 'instance', ResourceId: [id] }))).TagResources
        ?.TagResource;
    await firstValueFrom(
      client().tagResources({ ResourceType: 'instance', ResourceId: [id], Tag: [{ Key: 'a', Value: 'b' }] }),
    );
    const before = await tagged();
    expect(before).toMatchObject([{ TagKey: 'a', TagValue: 'b' }]);
    const snapshot = emulator.snapshot();
    emulator.reset();
    expect(await tagged()).toEqual([]);
    emulator.restore(snapshot);
    expect(await tagged()).toEqual(before);
  });

  it('forgets the temporary credentials, too', async () => {
    await open();
    const role = ramRoleArn({ roleArn: 'acs:ram::1234567890123456:role/r', credentials: key, endpoint: url });
    expect(await ids(role)).toEqual([]);
    await ask('POST', 'reset');
    expect(await code(ids(role))).toBe('InvalidAccessKeyId.NotFound');
  });

  it('arms the faults again that were there from the start, and no others', async () => {
    await open({ faults: [{ ...busy, times: 1 }] });
    expect(await code(ids())).toBe('ServiceUnavailable');
    expect(await code(ids())).toBeUndefined();
    emulator.inject(busy);
    emulator.reset();
    expect(await code(ids())).toBe('ServiceUnavailable');
    expect(await code(ids())).toBeUndefined();
  });

  it('keeps handlers', async () => {
    await open();
    emulator.handle('DescribeInstances', () => ({ Instances: { Instance: [{ InstanceId: 'mine' }] } }));
    emulator.reset();
    expect(await ids()).toEqual(['mine']);
  });

  it('knows again what it knew, here and elsewhere', async () => {
    await open();
    const role = ramRoleArn({ roleArn: 'acs:ram::1234567890123456:role/r', credentials: key, endpoint: url });
    const kept = await start('token');
    await ids(role);
    const { body } = await ask('GET', 'snapshot');
    const later = await start();
    await firstValueFrom(client().deleteInstances({ InstanceId: kept ?? [], Force: true, RegionId: regionId }));
    expect(await ids()).toEqual(later);

    expect(await ask('PUT', 'snapshot', body)).toEqual({ status: 204, body: undefined });
    // Ids go on as they did then.
    expect(await start()).toEqual(later);
    expect(await ids(role)).toEqual([kept, later].flat());
    const other = createEmulator({ seed: 'another' });
    other.restore(body as EmulatorSnapshot);
    expect(other.snapshot()).toEqual(body);
  });

  it('gives copies', async () => {
    await open();
    await start();
    const before = emulator.snapshot();
    const text = JSON.stringify(before);
    await start();
    expect(JSON.stringify(before)).toBe(text);
  });

  it('tells what was executed', async () => {
    await open();
    await start('token');
    const { body } = await ask('GET', 'executions');
    expect(body).toMatchObject([{ action: 'RunInstances', clientToken: 'token' }]);
  });

  it.each<[string, string, unknown, number, string]>([
    ['PUT', 'snapshot', '{', 400, 'Expected `snapshot` to be what `snapshot` gave, got nothing'],
    ['PUT', 'snapshot', [], 400, 'Expected `snapshot` to be what `snapshot` gave, got an array'],
    ['PUT', 'snapshot', {}, 400, 'Expected `snapshot.format` to be 1, as `snapshot` writes it, got nothing'],
    [
      'PUT',
      'snapshot',
      { format: 1, position: 0, instances: [{}], credentials: [] },
      400,
      'Expected `snapshot.instances` to be a list of objects with id, regionId, status, settled',
    ],
    [
      'PUT',
      'snapshot',
      { format: 1, position: 0, instances: [], tags: [] },
      400,
      'Expected `snapshot.credentials` to be',
    ],
    ['GET', 'reset', undefined, 405, 'Expected POST'],
    ['DELETE', 'snapshot', undefined, 405, 'Expected GET, PUT'],
    ['GET', 'constructor', undefined, 404, 'Expected one of health, reset, snapshot, faults, executions'],
    ['GET', '', undefined, 404, 'Expected one of health'],
  ])('refuses %s %s with %j, and changes nothing', async (method, path, body, status, message) => {
    await open();
    const started = await start();
    const answer = await ask(method, path, body);
    expect(answer.status).toBe(status);
    expect((answer.body as { Message: string }).Message).toContain(message);
    expect(await ids()).toEqual(started);
  });

  it('listens to no page', async () => {
    await open();
    const started = await start();
    expect((await ask('POST', 'reset', undefined, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask('GET', 'snapshot', undefined, { origin: 'http://evil.example' })).status).toBe(403);
    expect(await ids()).toEqual(started);
  });

  it('takes no request from an operation, whatever its path', async () => {
    await open();
    const { status, body } = await ask('GET', 'health', undefined, { 'x-acs-version': '2014-05-26' });
    expect([status, body]).toEqual([400, expect.objectContaining({ Code: 'MissingParameter' })]);
  });
});
