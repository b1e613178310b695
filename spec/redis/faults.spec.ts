/** What befalls the Redis that gates are shared by: each is done to a real one. */
import { Redis } from 'ioredis';
import { isClientError } from '../../lib/errors.js';
import type { RedisStoreOptions } from '../../lib/redis/redis-store.js';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { no, ok, openClient, Process, scope, until, type Address, type Library } from './support.js';

describeWithRedis('the Redis of shared gates', (path) => {
  let server: RedisServer;
  let made: (() => void)[] = [];
  let prefixes = 0;
  let prefix: string;

  beforeAll(async () => {
    server = await startRedis({ path, onPort: true });
  });
  afterAll(() => server.close());
  beforeEach(() => (prefix = `faults-${prefixes++}:`));
  afterEach(() => {
    for (const undo of made) undo();
    made = [];
  });

  function open(
    options: Omit<RedisStoreOptions, 'connection'> = {},
    address: Address = { path: server.socket },
    library: Library = 'ioredis',
  ): Process {
    const process = new Process(openClient(library, address), { prefix, timeout: 200, ...options });
    made.push(() => process.close());
    return process;
  }

  /** One that knows of all that there is. */
  async function opened(...args: Parameters<typeof open>): Promise<Process> {
    const process = open(...args);
    (await process.admit()).done();
    return process;
  }

  const closes = (process: Process): Promise<void> => until(() => !process.gates.isOpen(scope));

  const refusal = (process: Process): Promise<unknown> =>
    process.admit().then(
      () => 'let through',
      (error: unknown) => (isClientError(error, 'SDK.FleetUnavailable') ? error.code : error),
    );

  /** Whether it can be asked again is looked at by calls. */
  async function goes(process: Process): Promise<void> {
    await until(async () => (await refusal(process)) === 'let through');
  }

  describe.each<Library>(['ioredis', 'node-redis'])('over %s', (library) => {
    it('that is not there when a process starts is there for it when it has come', async () => {
      const late = await startRedis({ path });
      made.push(() => void late.close());
      const address = { path: late.socket };
      await late.kill();
      const alone = open({}, address, library);
      const failing = open({ whenUnavailable: 'fail' }, address, library);
      expect(await refusal(failing)).toBe('SDK.FleetUnavailable');
      expect(await refusal(alone)).toBe('let through');
      alone.gates.learn(scope, no(60_000));
      expect(alone.gates.estimate(scope)).toBeGreaterThan(0);
      await late.start();
      // What was learned without it is everybody's, then.
      await closes(failing);
      await until(() => failing.gates.estimate(scope) > 30_000);
    });

    it('that is killed and starts empty gets what processes know', async () => {
      const [one, other] = [await opened({}, undefined, library), await opened({}, undefined, library)];
      one.gates.learn(scope, no(60_000));
      await closes(other);
      await server.kill();
      await server.start();
      const fresh = open({}, undefined, library);
      await until(async () => {
        const pass = fresh.admit(scope, 1).catch(() => 'closed');
        return (await pass) === 'closed';
      });
      expect(fresh.gates.estimate(scope)).toBeGreaterThan(30_000);
    });

    it('that hangs holds up none that go on alone, and lets none go that are not to', async () => {
      const alone = await opened({}, undefined, library);
      const failing = await opened({ whenUnavailable: 'fail' }, undefined, library);
      server.pause();
      try {
        await until(async () => (await refusal(failing)) === 'SDK.FleetUnavailable');
        alone.gates.learn(scope, no(20));
        const pass = await alone.admit();
        alone.gates.learn(scope, ok, pass);
        expect(alone.gates.idle).toBe(true);
      } finally {
        server.resume();
      }
      await goes(failing);
      failing.gates.learn(scope, no(60_000));
      await closes(alone);
    });

    it('whose connections were cut is asked again for all that was missed', async () => {
      const proxy = await startProxy({ path: server.socket });
      made.push(() => void proxy.close());
      const behind = await opened({}, { port: proxy.port }, library);
      const other = await opened({}, undefined, library);
      proxy.cut();
      other.gates.learn(scope, no(60_000));
      await closes(other);
      expect(behind.gates.idle).toBe(true);
      proxy.heal();
      await until(() => behind.gates.estimate(scope) > 30_000);
    });
  });

  it('that is killed and starts empty gets it from the one, too, who wrote to it first both times', async () => {
    const one = await opened();
    one.gates.learn(scope, no(60_000));
    const admin = new Redis(server.socket, { retryStrategy: () => 20 });
    admin.on('error', () => undefined);
    made.push(() => admin.disconnect());
    const isWritten = async (): Promise<boolean> => {
      const fields = await admin.hkeys(`${prefix}gates`).catch((): string[] => []);
      return fields.some((field) => field.endsWith(scope.action));
    };
    await until(isWritten);
    await server.kill();
    await server.start();
    await until(isWritten);
    expect(one.gates.estimate(scope)).toBeGreaterThan(30_000);
  });

  it('that is full is as one that is away, and there again when it has room', async () => {
    const admin = new Redis(server.socket);
    made.push(() => admin.disconnect());
    const alone = await opened();
    const failing = await opened({ whenUnavailable: 'fail' });
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    await admin.config('SET', 'maxmemory', '1');
    await until(async () => (await refusal(failing)) === 'SDK.FleetUnavailable');
    alone.gates.learn(scope, no(20));
    (await alone.admit()).done();
    alone.gates.learn(scope, no(60_000));
    await admin.config('SET', 'maxmemory', '0');
    await goes(failing).catch(() => undefined);
    await until(() => {
      alone.gates.isOpen(scope);
      return failing.gates.estimate(scope) > 30_000;
    });
  });

  describe('a partition', () => {
    let proxy: TcpProxy;
    beforeEach(async () => {
      proxy = await startProxy({ path: server.socket });
      made.push(() => void proxy.close());
    });

    it('leaves each side its own gates, and the one side none that is to fail', async () => {
      const behind = await opened({}, { port: proxy.port });
      const failing = await opened({ whenUnavailable: 'fail' }, { port: proxy.port });
      const other = await opened();
      proxy.hold();
      other.gates.learn(scope, no(60_000));
      await until(async () => (await refusal(failing)) === 'SDK.FleetUnavailable');
      expect(await refusal(behind)).toBe('let through');
      proxy.heal();
      await until(() => behind.gates.estimate(scope) > 30_000);
      await until(() => failing.gates.estimate(scope) > 30_000);
    });

    it('that only messages are lost in is noticed by the calls that are made', async () => {
      const proxied = await startProxy({ path: server.socket });
      made.push(() => void proxied.close());
      const behind = await opened({ whenUnavailable: 'fail' }, { port: proxied.port });
      // The one that listens comes to nothing, and nobody says so: its messages are counted.
      const other = await opened();
      proxied.hold('toClient');
      other.gates.learn(scope, no(60_000));
      proxied.heal();
      await until(() => behind.gates.estimate(scope) > 30_000);
    });

    it('ends those that wait at a gate where calls are to fail', async () => {
      const failing = await opened({ whenUnavailable: 'fail' }, { port: proxy.port });
      failing.gates.learn(scope, no(50));
      const waiting = refusal(failing);
      proxy.hold();
      expect(await waiting).toBe('SDK.FleetUnavailable');
    });

    it('gives back the probe that it was told of too late', async () => {
      const behind = await opened({ leaseTime: 60_000 }, { port: proxy.port });
      const other = await opened({ leaseTime: 60_000 });
      behind.gates.learn(scope, no(50));
      await closes(other);
      const alone = behind.admit();
      proxy.hold('toClient');
      // It was not told whether it may, and goes alone.
      (await alone).done();
      proxy.heal();
      other.gates.learn(scope, ok, await other.admit());
      expect(other.gates.idle).toBe(true);
    });
  });
});
