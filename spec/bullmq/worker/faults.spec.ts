import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { lastValueFrom, NEVER, of, Subject, take } from 'rxjs';
import { isClientError } from '../../../lib/errors.js';
import type { HttpResponse } from '../../../lib/transport/transport.js';
import { buildProgram, startProgram } from '../../support/program.js';
import { describeWithRedis } from '../../support/redis-server.js';
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.js';
import { eventOf, ok, openQueue, serve, until, type TestQueue } from './support.js';

const unsafe = { action: 'StartInstance', request: { InstanceId: 'i-1' }, safe: false };

describeWithRedis('a worker', (path) => {
  let at: TestQueue;
  beforeAll(async () => {
    at = await openQueue(path, { appendonly: 'yes', appendfsync: 'always' });
  });
  afterEach(() => at.clear());
  afterAll(() => at.close());

  describe('that is killed while it makes a call', () => {
    const folder = mkdtempSync(join(tmpdir(), 'worker-'));
    let program: string;
    let server: Server;
    let endpoint: string;
    let asked: string[];
    beforeAll(async () => {
      program = buildProgram('spec/bullmq/worker/killed-worker-main.ts', folder);
      server = createServer((request) => void asked.push(String(request.headers['x-acs-action'])));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    beforeEach(() => {
      asked = [];
    });
    afterAll(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true });
    });

    it('leaves to others what is safe, and is the last that sent what is not', async () => {
      const killed = startProgram(program, at.server.socket, endpoint, 400);
      await killed.told('ready');
      const [safe, other] = [await at.add({}), await at.add(unsafe)];
      await until(() => asked.length === 2);
      await killed.kill();
      const next = serve(() => of(ok()));
      at.work({ clients: [next.client], lockDuration: 400 });
      expect((await at.outcomeOf(safe)).result?.status).toBe(200);
      expect(isClientError((await at.outcomeOf(other)).error, 'SDK.OutcomeUnknown')).toBe(true);
      expect(asked.sort()).toEqual(['DescribeInstances', 'StartInstance']);
      expect(next.sent.map(({ headers }) => headers['x-acs-action'])).toEqual(['DescribeInstances']);
    });
  });

  describe('that Redis can not be reached by', () => {
    let proxy: TcpProxy;
    let connection: Redis;
    beforeEach(async () => {
      proxy = await startProxy({ path: at.server.socket });
      connection = new Redis(proxy.port, { retryStrategy: () => 20 });
      connection.on('error', () => undefined);
    });
    afterEach(async () => {
      proxy.heal();
      await at.clear();
      connection.disconnect();
      await proxy.close();
    });

    it('cuts its calls off before another makes them', async () => {
      await at.queue.setGlobalConcurrency(1);
      const order: string[] = [];
      const first = serve(() => NEVER);
      const cut = at.work({ connection, clients: [first.client], lockDuration: 600 });
      const job = await at.add({});
      await until(() => first.running() === 1);
      proxy.hold();
      const second = serve(() => {
        order.push(`second begins while ${first.running()} runs`);
        return of(ok());
      });
      at.work({ clients: [second.client], lockDuration: 600 });
      expect((await at.outcomeOf(job)).result?.status).toBe(200);
      expect(order).toEqual(['second begins while 0 runs']);
      expect(first.aborted()).toBe(1);
      expect(cut.events.map(({ type }) => type)).toContain('lost');
    });

    it('tells what a call has ended in meanwhile when it can: it is not made again', async () => {
      const answer = new Subject<HttpResponse>();
      const first = serve(() => answer.pipe(take(1)));
      at.work({ connection, clients: [first.client], lockDuration: 1000, name: 'cut off' });
      const job = await at.add(unsafe);
      await until(() => first.running() === 1);
      proxy.hold();
      answer.next(ok({ RequestId: 'R-7' }));
      const second = serve(() => of(ok()));
      const other = at.work({ clients: [second.client], lockDuration: 1000 });
      await eventOf(other, 'delayed');
      proxy.heal();
      const { result } = await at.outcomeOf(job);
      expect(result).toMatchObject({ worker: 'cut off', body: { RequestId: 'R-7' } });
      expect([first.sent.length, second.sent.length]).toEqual([1, 0]);
    });
  });

  it('goes on after a restart of Redis, and ends its call once', async () => {
    const answer = new Subject<HttpResponse>();
    const { client, sent } = serve(() => answer.pipe(take(1)));
    at.work({ clients: [client], lockDuration: 30_000 });
    const job = await at.add(unsafe);
    await until(() => sent.length === 1);
    await at.server.kill();
    await at.server.start();
    answer.next(ok());
    expect((await at.outcomeOf(job)).result?.status).toBe(200);
    expect(sent).toHaveLength(1);
  });

  it('that finds an empty Redis after a restart has its claim there again', async () => {
    const { client, running, aborted } = serve(() => NEVER);
    const worker = at.work({ clients: [client], lockDuration: 1000 });
    const job = await at.add(unsafe);
    await until(() => running() === 1);
    await at.connection.flushall();
    await eventOf(worker, 'lost');
    expect(aborted()).toBe(1);
    await until(async () => (await at.connection.exists(`bull:rx-alicloud:rx:claim:${job.id}`)) === 1);
  });

  it('works over a connection that BullMQ makes of options', async () => {
    const { client, running, aborted } = serve(() => NEVER);
    const { worker } = at.work({ connection: { path: at.server.socket }, clients: [client] });
    await lastValueFrom(worker.ready());
    const job = await at.add(unsafe);
    await until(() => running() === 1);
    // Nobody listens before there is a connection.
    await until(async () => (await at.connection.publish('bull:rx-alicloud:rx:cancel', job.id ?? '')) === 1);
    expect(isClientError((await at.outcomeOf(job)).error, 'SDK.Aborted')).toBe(true);
    expect(aborted()).toBe(1);
  });

  it('works over node-redis', async () => {
    const connection = createClient({ socket: { path: at.server.socket, tls: false } });
    connection.on('error', () => undefined);
    await connection.connect();
    const { client } = serve(() => of(ok()));
    const { worker } = at.work({ connection, clients: [client], name: 'node-redis' });
    worker.ready().subscribe();
    expect((await at.outcomeOf(await at.add(unsafe))).result?.worker).toBe('node-redis');
    const cancelled = serve(() => NEVER);
    await at.clear();
    at.work({ connection, clients: [cancelled.client] });
    const job = await at.add({});
    await until(() => cancelled.running() === 1);
    await at.connection.publish('bull:rx-alicloud:rx:cancel', job.id ?? '');
    expect(isClientError((await at.outcomeOf(job)).error, 'SDK.Aborted')).toBe(true);
    await at.clear();
    connection.destroy();
  });
});
