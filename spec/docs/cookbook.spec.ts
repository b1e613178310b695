/**
 * The programs of the cookbook do what they say, to what an emulator holds, and write what the page shows.
 *
 * Their timers are those of Jest, and what they wait for takes no time. Of the SDK the network alone is replaced: whatever
 * host a program calls, the emulator answers.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { lastValueFrom, NEVER, toArray } from 'rxjs';
import { accessKey } from '../../lib/credentials/credentials.js';
import { bssopenapi, describeInstanceBill } from '../../lib/services/bssopenapi.js';
import { cms, describeMetricList } from '../../lib/services/cms.js';
import {
  createSnapshot,
  deleteSnapshot,
  describeDisks,
  describeInstanceHistoryEvents,
  describeInstances,
  describeSnapshots,
  EcsClient,
  type DescribeInstancesRequest,
  type RunInstancesRequest,
} from '../../lib/services/ecs.js';
import { listAccounts, resourcemanager } from '../../lib/services/resourcemanager.js';
import { createEmulator, emulatorCredentials, apiError, type Emulator } from '../../lib/testing/index.js';
import { axiosTransport, openTransport } from '../../lib/transport/axios-transport.js';
import { Program, type Run } from './run-program.js';
import { snippetsOf } from './snippets.js';

jest.mock('../../lib/transport/axios-transport.js');

const { accessKeyId, accessKeySecret } = emulatorCredentials;
const bootTime = 20_000;
let emulator: Emulator;
let ecs: EcsClient;
let folder: string;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'], now: Date.UTC(2026, 0, 31) });
  process.env.ALIBABA_CLOUD_ACCESS_KEY_ID = accessKeyId;
  process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET = accessKeySecret;
  folder = mkdtempSync(join(tmpdir(), 'cookbook-'));
  const services = [bssopenapi, cms, resourcemanager];
  emulator = createEmulator({ bootTime, services, regions: ['cn-hangzhou', 'cn-shanghai', 'cn-beijing'] });
  const { transport } = emulator;
  jest.mocked(openTransport).mockReturnValue({ transport });
  jest.mocked(axiosTransport).mockReturnValue(transport);
  ecs = new EcsClient({ regionId: 'cn-hangzhou', credentials: accessKey(accessKeyId, accessKeySecret), transport });
});

afterEach(() => {
  jest.useRealTimers();
  delete process.env.ALIBABA_CLOUD_ACCESS_KEY_ID;
  delete process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET;
  rmSync(folder, { recursive: true });
});

/** In lots of a hundred, named one after the other. */
async function launch(count: number, request: RunInstancesRequest = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let left = count; left > 0; left -= 100) {
    const { InstanceIdSets } = await lastValueFrom(
      ecs.runInstances({ ...request, Amount: Math.min(left, 100), UniqueSuffix: true }),
    );
    ids.push(...(InstanceIdSets?.InstanceIdSet ?? []));
  }
  return ids;
}

async function running(count: number, request?: RunInstancesRequest): Promise<string[]> {
  const ids = await launch(count, request);
  jest.advanceTimersByTime(bootTime);
  return ids;
}

async function stopped(count: number, request?: RunInstancesRequest): Promise<string[]> {
  const ids = await running(count, request);
  await lastValueFrom(ecs.stopInstances({ InstanceId: ids }));
  jest.advanceTimersByTime(bootTime);
  return ids;
}

async function list(request: DescribeInstancesRequest = {}): Promise<(string | undefined)[]> {
  const ids$ = ecs.items(describeInstances, { MaxResults: 100, ...request }).pipe(toArray());
  return (await lastValueFrom(ids$)).map(({ InstanceId }) => InstanceId);
}

async function ended(name: string, run?: Run): Promise<Program> {
  const program = new Program(name, run);
  await program.end();
  return program;
}

/** Until when each instance is on its way from one status to the next. */
function statusChanges(): number[] {
  // A snapshot is JSON, whose types are the emulator's own.
  return emulator.snapshot().instances.map((instance) => (instance as { until: number }).until);
}

function actions(): string[] {
  return emulator.executions.map(({ action }) => action);
}

const page = snippetsOf('docs/cookbook.md');

/** What stands below the program on the page. */
function shown(name: string): string[] {
  const at = page.findIndex(({ code }) => code === source(name));
  return (page[at + 1]?.code ?? '').trimEnd().split('\n');
}

function source(name: string): string {
  return readFileSync(join('examples/cookbook', name), 'utf8');
}

