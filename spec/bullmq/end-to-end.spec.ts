/** Calls through the dispatcher and the worker, as they are put together by users; and the invariant, whatever is interleaved. */
import fc from 'fast-check';
import { firstValueFrom, lastValueFrom, Observable, of, throwError, timer, type Subscription } from 'rxjs';
import { alicloudWorker, type AlicloudWorker } from '../../lib/bullmq/index.js';
import { accessKey, NetworkError, ServerError, type AlicloudError } from '../../lib/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import type { HttpRequest, HttpResponse } from '../../lib/transport/transport.js';
import { seeded } from '../async/seeded.js';
import { describeWithRedis } from '../support/redis-server.js';
import { Fleet, until } from './support.js';

type Send = (request: HttpRequest) => Observable<HttpResponse>;

const codeOf = (error: unknown): string => (error as AlicloudError).code;
const json = (body: object, status = 200): HttpResponse => ({ status, headers: {}, body: JSON.stringify(body) });

describeWithRedis('calls from a producer to a worker and back', (path) => {
  let fleet: Fleet;
  let queueName: string;
  const workers: { readonly worker: AlicloudWorker; readonly client: EcsClient }[] = [];

  beforeAll(async () => {
    fleet = await Fleet.start(path);
  });
  beforeEach(() => {
    queueName = fleet.queue();
  });
  afterEach(async () => {
    await fleet.clear();
    await stop();
  });
  afterAll(() => fleet.close());

  async function work(name: string, send: Send, { concurrency = 5, lockDuration = 30_000 } = {}): Promise<void> {
    const client = new EcsClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey('id', 'the-worker-has-it'),
      transport: { send },
      retry: { maxAttempts: 1 },
    });
    const worker = alicloudWorker({
      connection: fleet.connection,
      queueName: name,
      clients: [client],
      concurrency,
      lockDuration,
    });
    workers.push({ worker, client });
    await lastValueFrom(worker.ready());
  }

  async function stop(): Promise<void> {
    for (const { worker, client } of workers.splice(0)) {
      await lastValueFrom(worker.close({ mode: 'abort' }));
      await lastValueFrom(client.close());
    }
  }

  it('carry the request there, signed with the key of the worker, and the response back', async () => {
    const requests: HttpRequest[] = [];
    await work(queueName, (request) => {
      requests.push(request);
      return of(json({ RequestId: 'r', Regions: { Region: [{ RegionId: 'cn-x' }] } }));
    });
    const response = await firstValueFrom(fleet.client(queueName, { regionId: 'cn-beijing' }).describeRegions());
    expect(response).toEqual({ RequestId: 'r', Regions: { Region: [{ RegionId: 'cn-x' }] } });
    expect(requests[0]?.headers.host ?? requests[0]?.url).toContain('cn-beijing');
    expect(JSON.stringify(await fleet.redis.keys('*'))).not.toContain('the-worker-has-it');
  });

  it('carry the error of the service back, whole', async () => {
    await work(queueName, () => of(json({ Code: 'Forbidden.RAM', Message: 'You may not', RequestId: 'r-1' }, 403)));
    const error = await firstValueFrom(fleet.client(queueName).describeRegions()).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({
      code: 'Forbidden.RAM',
      status: 403,
      requestId: 'r-1',
      product: 'Ecs',
      attempts: [{ number: 1, status: 403 }],
    });
  });

  it('carry an error of the network back, whole', async () => {
    await work(queueName, () => throwError(() => new NetworkError('gone', 'https://ecs', 'ECONNRESET')));
    const call$ = fleet.client(queueName).deleteInstance({ InstanceId: 'i' }, { retry: false });
    const error = await firstValueFrom(call$).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ origin: 'https://ecs', systemCode: 'ECONNRESET', action: 'DeleteInstance' });
  });

  it('are aborted where they run when their caller unsubscribes, or their deadline comes', async () => {
    let sent = 0;
    let aborted = 0;
    await work(
      queueName,
      () =>
        new Observable(() => {
          sent++;
          return () => aborted++;
        }),
    );
    const client = fleet.client(queueName);
    const call = client.describeRegions().subscribe();
    await until(() => sent === 1);
    call.unsubscribe();
    await until(() => aborted === 1);
    expect(await firstValueFrom(client.describeRegions({}, { deadline: 300 })).catch(codeOf)).toBe('SDK.Timeout');
    await until(() => aborted === sent);
    await until(async () => (await fleet.left(queueName)) === 0);
  });

  it('never run more at a time than poolSize, whatever the workers could', async () => {
    let running = 0;
    let most = 0;
    const send: Send = () =>
      new Observable((subscriber) => {
        most = Math.max(most, ++running);
        const answer = timer(1).subscribe(() => {
          subscriber.next(json({ RequestId: 'r' }));
          subscriber.complete();
        });
        return () => {
          running--;
          answer.unsubscribe();
        };
      });
    await work(queueName, send, { concurrency: 10 });
    await work(queueName, send, { concurrency: 10 });
    const client = fleet.client(queueName, { poolSize: 3 });
    await Promise.all(Array.from({ length: 60 }, () => firstValueFrom(client.describeRegions())));
    expect(most).toBe(3);
  });

  it('say clearly that an answer is too long', async () => {
    await work(queueName, () => of(json({ RequestId: 'x'.repeat(5000) })));
    const client = fleet.client(queueName, {}, { maxResultSize: 1000 });
    const error = await firstValueFrom(client.describeRegions()).catch((error: unknown) => error);
    expect(codeOf(error)).toBe('SDK.ResponseTooLarge');
    expect(String(error)).toContain('maxResultSize');
  });

  it('end exactly once, whatever is interleaved', async () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant('call' as const),
          kind: fc.constantFrom('observable', 'chan', 'callback'),
          answer: fc.constantFrom('value', 'error', 'never'),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(20) }) },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant('shutdown' as const), mode: fc.constantFrom('drain', 'abort') }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('enable' as const),
          size: fc.integer({ min: 1, max: 3 }),
          more: fc.nat(4),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.integer({ min: 1, max: 8 }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const) }) },
    );
    const shortLock = { lockDuration: 1000 };
    const seen = new Set<string>();
    const property = fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async (steps) => {
      const name = fleet.queue();
      const client = fleet.client(name, { poolSize: 2, maxTaskQueueSize: 3 });
      await work(
        name,
        ({ body, url }) => {
          const text = `${url}${String(body)}`;
          if (text.includes('never')) return new Observable();
          return of(text.includes('error') ? json({ Code: 'A.B', Message: 'm' }, 400) : json({ RequestId: 'r' }));
        },
        shortLock,
      );
      const told: string[][] = [];
      const cancelled = new Set<number>();
      const open = new Map<number, Subscription>();
      for (const each of steps) {
        if (each.do === 'call') {
          const id = told.push([]) - 1;
          const tell = (what: string): void => void told[id]?.push(what);
          const request = { AcceptLanguage: each.answer };
          if (each.kind === 'observable') {
            // Without the mode it would be sent from here.
            const call$ = client.describeRegions(request, { deadline: 5000 });
            const isOn = await firstValueFrom(client.stats$).then(({ poolSize }) => poolSize !== undefined);
            if (!isOn) tell('off');
            else open.set(id, call$.subscribe({ next: () => tell('value'), error: (error) => tell(codeOf(error)) }));
          } else if (each.kind === 'chan') {
            const [responses, errors] = client.describeRegionsWithChan(request, { deadline: 5000 });
            responses.asObservable().subscribe(() => tell('value'));
            errors.asObservable().subscribe((error) => tell(error.code));
          } else {
            client.describeRegionsWithCallback(request, (_, error) => tell(error?.code ?? 'value'), { deadline: 5000 });
          }
        } else if (each.do === 'cancel') {
          const [id, call] = [...open][each.which % Math.max(1, open.size)] ?? [];
          if (id === undefined || told[id]?.length !== 0) continue;
          cancelled.add(id);
          call?.unsubscribe();
          open.delete(id);
        } else if (each.do === 'shutdown') {
          client.shutdown({ mode: each.mode as 'drain' });
        } else if (each.do === 'enable') {
          try {
            client.enableAsync(each.size, each.more);
          } catch (error) {
            expect(codeOf(error)).toBe('SDK.AsyncAlreadyEnabled');
          }
        } else if (each.do === 'disconnect') {
          await fleet.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
        } else for (let i = 0; i < each.turns; i++) await fleet.redis.ping();
      }
      await lastValueFrom(client.close({ timeout: 100 }));
      await until(() => told.every((ends, id) => ends.length === 1 || cancelled.has(id)));
      told.forEach((ends, id) => expect(ends).toHaveLength(cancelled.has(id) ? 0 : 1));
      for (const end of told.flat()) seen.add(end);
      // A job that its worker was not told of, as the connection was lost just then, is taken again when its lock is over.
      await until(
        async () => (await fleet.left(name)) === 0 && (await fleet.redis.zcard(fleet.keys(name).places)) === 0,
      );
      await stop();
    });
    await fc.assert(property, seeded(8));
    // Else the steps would be too tame to show anything.
    expect([...seen]).toContain('value');
  });
});
