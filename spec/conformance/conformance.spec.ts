/**
 * Every operation of every generated product, called by the official package and by ours: the requests are the same on
 * the wire, down to the signature, and the same answer decodes to the same values.
 */
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { AlicloudClient, accessKey, type AnyOperation } from '../../lib/index.js';
import { cs } from '../../lib/services/cs.js';
import { ecs } from '../../lib/services/ecs.js';
import { sts } from '../../lib/services/sts.js';
import { callOfficial, freezeOfficial, loadOfficial, officialClient, type OfficialClient } from './official.js';
import { startRecorder, type Recorded, type Recorder } from './recorder.js';
import { sampleRequest, sampleResponse } from './samples.js';

const products = [
  { definition: ecs, packageName: '@alicloud/ecs20140526', count: 380 },
  { definition: sts, packageName: '@alicloud/sts20150401', count: 4 },
  { definition: cs, packageName: '@alicloud/cs20151215', count: 148 },
];

const now = Date.UTC(2026, 0, 31, 8, 9, 10);
const nonce = 'a-nonce-that-never-changes';
const id = 'LTAI-conformance';
const secret = 'a-secret-for-conformance';

describe.each(products)('$packageName', ({ definition, packageName, count }) => {
  const operations = Object.entries(definition.operations as unknown as Record<string, AnyOperation>);
  const official = loadOfficial(packageName);
  let recorder: Recorder;
  let theirs: OfficialClient;
  let ours: AlicloudClient;

  beforeAll(async () => {
    recorder = await startRecorder();
    freezeOfficial('2026-01-31T08:09:10Z', nonce);
    const endpoint = { endpoint: recorder.host, protocol: 'http', regionId: 'cn-hangzhou' };
    theirs = officialClient(official, { accessKeyId: id, accessKeySecret: secret, ...endpoint });
    ours = new AlicloudClient({
      credentials: accessKey(id, secret),
      endpoint: `http://${recorder.host}`,
      clock: () => now,
      nonce: () => nonce,
    });
  });
  afterAll(async () => {
    await lastValueFrom(ours.shutdown(), { defaultValue: undefined });
    await recorder.close();
  });

  it('has every operation', () => {
    expect(operations).toHaveLength(count);
  });

  it.each(operations)('%s is equal on the wire, and in what it makes of the answer', async (name, operation) => {
    const request = sampleRequest(operation);
    const answer = sampleResponse(operation);
    recorder.answer =
      operation.responseType === 'text'
        ? { contentType: 'text/plain', body: String(answer) }
        : { contentType: 'application/json', body: answer === undefined ? '' : JSON.stringify(answer) };

    const theirResponse = await callOfficial(official, theirs, name, operation, request);
    const [theirRequest] = recorder.take();
    // The sample fits the table, which is what the request's type was generated from.
    const ourResponse = await firstValueFrom(ours.call(operation, request as never));
    const [ourRequest] = recorder.take();

    expect(comparable(ourRequest)).toEqual(comparable(theirRequest));
    // Where there is no body, the official SDK gives none, and this one an empty object.
    expect(ourResponse).toEqual(operation.response === undefined ? {} : theirResponse);
  });
});

/** What must be equal: all but the headers that are not signed and differ by design. */
function comparable(recorded: Recorded | undefined): unknown {
  if (recorded === undefined) return undefined;
  const { method, path, query, body } = recorded;
  const headers = Object.entries(recorded.headers).filter(
    ([header]) => header.startsWith('x-acs-') || ['host', 'accept', 'content-type', 'authorization'].includes(header),
  );
  // The older protocol puts the clock and the nonce in the query; both are frozen, so they are compared like the rest.
  return { method, path, query, body, headers: Object.fromEntries(headers.sort(([a], [b]) => (a < b ? -1 : 1))) };
}