describe('the page', () => {
  const programs = readdirSync('examples/cookbook').filter((file) => file.endsWith('.mjs'));

  it('shows each program as it is', () => {
    const onPage = page.filter(({ language }) => language === 'js program').map(({ code }) => code);
    expect([...onPage].sort()).toEqual(programs.map(source).sort());
  });
});

describe('inventory.mjs', () => {
  it('writes each instance of each region once', async () => {
    const ids = [...(await launch(150)), ...(await launch(3, { RegionId: 'cn-beijing' }))];
    const program = await ended('inventory.mjs');
    expect(program.lines.map((line) => (JSON.parse(line) as { InstanceId: string }).InstanceId).sort()).toEqual(
      ids.sort(),
    );
    expect(program.errors.trimEnd().split('\n').sort()).toEqual(shown('inventory.mjs'));
  });

  it('asks for no page while its reader is slow', async () => {
    await launch(300);
    const program = new Program('inventory.mjs', { highWaterMark: 1, isRead: false });
    await program.until(() => actions().filter((action) => action === 'DescribeInstances').length === 3);
    for (let round = 0; round < 20; round++) await turn();
    // The first page of each region.
    expect(emulator.requests.get('DescribeInstances')).toBe(3);
    program.read();
    await program.end();
    expect(program.lines).toHaveLength(300);
  });
});

describe('rolling-restart.mjs', () => {
  it('restarts two at a time, and nothing else', async () => {
    await running(1, { InstanceName: 'db-' });
    const ids = await running(5, { InstanceName: 'web-', Tag: [{ Key: 'role', Value: 'web' }] });
    const program = new Program('rolling-restart.mjs');
    const away: number[] = [];
    await program.until(() => {
      away.push(statusChanges().filter((until) => until > Date.now()).length);
      return false;
    });
    await program.end();
    expect(program.lines).toEqual(shown('rolling-restart.mjs'));
    expect(Math.max(...away)).toBe(2);
    expect(await list({ Status: 'Running' })).toEqual(expect.arrayContaining(ids));
    expect(actions().filter((action) => action.startsWith('St'))).toEqual(
      Array.from({ length: 3 }, () => ['StopInstances', 'StartInstances']).flat(),
    );
  });

  it('stops at the first that fails', async () => {
    await running(5, { Tag: [{ Key: 'role', Value: 'web' }] });
    emulator.inject({ kind: 'error', action: 'StartInstances', status: 403, code: 'OperationDenied', times: 1 });
    await expect(ended('rolling-restart.mjs')).rejects.toThrow('OperationDenied');
    expect(await list({ Status: 'Running' })).toHaveLength(3);
  });
});

describe('fleet.mjs', () => {
  it('is done when all instances run', async () => {
    const program = await ended('fleet.mjs', { args: ['250'] });
    expect(program.lines).toEqual(shown('fleet.mjs'));
    expect(await list({ Status: 'Running' })).toHaveLength(250);
  });

  it('leaves nothing of a fleet that is not complete', async () => {
    const others = await running(2);
    emulator.inject({ kind: 'error', action: 'RunInstances', status: 403, code: 'QuotaExceed.ElasticQuota', times: 1 });
    await expect(ended('fleet.mjs', { args: ['250'] })).rejects.toThrow('QuotaExceed.ElasticQuota');
    expect(await list()).toEqual(others);
  });
});

describe('tail-events.mjs', () => {
  it('prints each event once, as they come', async () => {
    const event = (EventId: string, InstanceId: string, Name: string) => ({
      EventId,
      InstanceId,
      EventType: { Name },
      EventPublishTime: new Date().toISOString(),
      Reason: 'Planned',
    });
    const events = [event('e-1', 'i-1', 'SystemMaintenance.Reboot')];
    emulator.handle(describeInstanceHistoryEvents, ({ request: { PageNumber = 1, PageSize = 10 } }) => ({
      InstanceSystemEventSet: { InstanceSystemEventType: PageNumber === 1 ? events : [] },
      TotalCount: events.length,
      PageNumber: Number(PageNumber),
      PageSize: Number(PageSize),
    }));
    const program = new Program('tail-events.mjs');
    await program.until(() => program.lines.length === 1);
    emulator.inject({ kind: 'throttle', times: 4 });
    jest.advanceTimersByTime(60_000);
    events.push(event('e-2', 'i-2', 'InstanceFailure.Reboot'), event('e-3', 'i-2', 'SystemMaintenance.Stop'));
    await program.until(() => program.lines.length >= 3);
    program.signal('SIGINT');
    await program.end();
    expect(program.lines).toEqual(shown('tail-events.mjs'));
  });
});

