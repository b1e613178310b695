/** Where this SDK differs from the official one on purpose. `docs/conformance.md` lists each with its reason. */
import { firstValueFrom } from 'rxjs';
import { AlicloudClient, accessKey } from '../../lib/index.js';
import { describeClusterLogs, installClusterAddons } from '../../lib/services/cs.js';
import { describeInstances } from '../../lib/services/ecs.js';
import { loadOfficial, type OfficialClient } from './official.js';
import { pairsOf, searchOf, startRecorder, type Recorder } from './recorder.js';

const id = 'LTAI-differences';
const secret = 'secret';
let recorder: Recorder;
let ours: AlicloudClient;

beforeEach(async () => {
  recorder = await startRecorder();
  ours = new AlicloudClient({ credentials: accessKey(id, secret), endpoint: `http://${recorder.host}`, retry: false });
});
afterEach(async () => {
  ours.shutdown();
  await recorder.close();
});

function theirs(packageName: string): OfficialClient {
  return loadOfficial(packageName).connect({ accessKeyId: id, accessKeySecret: secret, endpoint: recorder.host });
}

it('keeps integers beyond 2^53, which the official SDK rounds', async () => {
  const request = { ClusterId: 'c' };
  recorder.answer = { contentType: 'application/json', body: '[{"ID":9007199254740993}]' };
  const client = theirs('@alicloud/cs20151215');
  expect(await client.call('describeClusterLogs', describeClusterLogs, request)).toEqual([{ ID: 9007199254740992 }]);
  expect(await firstValueFrom(ours.call(describeClusterLogs, request))).toEqual([{ ID: 9007199254740993n }]);
});

it('percent-encodes as RFC 3986 does; the official SDK leaves !()* in the URL, which means the same', async () => {
  const request = { RegionId: "!'()*", InstanceName: "a!b'c(d)e*f" };
  const client = theirs('@alicloud/ecs20140526');
  await client.call('describeInstances', describeInstances, request);
  await firstValueFrom(ours.call(describeInstances, request));
  const [their, our] = recorder.take();
  expect(searchOf(our!)).toBe('InstanceName=a%21b%27c%28d%29e%2Af&RegionId=%21%27%28%29%2A');
  expect(searchOf(their!)).toBe('InstanceName=a!b%27c(d)e*f&RegionId=!%27()*');
  expect(pairsOf(searchOf(our!))).toEqual(pairsOf(searchOf(their!)));
});

it('says nothing of a field that does not exist, in the official SDK; here it is refused', async () => {
  const request = { RegionId: 'cn-hangzhou', InstanceNames: 'web' };
  const client = theirs('@alicloud/ecs20140526');
  await client.call('describeInstances', describeInstances, request);
  expect(pairsOf(searchOf(recorder.take()[0]!))).toEqual([['RegionId', 'cn-hangzhou']]);
  await expect(firstValueFrom(ours.call(describeInstances, request))).rejects.toThrow(
    'Expected `InstanceNames` to be absent, as there is no such field',
  );
  expect(recorder.take()).toEqual([]);
});

it('drops null in an array of the body, in the official SDK; here it is refused', async () => {
  const request = { ClusterId: 'c', body: [null, { name: 'addon' }] };
  await expect(firstValueFrom(ours.call(installClusterAddons, request as never))).rejects.toThrow(
    'Expected `body[0]` to be an object, got nothing',
  );
});
