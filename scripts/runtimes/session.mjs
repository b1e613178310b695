// What every runtime has to be able to do, against the emulator over HTTP. It needs nothing but the language and what is of the
// web in all of them, so that Deno, Bun, workerd and Node run the same file.
import { firstValueFrom, lastValueFrom, map, take, toArray } from 'rxjs';
import { accessKey, isClientError, isServerError } from 'rx-alicloud';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { queryTextStreamWithSSE } from 'rx-alicloud/intelligentcreation';

/** `endpoint` is the emulator's. Returns what it saw, to be compared with what is expected. */
export async function session({ endpoint, accessKeyId, accessKeySecret, options }) {
  const regionId = 'cn-hangzhou';
  const credentials = accessKey(accessKeyId, accessKeySecret);
  const client = new EcsClient({ regionId, credentials, endpoint, ...options });
  const seen = {};
  const errorOf = (call) => lastValueFrom(call).then(String, (error) => error);

  seen.regions = (await firstValueFrom(client.describeRegions())).Regions.Region.length > 10;

  const served = await errorOf(client.describeRegions({}, { credentials: accessKey('nobody', accessKeySecret) }));
  seen.serverError = isServerError(served, 'InvalidAccessKeyId') && served.status;
  const refused = await errorOf(client.runInstances({ Amount: 'two' }));
  seen.clientError = isClientError(refused, 'SDK.InvalidRequest') && refused.message.includes('`Amount`');

  // The emulator throttles the first of them.
  const types = [];
  const watching = client.events$.subscribe(({ type }) => types.push(type));
  await firstValueFrom(client.describeZones());
  watching.unsubscribe();
  seen.events = types;

  // It is never answered; that it has come, and that it is gone, the emulator tells in another call.
  const hanging = client.call(describeInstances).subscribe();
  await until(client, 'received');
  hanging.unsubscribe();
  await until(client, 'cancelled');
  seen.cancelled = true;

  const stream = client.call(queryTextStreamWithSSE, { textId: '1' }).pipe(
    map(({ message }) => message),
    take(2),
    toArray(),
  );
  seen.streamed = await firstValueFrom(stream);
  await until(client, 'closed');

  client.enableAsync(2, 3);
  let running = 0;
  seen.peak = 0;
  const counting = client.events$.subscribe(({ type }) => {
    running += { attempt: 1, response: -1 }[type] ?? 0;
    seen.peak = Math.max(seen.peak, running);
  });
  const calls = Array.from({ length: 6 }, () => client.describeVpcs());
  seen.pool = await Promise.all(
    calls.map((call) =>
      lastValueFrom(call).then(
        () => 'answered',
        ({ code }) => code,
      ),
    ),
  );
  counting.unsubscribe();
  const [responses, errors] = client.describeRegionsWithChan({});
  seen.channels = [await responses.receive(), await errors.receive()].map((value) => value !== undefined);
  await lastValueFrom(client.shutdown(), { defaultValue: undefined });

  await lastValueFrom(client.close(), { defaultValue: undefined });
  seen.closed = (await errorOf(client.describeRegions())).code;
  return seen;
}

/** What the emulator has seen becomes visible as the name of an account attribute. */
async function until(client, what) {
  for (;;) {
    const { AccountAttributeItems } = await firstValueFrom(client.describeAccountAttributes());
    if (AccountAttributeItems.AccountAttributeItem.some(({ AttributeName }) => AttributeName === what)) return;
  }
}