describe('export-bill.mjs', () => {
  it('writes each line of the bill, and sums them up', async () => {
    const line = (InstanceID: string, Tag: string, PretaxAmount: number) => ({
      ...{ InstanceID, Tag, PretaxAmount, ProductCode: 'ecs', Region: 'cn-hangzhou', Currency: 'CNY' },
    });
    const first = [line('i-1', 'key:team value:"web"', 0.1), line('i-2', 'key:team value:"web"', 0.2)];
    emulator.handle(describeInstanceBill, ({ request: { NextToken, BillingCycle } }) => ({
      Success: true,
      Data: {
        BillingCycle,
        ...(NextToken === 'second' ? { Items: [line('i-3', '', 12.34)] } : { Items: first, NextToken: 'second' }),
      },
    }));
    const path = join(folder, 'bill.csv');
    const program = await ended('export-bill.mjs', { args: ['2026-01', path] });
    expect(program.lines).toEqual(shown('export-bill.mjs'));
    expect(readFileSync(path, 'utf8').split('\n')).toEqual([
      'InstanceID,ProductCode,Region,Tag,Currency,PretaxAmount',
      '"i-1","ecs","cn-hangzhou","key:team value:""web""","CNY","0.1"',
      '"i-2","ecs","cn-hangzhou","key:team value:""web""","CNY","0.2"',
      '"i-3","ecs","cn-hangzhou","","CNY","12.34"',
      '',
    ]);
  });
});

describe('accounts.mjs', () => {
  it('asks each account by its own role, through one session of the hub', async () => {
    await launch(3);
    const accounts = ['1111111111111111', '2222222222222222', '3333333333333333'];
    emulator.handle(listAccounts, () => {
      // The hub has its role by now; the first account has none for it.
      emulator.inject({ kind: 'error', action: 'AssumeRole', status: 403, code: 'NoPermission', times: 1 });
      return {
        TotalCount: 3,
        PageNumber: 1,
        PageSize: 100,
        Accounts: { Account: accounts.map((AccountId) => ({ AccountId })) },
      };
    });
    const program = await ended('accounts.mjs');
    expect([...program.lines].sort()).toEqual(shown('accounts.mjs'));
    expect(emulator.requests.get('AssumeRole')).toBe(3);
    const keys = emulator.executions
      .filter(({ action }) => action === 'DescribeInstances')
      .map(({ accessKeyId: key }) => key);
    expect(new Set(keys).size).toBe(2);
  });
});

describe('tag-tenants.mjs', () => {
  it('tags all, and lets a small tenant wait for no large one', async () => {
    await launch(1_000, { InstanceName: 'huge-' });
    await launch(60, { InstanceName: 'tiny-' });
    const before = emulator.executions.length;
    const program = await ended('tag-tenants.mjs');
    expect(program.lines).toEqual(shown('tag-tenants.mjs'));
    expect(await list({ Tag: [{ Key: 'tenant', Value: 'huge' }] })).toHaveLength(1_000);
    expect(await list({ Tag: [{ Key: 'tenant', Value: 'tiny' }] })).toHaveLength(60);
    expect(emulator.executions.slice(before).filter(({ action }) => action === 'TagResources')).toHaveLength(22);
  });
});

