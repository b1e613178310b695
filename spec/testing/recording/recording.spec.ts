import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, lastValueFrom, of, toArray, type Observable } from 'rxjs';
import type { ClientOptions } from '../../../lib/client-options.js';
import { AlicloudClient } from '../../../lib/client.js';
import { accessKey, stsToken } from '../../../lib/credentials/credentials.js';
import { isServerError, type AlicloudError } from '../../../lib/errors.js';
import { CsClient } from '../../../lib/services/cs.js';
import { EcsClient, runInstances } from '../../../lib/services/ecs.js';
import { RamClient } from '../../../lib/services/ram.js';
import { StsClient } from '../../../lib/services/sts.js';
import type { Operation } from '../../../lib/service.js';
import { apiError, createEmulator, record, replay, type Recording } from '../../../lib/testing/index.js';
import type { HttpRequest, Transport } from '../../../lib/transport/transport.js';

const accessKeyId = 'LTAI5tRecordedKeyId';
const accessKeySecret = 'the-secret-of-the-real-account';
const regionId = 'cn-hangzhou';
const real = accessKey(accessKeyId, accessKeySecret);
const nobody = accessKey('anybody', 'anything');

/** What stands for the real services. */
const cloud = (options: Parameters<typeof createEmulator>[0] = {}) =>
  createEmulator({ credentials: { accessKeyId, accessKeySecret }, ...options });

const failure = (call: Observable<unknown>): Promise<AlicloudError> =>
  lastValueFrom(call).then(
    () => Promise.reject(new Error('The call has not failed')),
    (error: unknown) => error as AlicloudError,
  );

