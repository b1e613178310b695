/**
 * What a fleet promises while its parts fail, a row each. Redis, workers and a producer are processes: they are killed, held
 * still and cut off for real. The clocks of the workers are an hour off, one ahead and one behind.
 */
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { catchError, firstValueFrom, lastValueFrom, map, of, Subject, take, type Observable } from 'rxjs';
import { bullmqDispatcher, callResult } from '../../lib/bullmq/index.js';
import type { CallOptions } from '../../lib/call-options.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { isAlicloudError } from '../../lib/errors.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { describeWithRedis } from '../support/redis-server.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { startFleet, type Fleet, type RemoteWorker } from './fleet.js';
import { key, type Place } from './place.js';
import { leftIn } from './soak.js';

const hour = 3600_000;
type Client = InstanceType<typeof EcsClient>;
type PlainOptions = Omit<CallOptions, 'observe'>;
type Kind = 'read' | 'token' | 'unsafe';
interface Made {
  readonly marker: string;
  /** `value`, or the code of an error. */
  readonly outcome: Promise<string>;
}

describeWithRedis('a fleet', (path) => {
  let fleet: Fleet;
  /** Between Redis and the client that is `far`. */
  let network: TcpProxy;
  let near: Client;
  let far: Client;
  let admin: Redis;
  let worker: RemoteWorker;
  let release: Subject<void>;
  let markers = 0;

  beforeAll(async () => {
    const config = { appendonly: 'yes', appendfsync: 'always' };
    fleet = await startFleet({ path, config, place: { lockDuration: 1000, concurrency: 3, poolSize: 6 } });
    network = await fleet.startNetwork();
    worker = await fleet.startRemoteWorker({ clockShift: hour });
    admin = new Redis(fleet.redis.socket);
    admin.on('error', () => undefined);
    near = clientAt(fleet.place.connection);
    far = clientAt({ host: '127.0.0.1', port: network.port });
    // Executed when they come, and answered when they are let.
    const held = (): Observable<object> =>
      release.pipe(
        take(1),
        map(() => ({})),
      );
    for (const action of ['DescribeZones', 'CreateDisk', 'CreateKeyPair']) fleet.emulator.handle(action, held);
  });

  afterAll(async () => {
    for (const client of [near, far]) await lastValueFrom(client.shutdown({ mode: 'abort' }), { defaultValue: null });
    admin.disconnect();
    await fleet.close();
  });

  beforeEach(() => {
    release = new Subject();
  });

  function clientAt(connection: Place['connection']): Client {
    const { url, queueName, prefix, poolSize, maxTaskQueueSize } = fleet.place;
    return new EcsClient({
      regionId: 'cn-hangzhou',
      endpoint: url,
      credentials: accessKey(key.accessKeyId, key.accessKeySecret),
      dispatcher: bullmqDispatcher({ connection, queueName, prefix, acceptTimeout: 500 }),
      enableAsync: true,
      poolSize,
      maxTaskQueueSize,
    });
  }

  function make(client: Client, kind: Kind, more: PlainOptions = {}): Made {
    const marker = `${kind} ${++markers}`;
    const outcome$ = start(client, kind, { ...more, headers: { 'x-marker': marker } }).pipe(
      map(() => 'value'),
      catchError((error) => of(isAlicloudError(error) ? error.code : String(error))),
    );
    return { marker, outcome: firstValueFrom(outcome$) };
  }

  function start(client: Client, kind: Kind, options: PlainOptions): Observable<unknown> {
    switch (kind) {
      case 'read':
        return client.describeZones({}, options);
      case 'token':
        return client.createDisk({ DiskName: 'disk', Size: 20 }, options);
      case 'unsafe':
        return client.createKeyPair({ KeyPairName: 'key' }, options);
    }
  }

  const executed = ({ marker }: Made): number =>
    fleet.emulator.executions.filter((execution) => execution.marker === marker).length;

  async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) await setTimeout(5);
  }

  /** They are with a worker, which has sent them. */
  const running = (count: number): Promise<void> => until(() => fleet.emulator.activeRequests === count);

  /** Lets whatever is held go on, now and from now on, until the calls have ended. */
  async function outcomesOf(...made: Made[]): Promise<string[]> {
    const releasing = setInterval(() => release.next(), 20);
    try {
      return await Promise.all(made.map(({ outcome }) => outcome));
    } finally {
      clearInterval(releasing);
    }
  }

  it('whose worker is killed in mid-call makes again what is safe, and nothing else', async () => {
    const [read, token, unsafe] = [make(near, 'read'), make(near, 'token'), make(near, 'unsafe')] as const;
    await running(3);
    await worker.program.kill();
    await running(0);
    worker = await fleet.startRemoteWorker({ clockShift: -hour });
    expect(await outcomesOf(read, token, unsafe)).toEqual(['value', 'value', 'SDK.OutcomeUnknown']);
    expect(executed(read)).toBeGreaterThan(1);
    expect([token, unsafe].map(executed)).toEqual([1, 1]);
  });

  it('whose producer is killed keeps the result for who asks by its id', async () => {
    const producer = fleet.start('lone-producer-main');
    const jobId = await producer.told<string>('jobId');
    await running(1);
    await producer.kill();
    const { connection, queueName, prefix } = fleet.place;
    const result = firstValueFrom(callResult({ connection, queueName, prefix }, jobId));
    release.next();
    expect(await result).toMatchObject({ status: 200, body: { RequestId: expect.any(String) as string } });
  });

  it.each(['killed', 'emptied'] as const)(
    'whose Redis is %s ends every call, and makes no unsafe one twice',
    async (how) => {
      const [read, unsafe] = [make(near, 'read'), make(near, 'unsafe')] as const;
      await running(2);
      await fleet.redis.kill();
      await fleet.redis.start({ empty: how === 'emptied' });
      const [ofRead, ofUnsafe] = await outcomesOf(read, unsafe);
      expect(ofRead).toBe('value');
      // Where Redis was away for longer than a lock, the worker has broken it off.
      expect(['value', 'SDK.OutcomeUnknown']).toContain(ofUnsafe);
      expect(executed(unsafe)).toBe(1);
    },
  );

  it('whose Redis can not be reached takes no call, until it can', async () => {
    network.cut();
    const lost = make(far, 'unsafe');
    expect(await lost.outcome).toBe('SDK.FleetUnavailable');
    network.heal();
    let outcome: string | undefined;
    while (outcome !== 'value') [outcome] = await outcomesOf(make(far, 'unsafe'));
    expect(executed(lost)).toBe(0);
  });

  it('whose Redis is slow makes each call once', async () => {
    network.delay(50);
    const made = [make(far, 'unsafe'), make(far, 'read')];
    expect(await outcomesOf(...made)).toEqual(['value', 'value']);
    network.heal();
    expect(made.map(executed)).toEqual([1, 1]);
  });

  it('whose Redis is full takes no call, and has the results of those that run when there is room', async () => {
    const accepted = make(near, 'unsafe');
    await running(1);
    await admin.config('SET', 'maxmemory', '1');
    const refused = make(near, 'read');
    expect(await refused.outcome).toBe('SDK.FleetUnavailable');
    release.next();
    await running(0);
    await admin.config('SET', 'maxmemory', '0');
    expect(await accepted.outcome).toBe('value');
    expect([accepted, refused].map(executed)).toEqual([1, 0]);
  });

  it('breaks off what a worker has that is cut off from Redis, before another makes it again', async () => {
    const [read, unsafe] = [make(near, 'read'), make(near, 'unsafe')] as const;
    await running(2);
    worker.network.hold();
    await running(0);
    const other = await fleet.startRemoteWorker({ clockShift: hour });
    expect(await outcomesOf(read, unsafe)).toEqual(['value', 'SDK.OutcomeUnknown']);
    worker.network.heal();
    // Both are at work, as each has three places; what the one had before, it does not make again.
    const made = Array.from({ length: 6 }, () => make(near, 'read', { deadline: 60_000 }));
    await running(6);
    expect(new Set(await outcomesOf(...made))).toEqual(new Set(['value']));
    expect(executed(read)).toBeGreaterThan(1);
    expect(executed(unsafe)).toBe(1);
    // What is put off comes while their clocks are two hours apart.
    fleet.emulator.inject({ kind: 'throttle', action: 'DescribeZones', retryAfter: 300, times: 6 });
    const throttled = Array.from({ length: 6 }, () => make(near, 'read'));
    expect(new Set(await outcomesOf(...throttled))).toEqual(new Set(['value']));
    worker.program.send('close');
    await worker.program.ended;
    worker = other;
  });

  it('whose worker stands still for longer than a lock has each answer once, though calls come to it twice', async () => {
    const [read, unsafe] = [make(near, 'read'), make(near, 'unsafe')] as const;
    await running(2);
    worker.program.signal('SIGSTOP');
    const { prefix, queueName } = fleet.place;
    await until(async () => (await admin.keys(`${prefix}:${queueName}:*:lock`)).length === 0);
    worker.program.signal('SIGCONT');
    await until(() => executed(read) > 1);
    const [ofRead, ofUnsafe] = await outcomesOf(read, unsafe);
    expect(ofRead).toBe('value');
    expect(['value', 'SDK.OutcomeUnknown']).toContain(ofUnsafe);
    expect(executed(unsafe)).toBe(1);
  });

  it('has never run more than there are places, and leaves nothing', async () => {
    expect(fleet.emulator.peakActiveRequests).toBe(6);
    const { prefix, queueName } = fleet.place;
    let left: string[];
    do left = await leftIn(fleet.redis.socket, `${prefix}:${queueName}:`);
    while (left.length > 0);
    expect(left).toEqual([]);
  });
});