describe('snapshots.mjs', () => {
  interface Snapshot {
    readonly SnapshotId: string;
    readonly SourceDiskId: string;
    readonly Status: string;
    readonly CreationTime: string;
    readonly isOwn: boolean;
  }

  function disks(...ids: string[]): Map<string, Snapshot> {
    const snapshots = new Map<string, Snapshot>();
    const add = (SnapshotId: string, SourceDiskId: string, time: number, isOwn: boolean, Status: string) => {
      const CreationTime = new Date(time).toISOString();
      snapshots.set(SnapshotId, { SnapshotId, SourceDiskId, CreationTime, isOwn, Status });
    };
    for (const id of ids) {
      add(`${id}-old`, id, Date.UTC(2026, 0, 1), true, 'accomplished');
      add(`${id}-young`, id, Date.UTC(2026, 0, 30), true, 'accomplished');
      add(`${id}-by-hand`, id, Date.UTC(2025, 0, 1), false, 'accomplished');
    }
    emulator.handle(describeDisks, () => ({
      Disks: { Disk: ids.map((DiskId) => ({ DiskId })) },
      TotalCount: ids.length,
    }));
    emulator.handle(createSnapshot, ({ request: { DiskId } }) => {
      add(`${DiskId}-new`, DiskId, Date.now(), true, DiskId === 'd-broken' ? 'failed' : 'accomplished');
      return { SnapshotId: `${DiskId}-new` };
    });
    emulator.handle(describeSnapshots, ({ request: { SnapshotIds, DiskId, Tag, Status } }) => {
      const ids = SnapshotIds === undefined ? undefined : (JSON.parse(SnapshotIds) as string[]);
      const Snapshot = [...snapshots.values()].filter(
        (each) =>
          ids?.includes(each.SnapshotId) !== false &&
          (DiskId ?? each.SourceDiskId) === each.SourceDiskId &&
          (Status ?? each.Status) === each.Status &&
          (Tag === undefined || each.isOwn),
      );
      return { Snapshots: { Snapshot }, TotalCount: Snapshot.length };
    });
    emulator.handle(deleteSnapshot, ({ request: { SnapshotId } }) => {
      if (!snapshots.delete(SnapshotId)) throw apiError(404, 'InvalidSnapshotId.NotFound', 'There is none.');
      return {};
    });
    return snapshots;
  }

  it('takes one of each disk, and deletes old ones of its own', async () => {
    const snapshots = disks('d-1', 'd-broken');
    const program = await ended('snapshots.mjs');
    expect(program.lines).toEqual(shown('snapshots.mjs'));
    expect(program.exitCode).toBe(1);
    expect([...snapshots.keys()].sort()).toEqual([
      ...['d-1-by-hand', 'd-1-new', 'd-1-young'],
      // Its new one is not good, so that its old ones stay.
      ...['d-broken-by-hand', 'd-broken-new', 'd-broken-old', 'd-broken-young'],
    ]);
  });
});

describe('watch-instances.mjs', () => {
  it('tells what comes, changes and goes', async () => {
    const [id = ''] = await running(1, { InstanceName: 'web-1' });
    const program = new Program('watch-instances.mjs');
    await program.until(() => program.lines.length === 1);
    await launch(1, { InstanceName: 'web-2' });
    await program.until(() => program.lines.length === 3);
    await lastValueFrom(ecs.deleteInstance({ InstanceId: id, Force: true }));
    await program.until(() => program.lines.length === 4);
    program.signal('SIGINT');
    await program.end();
    expect(program.lines).toEqual(shown('watch-instances.mjs'));
    expect(emulator.activeRequests).toBe(0);
  });
});

describe('server.mjs', () => {
  beforeEach(() => jest.useRealTimers());

  /** Over a connection of its own. */
  async function get(port: number, signal?: AbortSignal): Promise<[status: number | undefined, body: string]> {
    const request = http.get({ port, path: '/instances?region=cn-hangzhou', agent: false, ...(signal && { signal }) });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    return [response.statusCode, await text(response)];
  }

  it('answers, aborts its calls when whoever asked has gone, and ends with what is under way', async () => {
    const ids = await launch(120);
    const program = new Program('server.mjs', { args: ['0'] });
    const written = async (count: number) => {
      while (program.lines.length < count) await turn();
    };
    await written(1);
    const port = Number(/"port":(\d+)/.exec(program.output)?.[1]);
    const [status, body] = await get(port);
    expect(status).toBe(200);
    expect((JSON.parse(body) as { InstanceId: string }[]).map(({ InstanceId }) => InstanceId)).toEqual(ids);

    const answerAgain = emulator.handle(describeInstances, () => NEVER);
    const gone = new AbortController();
    const asked = get(port, gone.signal);
    while (emulator.activeRequests === 0) await turn();
    gone.abort();
    await expect(asked).rejects.toThrow('aborted');
    await written(2);
    expect(emulator.activeRequests).toBe(0);
    answerAgain();

    emulator.inject({ kind: 'error', status: 403, code: 'Forbidden.RAM', times: 1 });
    expect(await get(port)).toEqual([502, '{"error":"the cloud did not answer"}']);
    program.signal('SIGTERM');
    await program.ended;
    expect(program.lines.map((line) => line.replace(`${port}`, '3000'))).toEqual(shown('server.mjs'));
  });
});