function ecsOver(transport: Transport, credentials = real, options: ClientOptions = {}): EcsClient {
  return new EcsClient({ regionId, credentials, transport, ...options });
}

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'rx-alicloud-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('what was recorded', () => {
  it('is answered again, from a file, to a client with other credentials', async () => {
    const file = join(folder, 'of', 'ecs.json');
    const recorder = record({ to: file, transport: cloud().transport });
    const ecs = ecsOver(recorder.transport);
    await firstValueFrom(ecs.runInstances({ Amount: 3, InstanceName: 'first' }));
    const listed = await firstValueFrom(ecs.describeInstances({ PageSize: 50 }));
    recorder.save();
    expect(readdirSync(join(folder, 'of'))).toEqual(['ecs.json']);

    const { transport, unused } = replay({ from: file });
    expect(unused).toHaveLength(2);
    const again = ecsOver(transport, nobody);
    expect(await firstValueFrom(again.describeInstances({ PageSize: 50 }))).toEqual(listed);
    // With a client token of its own.
    await firstValueFrom(again.runInstances({ Amount: 3, InstanceName: 'first' }));
  });

  it('is given in its order to identical requests, each once, unless it is to be repeated', async () => {
    const emulator = cloud();
    const recorder = record({ transport: emulator.transport });
    const statuses = ['Starting', 'Running'];
    emulator.handle('DescribeInstanceStatus', () => ({ TotalCount: 1, RequestId: statuses.shift() ?? 'over' }));
    const poll = (ecs: EcsClient) => firstValueFrom(ecs.describeInstanceStatus({}));
    const ecs = ecsOver(recorder.transport);
    await poll(ecs);
    await poll(ecs);

    const once = ecsOver(replay({ from: recorder.recording }).transport, nobody);
    expect([(await poll(once)).RequestId, (await poll(once)).RequestId]).toEqual(['Starting', 'Running']);
    const error = await failure(once.describeInstanceStatus({}));
    expect(isServerError(error, 'NotRecorded')).toBe(true);
    expect(error.message).toMatch(/^Every answer has been given that is recorded to DescribeInstanceStatus with \{/);

    const repeated = ecsOver(replay({ from: recorder.recording, repeat: true }).transport, nobody);
    const ids: unknown[] = [];
    for (let i = 0; i < 4; i++) ids.push((await poll(repeated)).RequestId);
    expect(ids).toEqual(['Starting', 'Running', 'Running', 'Running']);
  });

  it('is all that is answered: another request is refused, and is named', async () => {
    const recorder = record({ transport: cloud().transport });
    await firstValueFrom(ecsOver(recorder.transport).describeInstances({ PageSize: 50 }));
    const served = replay({ from: recorder.recording });
    const error = await failure(ecsOver(served.transport, nobody).describeInstances({ PageSize: 10 }));
    expect(isServerError(error, 'NotRecorded') && error.status).toBe(404);
    expect(error.message).toMatch(
      /^No answer is recorded to DescribeInstances with \{"PageSize":"10","RegionId":"cn-hangzhou"\}\. \(/,
    );
    expect(served.unused.map(({ action, parameters }) => [action, parameters])).toEqual([
      ['DescribeInstances', { PageSize: '50', RegionId: 'cn-hangzhou' }],
    ]);
  });

  it('is of the host that it was recorded of, where both are hosts of the cloud', async () => {
    const recorder = record({ transport: cloud().transport });
    const answers: unknown[] = [];
    for (const region of ['cn-hangzhou', 'cn-beijing']) {
      const ram = ecsOver(recorder.transport, real, { regionId: region });
      answers.push((await firstValueFrom(ram.describeRegions({}))).RequestId);
    }
    const { transport } = replay({ from: recorder.recording });
    const ofBeijing = ecsOver(transport, nobody, { regionId: 'cn-beijing' });
    expect((await firstValueFrom(ofBeijing.describeRegions({}))).RequestId).toBe(answers[1]);
    expect(isServerError(await failure(ofBeijing.describeRegions({})), 'NotRecorded')).toBe(true);
  });

  it('has errors and throttles as they came, which clients see and repeat as they would', async () => {
    const emulator = cloud();
    emulator.inject({ kind: 'throttle', retryAfter: 1, times: 1, action: 'DescribeRegions' });
    emulator.handle('DeleteInstance', () => {
      throw apiError(403, 'Forbidden.RAM', 'No.');
    });
    const recorder = record({ transport: emulator.transport });
    const session = async (ecs: EcsClient): Promise<unknown[]> => {
      const whole = await firstValueFrom(ecs.describeRegions({}, { observe: 'response' }));
      const refused = await failure(ecs.deleteInstance({ InstanceId: 'i-1' }));
      return [whole.attempts.map(({ status, code }) => [status, code]), refused.code, refused.message];
    };
    const seen = await session(ecsOver(recorder.transport));
    expect(seen[0]).toEqual([
      [400, 'Throttling.User'],
      [200, undefined],
    ]);
    expect(await session(ecsOver(replay({ from: recorder.recording }).transport, nobody))).toEqual(seen);
  });

  it('has bytes as they are, and events each', async () => {
    const { service } = runInstances;
    const download: Operation<object, Uint8Array> = {
      service,
      action: 'Download',
      responseType: 'bytes',
    };
    const tail: Operation<object, { N?: number }> = {
      service,
      action: 'Tail',
      response: '{N:n}',
      responseType: 'events',
    };
    const emulator = cloud({ services: [{ service, operations: { download, tail } }] });
    emulator.handle('Download', () => new Uint8Array([0, 255, 254, 10]));
    emulator.handle('Tail', () => of({ N: 1 }, { N: 2 }));
    const recorder = record({ transport: emulator.transport });
    const session = async (transport: Transport, credentials = real): Promise<unknown[]> => {
      const client = new AlicloudClient({ regionId, credentials, transport });
      return [
        Array.from(await firstValueFrom(client.call(download))),
        await firstValueFrom(client.call(tail).pipe(toArray())),
        await firstValueFrom(client.call(download, {}, { observe: 'stream' }).pipe(toArray())),
      ];
    };
    const seen = await session(recorder.transport);
    expect(seen.slice(0, 2)).toEqual([
      [0, 255, 254, 10],
      [{ N: 1 }, { N: 2 }],
    ]);
    expect(await session(replay({ from: recorder.recording }).transport, nobody)).toEqual(seen);
  });

  it('tells bodies of bytes apart, and JSON in any order from other JSON', async () => {
    const sent: HttpRequest[] = [];
    const transport: Transport = {
      send: (request) => {
        sent.push(request);
        return of({ status: 200, headers: {}, body: `${sent.length}` });
      },
    };
    const recorder = record({ transport });
    const post = (over: Transport, body: string | Uint8Array, type: string) =>
      firstValueFrom(
        over.send({ method: 'POST', url: 'https://cs.aliyuncs.com/x', headers: { 'content-type': type }, body }),
      );
    const bodies: [string | Uint8Array, string][] = [
      [new Uint8Array([1, 200]), 'application/octet-stream'],
      [new Uint8Array([2, 200]), 'application/octet-stream'],
      ['{"a":1,"b":2,"clientToken":"one"}', 'application/json'],
      ['{"a":1,"b":3}', 'application/json'],
    ];
    for (const [body, type] of bodies) await post(recorder.transport, body, type);
    const over = replay({ from: recorder.recording }).transport;
    const other: typeof bodies = [...bodies.slice(0, 2), ['{"b":2,"clientToken":"two","a":1}', 'application/json']];
    const answers: string[] = [];
    for (const [body, type] of other.reverse()) answers.push((await post(over, body, type)).body);
    expect(answers).toEqual(['3', '2', '1']);
  });

  it('leaves out what was not answered to its end', async () => {
    const emulator = cloud();
    emulator.inject({ kind: 'reset' });
    const recorder = record({ transport: emulator.transport });
    await failure(ecsOver(recorder.transport, real, { retry: false }).describeRegions({}));
    ecsOver(recorder.transport).describeRegions({}).subscribe().unsubscribe();
    expect(recorder.recording.exchanges).toEqual([]);
  });
});

