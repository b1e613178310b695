// The cloud that the app explores: the emulator, with instances to look at and handlers for what the pages show.
import { createHash } from 'node:crypto';
import { concatMap, delay, from, lastValueFrom, of } from 'rxjs';
import { accessKey } from 'rx-alicloud';
import { EcsClient } from 'rx-alicloud/ecs';
import { describeOrder } from 'rx-alicloud/market';
import { recognizeGeneral } from 'rx-alicloud/ocr-api';
import { startChatWithSSE } from 'rx-alicloud/ros';
import { apiError, createEmulator } from 'rx-alicloud/testing';

export const regions = ['cn-hangzhou', 'cn-shanghai', 'ap-southeast-1', 'eu-central-1'];

/** A key that only the server knows: the specs look for it in all that the browser gets. */
export const credentials = {
  accessKeyId: 'explorer-key-on-the-server',
  accessKeySecret: 'explorer-secret-on-the-server',
};

/** How long the cloud takes: for any answer, and for a launch on top of it; in milliseconds. */
const latency = 120;
const launchTime = 700;

const seeds = {
  'cn-hangzhou': [
    'web-01',
    'web-02',
    'web-03',
    'api-01',
    'api-02',
    'worker-01',
    'worker-02',
    'cache-01',
    'database-01',
  ],
  'cn-shanghai': ['web-11', 'web-12', 'api-11', 'batch-01'],
  'ap-southeast-1': ['edge-01', 'edge-02', 'mail-01'],
  'eu-central-1': ['web-21', 'archive-01'],
};

export async function createCloud() {
  let isSlow = false;
  const emulator = createEmulator({ credentials, regions, latency: () => (isSlow ? latency : 0), bootTime: 1500 });
  answerDemoCalls(emulator);
  await seed(emulator);
  isSlow = true;
  const initial = emulator.snapshot();
  // The first fault that was injected strikes first: a throttle has to stand before the slowness of launches.
  const slowLaunches = () => emulator.inject({ kind: 'late', action: 'RunInstances', duration: launchTime });
  let hurryLaunches = slowLaunches();
  const { url } = await emulator.listen();
  return {
    emulator,
    url,
    /** Refuses the next launch, and says for how long to wait, in milliseconds. Returns what takes that back. */
    throttleLaunch(retryAfter) {
      hurryLaunches();
      const takeBack = emulator.inject({ kind: 'throttle', action: 'RunInstances', retryAfter, times: 1 });
      hurryLaunches = slowLaunches();
      return takeBack;
    },
    reset() {
      emulator.reset();
      emulator.restore(initial);
      hurryLaunches = slowLaunches();
    },
  };
}

async function seed(emulator) {
  const client = new EcsClient({
    regionId: regions[0],
    credentials: accessKey(credentials.accessKeyId, credentials.accessKeySecret),
    transport: emulator.transport,
  });
  const launches = Object.entries(seeds).flatMap(([RegionId, names]) =>
    names.map((InstanceName) => ({ RegionId, InstanceName, InstanceType: typeOf(InstanceName) })),
  );
  await lastValueFrom(from(launches).pipe(concatMap((request) => client.runInstances(request))));
}

function typeOf(name) {
  if (name.startsWith('database') || name.startsWith('cache')) return 'ecs.r7.xlarge';
  return name.startsWith('worker') || name.startsWith('batch') ? 'ecs.c7.2xlarge' : 'ecs.g7.large';
}

function answerDemoCalls(emulator) {
  // An uploaded file: what arrived, so that the page can compare.
  emulator.handle(recognizeGeneral, ({ request: { body } }) => {
    const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.from(body ?? []);
    const digest = createHash('sha256').update(bytes).digest('hex');
    return { Data: JSON.stringify({ bytes: bytes.length, sha256: digest }) };
  });
  // An answer that comes word by word.
  emulator.handle(startChatWithSSE, ({ request: { Query } }) =>
    from(replyTo(Query).match(/\S+\s*/g) ?? []).pipe(concatMap((word) => of(word).pipe(delay(90)))),
  );
  // A number beyond what a double holds exactly.
  emulator.handle(describeOrder, ({ request: { OrderId } }) => {
    if (!/^\d{1,19}$/.test(OrderId) || BigInt(OrderId) > 2n ** 63n - 1n) {
      throw apiError(400, 'InvalidOrderId', 'The order id is not a number of 64 bits.');
    }
    return { OrderId: BigInt(OrderId), OrderStatus: 'NORMAL', ProductName: 'Demo', Quantity: 1 };
  });
}

function replyTo(query) {
  return (
    `You asked: “${query}” This answer comes as server-sent events: the cloud sends a word, the gateway passes it on, and the page ` +
    'shows it, while the next one is still to be thought of. Nothing is collected on the way, so the first word is here long before ' +
    'the last. Press Stop, and the page unsubscribes; the browser closes its connection, the gateway sees that and closes its own, ' +
    'and the cloud stops. No word is made for nobody. That is what unsubscribing means at every stage of a call.'
  );
}