describe('backup.mjs', () => {
  it.each([0, 1, 250])('writes %d instances into a compressed file', async (count) => {
    const ids = await launch(count);
    const path = join(folder, 'instances.ndjson.gz');
    await ended('backup.mjs', { args: [path] });
    const lines = gunzipSync(readFileSync(path)).toString().split('\n').slice(0, -1);
    expect(lines.map((line) => (JSON.parse(line) as { InstanceId: string }).InstanceId)).toEqual(ids);
    expect(emulator.requests.get('DescribeInstances')).toBe(Math.max(1, Math.ceil(count / 100)));
  });

  it('ends with the error of a file that can’t be written, and asks for nothing more', async () => {
    await launch(250);
    await expect(ended('backup.mjs', { args: [join(folder, 'no', 'such')] })).rejects.toThrow('ENOENT');
    expect(emulator.activeRequests).toBe(0);
    expect(emulator.requests.get('DescribeInstances') ?? 0).toBeLessThan(3);
  });
});

describe('failover.mjs', () => {
  it('launches in the next region where one has no stock', async () => {
    emulator.inject({ kind: 'error', action: 'RunInstances', status: 403, code: 'OperationDenied.NoStock', times: 1 });
    const program = await ended('failover.mjs');
    expect(program.lines).toEqual(shown('failover.mjs'));
    expect(await list()).toEqual([]);
    expect(await list({ RegionId: 'cn-shanghai', Status: 'Running' })).toHaveLength(3);
  });

  it('launches nothing elsewhere for any other failure, and says where it has looked', async () => {
    emulator.inject({
      kind: 'error',
      action: 'RunInstances',
      status: 403,
      code: 'InvalidAccountStatus.NotEnoughBalance',
      times: 1,
    });
    await expect(ended('failover.mjs')).rejects.toThrow('InvalidAccountStatus.NotEnoughBalance');
    emulator.inject({ kind: 'error', action: 'RunInstances', status: 403, code: 'OperationDenied.NoStock' });
    await expect(ended('failover.mjs', { args: ['cn-beijing'] })).rejects.toThrow('There is no stock in cn-beijing');
    expect(emulator.requests.get('RunInstances') ?? 0).toBe(0);
  });
});

describe('dry-run.mjs', () => {
  it('tells what is allowed, and does none of it', async () => {
    const [id = ''] = await running(1);
    emulator.inject({ kind: 'error', action: 'DeleteInstances', status: 403, code: 'Forbidden.RAM' });
    const program = await ended('dry-run.mjs', { args: [id] });
    expect(program.lines).toEqual(shown('dry-run.mjs'));
    expect(await list({ Status: 'Running' })).toEqual([id]);
  });
});

describe('release.mjs', () => {
  const Tag = [{ Key: 'purpose', Value: 'test' }];

  it('releases what is stopped and has the tag, once that is confirmed', async () => {
    const others = await stopped(1);
    const [, ...busy] = [await stopped(3, { Tag, InstanceName: 'test-' }), ...(await running(1, { Tag }))];
    const program = await ended('release.mjs', { input: '3\n' });
    expect(program.lines).toEqual(shown('release.mjs'));
    expect(await list()).toEqual([...others, ...busy]);
  });

  it('releases nothing for any other answer', async () => {
    const ids = await stopped(3, { Tag });
    await ended('release.mjs', { input: 'yes\n' });
    expect(await list()).toEqual(ids);
    expect(actions()).not.toContain('DeleteInstances');
  });
});

describe('metrics.mjs', () => {
  it('writes all pages of all instances, however many find the queue full', async () => {
    const ids = await running(60);
    const points = (instanceId: string, timestamp: number) =>
      JSON.stringify([{ instanceId, timestamp, Average: 12.5 }]);
    emulator.handle(describeMetricList, ({ request: { Dimensions = '[]', NextToken } }) => {
      const [{ instanceId = '' } = {}] = JSON.parse(Dimensions) as { instanceId?: string }[];
      return {
        Code: '200',
        Success: true,
        Datapoints: points(instanceId, NextToken === undefined ? 1 : 2),
        ...(NextToken === undefined && { NextToken: 'second' }),
      };
    });
    const path = join(folder, 'cpu.ndjson');
    const program = await ended('metrics.mjs', { args: [path] });
    expect(program.lines.map((line) => line.replace(folder, '').replace('/', ''))).toEqual(shown('metrics.mjs'));
    const written = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(written.sort()).toEqual(
      ids.flatMap((id) => [points(id, 1), points(id, 2)].map((text) => text.slice(1, -1))).sort(),
    );
    expect(emulator.peakActiveRequests).toBeLessThanOrEqual(6);
  });
});