describe('the file', () => {
  /** All that a session of several products leaves. */
  async function recorded(hide: readonly string[] = [], latencies = [0]): Promise<string> {
    let calls = 0;
    const emulator = cloud({ latency: () => latencies[calls++ % latencies.length] ?? 0 });
    emulator.inject({ kind: 'error', status: 403, code: 'SignatureDoesNotMatch', times: 1, action: 'DescribeZones' });
    const file = join(folder, 'a.json');
    const recorder = record({ to: file, transport: emulator.transport, hide });
    const { transport } = recorder;
    const options = { regionId, credentials: real, transport };
    const ecs = new EcsClient(options);
    const { Credentials } = await firstValueFrom(
      new StsClient(options).assumeRole({ RoleArn: 'acs:ram::1234567890123456:role/r', RoleSessionName: 's' }),
    );
    const { AccessKeyId = '', AccessKeySecret = '', SecurityToken = '' } = Credentials ?? {};
    const temporary = new EcsClient({ ...options, credentials: stsToken(AccessKeyId, AccessKeySecret, SecurityToken) });
    const older = new EcsClient({ ...options, signature: 'V1' });
    await Promise.all([
      firstValueFrom(ecs.runInstances({ Amount: 1, Password: 'The-Instance-Passw0rd', InstanceName: 'x' })),
      firstValueFrom(temporary.describeRegions({})),
      firstValueFrom(older.describeVpcs({})),
      failure(ecs.describeZones({})),
      firstValueFrom(new RamClient(options).createAccessKey({ UserName: 'u' })),
      firstValueFrom(new CsClient(options).describeClusters({})),
    ]);
    await recorder.close();
    for (const secret of [AccessKeySecret, SecurityToken]) {
      expect(secret.length).toBeGreaterThan(20);
      expect(readFileSync(file, 'utf8')).not.toContain(secret);
    }
    return readFileSync(file, 'utf8');
  }

  it('has no secret, signature, date, nonce, client token nor access key in it', async () => {
    const text = await recorded();
    for (const secret of [accessKeySecret, accessKeyId, 'The-Instance-Passw0rd']) expect(text).not.toContain(secret);
    expect(text).not.toMatch(/signature(?!DoesNotMatch)|nonce|authorization|x-acs-date|timestamp|client_?token/i);
    expect(text).not.toMatch(/"date"|Credential=/);
    expect(text).toContain('acs:ram::1234567890123456:role/r');
    expect(text).toContain('"Password": "***"');
  });

  it('hides what it is told to', async () => {
    expect(await recorded(['1234567890123456'])).not.toContain('1234567890123456');
  });

  it('hides it in hosts and in the names of parameters, too', async () => {
    const account = '1234567890123456';
    const transport: Transport = { send: () => of({ status: 200, headers: {}, body: '{}' }) };
    const recorder = record({ transport, hide: [account] });
    const send = (url: string) =>
      lastValueFrom(recorder.transport.send({ method: 'GET', url, headers: { host: new URL(url).host } }));
    await send(`https://${account}.cn-hangzhou.fc.aliyuncs.com/services?Tag.${account}=x`);
    expect(JSON.stringify(recorder.recording)).not.toContain(account);
    const { transport: again } = replay({ from: recorder.recording, hide: [account] });
    const url = `https://${account}.cn-hangzhou.fc.aliyuncs.com/services?Tag.${account}=x`;
    expect(await lastValueFrom(again.send({ method: 'GET', url, headers: {} }))).toMatchObject({ status: 200 });
  });

  it('is refused where a field is missing or no such thing', () => {
    const request = { host: 'h', method: 'GET', path: '/' };
    const response = { status: 200, headers: {} };
    const refusalOf = (exchange: object) => () => replay({ from: { format: 1, exchanges: [exchange] } as never });
    expect(refusalOf({ request, response })).not.toThrow();
    expect(refusalOf({ request: {}, response })).toThrow(
      '`from.exchanges[0].request.host` to be a string, got nothing',
    );
    expect(refusalOf({ request, response: {} })).toThrow('`from.exchanges[0].response.status` to be an HTTP status');
    expect(refusalOf({ request, response: { status: 99_999, headers: {} } })).toThrow('an HTTP status');
    expect(refusalOf({ request, response: { status: 200 } })).toThrow('response.headers` to be a plain object');
    expect(refusalOf({ request, response: { status: 200, headers: { a: 5 } } })).toThrow(
      'response.headers.a` to be a string',
    );
    expect(refusalOf({ request, response: { ...response, base64: '%%%' } })).toThrow('to be bytes in Base64');
    expect(() => replay({ from: { format: 2, exchanges: [] } as never })).toThrow(
      'Expected `from.format` to be 1, got 2',
    );
  });

  it('is refused where it can not be written, and leaves nothing behind', () => {
    const recorder = record({ to: folder, transport: cloud().transport });
    expect(() => recorder.save()).toThrow('Expected `to` to be a file that can be written');
    expect(readdirSync(join(folder, '..')).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });

  it('has one order, however the calls were interleaved', async () => {
    const order = async (...latencies: number[]): Promise<unknown[]> => {
      const { exchanges } = JSON.parse(await recorded([], latencies)) as Recording;
      return exchanges.map(({ request }) => request);
    };
    const first = await order(0, 9, 6, 3);
    expect(first).toHaveLength(7);
    expect(await order(0, 3, 6, 9)).toEqual(first);
  });

  it.each<[string, RegExp]>([
    ['{', /^Expected `from` to be a file with a recording, got /],
    ['{"format":2,"exchanges":[]}', /^Expected `from.format` to be 1, got 2$/],
    [
      '{"format":1,"exchanges":[{"request":{}}]}',
      /^Expected `from.exchanges\[0\].response` to be an object, got nothing/,
    ],
    ['{"format":1,"exchanges":[{"request":{"hots":""},"response":{}}]}', /did you mean `host`/],
  ])('is refused where it holds %s', (text, message) => {
    const file = join(folder, 'b.json');
    writeFileSync(file, text);
    expect(() => replay({ from: file })).toThrow(message);
  });

  it('is refused where there is none, as are options that can not work', () => {
    expect(() => replay({ from: join(folder, 'none.json') })).toThrow(
      /`from` to be a file with a recording, got ENOENT/,
    );
    expect(() => record({ hide: [''] })).toThrow(/`hide` to be a list of strings that are not empty/);
    expect(() => record({ upstream: 'no host' })).toThrow(/`upstream` to be a host/);
    expect(() => record({ to: '' })).toThrow(/`to` to be the path of a file/);
  });
});

describe('over HTTP', () => {
  it('records what any client sends, signed anew, and answers from it', async () => {
    const emulator = cloud();
    emulator.handle('DeleteInstance', () => {
      throw apiError(403, 'Forbidden.RAM', 'No.');
    });
    const { url: upstream } = await emulator.listen();
    const recorder = record({ credentials: real, upstream });
    const { url } = await recorder.listen();
    const callers = accessKey('emulator-access-key-id', 'emulator-access-key-secret');
    const session = async (endpoint: string): Promise<unknown[]> => {
      const options = { endpoint, regionId, credentials: callers };
      const ecs = new EcsClient(options);
      const answers = [
        await firstValueFrom(ecs.runInstances({ Amount: 1 })),
        await firstValueFrom(new EcsClient({ ...options, signature: 'V1' }).describeInstances({ PageSize: 50 })),
        await firstValueFrom(new CsClient({ ...options }).describeClusters({})),
        await firstValueFrom(new CsClient({ ...options, signature: 'V1' }).describeClusters({})),
        (await failure(ecs.deleteInstance({ InstanceId: 'i-none' }))).code,
      ];
      await lastValueFrom(ecs.close(), { defaultValue: undefined });
      return answers;
    };
    const seen = await session(url);
    expect(emulator.executions.map(({ accessKeyId: by }) => by)).toEqual(Array(5).fill(accessKeyId));
    const { recording } = recorder;
    await recorder.close();
    await emulator.close();
    expect(recording.exchanges).toHaveLength(5);
    expect(JSON.stringify(recording)).not.toMatch(/emulator-access-key|LTAI5t/);

    const replayed = replay({ from: recording });
    const again = await replayed.listen();
    expect(await session(again.url)).toEqual(seen);
    expect(replayed.unused).toEqual([]);
    await replayed.close();
  });

  it('lets in only who has its credentials, and no page', async () => {
    const recorder = record({ credentials: real, upstream: 'http://127.0.0.1:1' });
    const { url } = await recorder.listen();
    const strangers = new EcsClient({ endpoint: url, regionId, credentials: nobody });
    expect(isServerError(await failure(strangers.describeRegions({})), 'InvalidAccessKeyId.NotFound')).toBe(true);
    const page = await fetch(url, { headers: { origin: 'https://example.com' } });
    expect([page.status, ((await page.json()) as { Code: string }).Code]).toEqual([403, 'Forbidden']);
    await recorder.close();
  });

  it('passes events on as they come', async () => {
    const { service } = runInstances;
    const tail: Operation<object, { N?: number }> = {
      service,
      action: 'DescribeZones',
      response: '{N:n}',
      responseType: 'events',
    };
    const emulator = cloud({ services: [{ service, operations: { tail } }] });
    emulator.handle('DescribeZones', () => of({ N: 1 }, { N: 2 }));
    const { url: upstream } = await emulator.listen();
    const recorder = record({ credentials: real, upstream });
    const { url } = await recorder.listen();
    const client = new AlicloudClient({
      endpoint: url,
      regionId,
      credentials: accessKey('emulator-access-key-id', 'emulator-access-key-secret'),
    });
    expect(await firstValueFrom(client.call(tail).pipe(toArray()))).toEqual([{ N: 1 }, { N: 2 }]);
    await recorder.close();
    await emulator.close();
  });
});
