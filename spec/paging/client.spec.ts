/** Lists through a client, from the emulator. */
import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { describeDisks, describeInstances, EcsClient } from '../../lib/services/ecs.js';
import { listUsers, RamClient } from '../../lib/services/ram.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import type { EmulatorOptions } from '../../lib/testing/options.js';

const { accessKeyId, accessKeySecret } = emulatorCredentials;

function open(options: EmulatorOptions = {}, more: ClientOptions = {}) {
  const emulator = createEmulator(options);
  const client = new EcsClient({
    regionId: 'cn-hangzhou',
    credentials: accessKey(accessKeyId, accessKeySecret),
    transport: emulator.transport,
    ...more,
  });
  const asked = () => emulator.requests.get('DescribeInstances') ?? 0;
  return { emulator, client, asked };
}

/** Instances that are made up when their page is asked for, as many as the list's size says. */
function openFleet(listSize: number, more: ClientOptions = {}) {
  const opened = open({ listSize }, more);
  opened.emulator.handle(describeInstances, (call) => call.sample());
  return opened;
}

describe('items of a million instances', () => {
  it('cost one request for the first five', async () => {
    const { client, asked } = openFleet(1_000_000);
    const first = await firstValueFrom(client.items(describeInstances, {}).pipe(take(5), toArray()));
    expect(first.map(({ InstanceId }) => InstanceId?.replace(/.*-/, ''))).toEqual(['1', '2', '3', '4', '5']);
    expect(asked()).toBe(1);
  });

  it('go on where an earlier reading stopped', async () => {
    const { client } = openFleet(1_000_000);
    const request = { MaxResults: 100 };
    const second = await lastValueFrom(client.pages(describeInstances, request).pipe(take(2)));
    // As JSON, as it would be kept.
    const next = JSON.parse(JSON.stringify(second.next)) as typeof request;
    const { InstanceId } = await firstValueFrom(client.items(describeInstances, next));
    expect(InstanceId).toMatch(/-201$/);
  });
});

describe('items of what the emulator keeps', () => {
  it('are each there once, by number and by token', async () => {
    const { client, asked } = open();
    for (let i = 0; i < 3; i++) await firstValueFrom(client.runInstances({ Amount: 75 }));
    for (const request of [{ PageSize: 50 }, { MaxResults: 50 }]) {
      const before = asked();
      const ids = await firstValueFrom(client.items(describeInstances, request).pipe(toArray()));
      expect(new Set(ids.map(({ InstanceId }) => InstanceId)).size).toBe(225);
      expect(asked() - before).toBe(5);
    }
  });

  it('by token are not moved by what is deleted meanwhile; by number they are', async () => {
    const readWhileDeleting = async (request: { PageSize?: number; MaxResults?: number }) => {
      const { client } = open({ bootTime: 0 });
      await firstValueFrom(client.runInstances({ Amount: 6 }));
      const seen: (string | undefined)[] = [];
      for await (const page of pagesOf(client, request)) {
        seen.push(...page.items.map(({ InstanceId }) => InstanceId));
        const [first = ''] = seen;
        if (seen.length === 2) await firstValueFrom(client.deleteInstance({ InstanceId: first, Force: true }));
      }
      return seen.length;
    };
    await expect(readWhileDeleting({ MaxResults: 2 })).resolves.toBe(6);
    // The third has moved onto the page that was read.
    await expect(readWhileDeleting({ PageSize: 2 })).resolves.toBe(5);
  });
});

async function* pagesOf(client: EcsClient, request: object) {
  for (let next: object | undefined = request; next !== undefined;) {
    const page: Awaited<ReturnType<typeof firstPage>> = await firstPage(client, next);
    yield page;
    next = page.next;
  }
}

function firstPage(client: EcsClient, request: object) {
  return firstValueFrom(client.pages(describeInstances, request));
}

describe('a page', () => {
  it('is a call as any other: repeated where it fails, and told of', async () => {
    const { emulator, client, asked } = openFleet(25);
    const seen: string[] = [];
    client.events$.subscribe(({ type, call }) => {
      if (type === 'finished' || type === 'retried') seen.push(`${call.action} ${type}`);
    });
    emulator.inject({ kind: 'reset', times: 1 });
    const retry = { baseDelay: 0 };
    const items = await firstValueFrom(client.items(describeInstances, {}, { retry }).pipe(toArray()));
    expect(items).toHaveLength(25);
    expect(asked()).toBe(3);
    expect(seen).toContain('DescribeInstances retried');
    expect(seen.filter((each) => each.endsWith('finished'))).toHaveLength(3);
  });

  it('waits for a slot of the async mode, and is refused where that is full', async () => {
    const { client } = openFleet(25, { enableAsync: true, poolSize: 1, maxTaskQueueSize: 0 });
    const items$ = client.items(describeInstances, {}).pipe(toArray());
    const [first, second] = await Promise.allSettled([firstValueFrom(items$), firstValueFrom(items$)]);
    expect(first).toMatchObject({ status: 'fulfilled' });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'SDK.AsyncQueueFull' } });
  });

  it('ends the reading where more are asked for at a time than the pool has room for', async () => {
    const { client } = openFleet(45, { enableAsync: true, poolSize: 1, maxTaskQueueSize: 1 });
    const read = (concurrency: number) =>
      firstValueFrom(client.items(describeInstances, { PageSize: 10 }, { concurrency }).pipe(toArray()));
    await expect(read(2)).resolves.toHaveLength(45);
    await expect(read(3)).rejects.toMatchObject({ code: 'SDK.AsyncQueueFull' });
  });

  it.each<['shutdown' | 'close', number, string]>([
    ['shutdown', 25, 'complete'],
    ['close', 10, 'SDK.Closed'],
  ])('is sent directly, or refused, after a %s in the middle of a reading', async (end, count, how) => {
    const { client } = openFleet(25, { enableAsync: true, poolSize: 1, maxTaskQueueSize: 0 });
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      client.items(describeInstances, {}).subscribe({
        next: () => {
          if (seen.push('item') === 5) client[end]();
        },
        error: ({ code }: { code: string }) => resolve(void seen.push(code)),
        complete: () => resolve(void seen.push('complete')),
      });
    });
    expect(seen.slice(count)).toEqual([how]);
  });

  it('is refused before anything is sent where the request does not fit', async () => {
    const { client, asked } = openFleet(25);
    // @ts-expect-error -- what the types would not let through
    const read = firstValueFrom(client.items(describeInstances, { PageSize: 'ten' }));
    await expect(read).rejects.toMatchObject({ code: 'SDK.InvalidRequest' });
    expect(asked()).toBe(0);
  });

  it('has the types of its operation', async () => {
    const { client } = openFleet(25);
    const { items, response, next, total } = await firstValueFrom(client.pages(describeDisks));
    expect([items.length, response.Disks?.Disk?.length, next?.PageNumber, total]).toEqual([10, 10, 2, 25]);
  });
});

it('reads lists whose pages go by a marker', async () => {
  const { emulator } = open();
  const client = new RamClient({ credentials: accessKey(accessKeyId, accessKeySecret), transport: emulator.transport });
  const users = await firstValueFrom(client.items(listUsers, { MaxItems: 9 }).pipe(toArray()));
  expect(new Set(users.map(({ UserName }) => UserName)).size).toBe(25);
  expect(emulator.requests.get('ListUsers')).toBe(3);
});
