// What a gateway has to be able to do, whatever it runs in, seen by a client and by plain requests.
import { lastValueFrom } from 'rxjs';
import { EcsClient } from 'rx-alicloud/ecs';
import { until } from '../processes.mjs';

/**
 * Returns what it saw, to be compared with what is expected. The emulator throttles the first `DescribeZones`, and never answers
 * `DescribeInstances`. `cloud` tells whether that has come there, and whether it was cancelled, which is not asked for where
 * `noticesCancels` is `false`.
 */
export async function gatewaySession(gateway, cloud, { noticesCancels = true } = {}) {
  const client = new EcsClient({ gateway, regionId: 'cn-hangzhou' });
  const endOf = (call) =>
    lastValueFrom(call).then(
      () => 'answered',
      ({ code }) => code,
    );
  const seen = {};
  seen.answered = await endOf(client.describeRegions());
  seen.notAllowed = await endOf(client.describeVpcs());
  seen.throttled = await Promise.all([endOf(client.describeZones()), endOf(client.describeZones())]);
  const many = await Promise.all(Array.from({ length: 20 }, () => endOf(client.describeRegions())));
  seen.many = [...new Set(many)];
  const attempt = crypto.randomUUID();
  seen.replayed = [await replayed(gateway, attempt), await replayed(gateway, attempt)];
  seen.joined = await joined(gateway, cloud, () => endOf(client.describeRegions()));
  if (noticesCancels) {
    const reading = client.describeInstances().subscribe();
    await until(() => cloud.seen.has('received'), 'the call comes to the service');
    reading.unsubscribe();
    await until(() => cloud.seen.has('cancelled'), 'the call is cancelled with its caller');
  }
  await lastValueFrom(client.close(), { defaultValue: undefined });
  return seen;
}

/** Whether of two with the same id the second, which comes while the first is under way, gets the answer of the first. */
async function joined(gateway, cloud, other) {
  const attempt = crypto.randomUUID();
  const first = replayed(gateway, attempt, 'DescribeImages');
  await until(() => cloud.seen.has('held'), 'the call comes to the service');
  const second = replayed(gateway, attempt, 'DescribeImages');
  // By then the gateway has the second, too.
  await other();
  cloud.answer();
  return [await first, await second];
}

async function replayed(gateway, attempt, action = 'DescribeRegions') {
  const response = await fetch(`${gateway}/Ecs/2014-05-26/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-rx-alicloud-attempt': attempt },
    body: '{"request":{}}',
  });
  const text = await response.text();
  if (!response.ok) return `${response.status} ${text}`;
  return response.headers.get('x-rx-alicloud-replayed');
}
