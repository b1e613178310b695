/** How many connections a client makes, through everything that stands before them. */
import axios from 'axios';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServerResponse } from 'node:http';
import { firstValueFrom, from, lastValueFrom, mergeMap, type Subscription } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import { read } from '../calls/support.js';
import { Loopback, send } from './support.js';

let loopback: Loopback;
let client: AlicloudClient;
/** The answers that are owed, where they are not given at once. */
let owed: ServerResponse[];
let signed: number;

async function begin(options: ClientOptions = {}, answersAtOnce = true): Promise<void> {
  owed = [];
  signed = 0;
  loopback = new Loopback((_request, response) => void (answersAtOnce ? response.end('{}') : owed.push(response)));
  client = new AlicloudClient({
    endpoint: await loopback.listen(),
    credentials: accessKey('LTAI5tId', 'the-secret'),
    retry: false,
    nonce: () => `${++signed}`,
    ...options,
  });
}

afterEach(async () => {
  client.shutdown();
  await loopback.close();
});

/** Waits until so many requests have come that are not answered. */
async function untilOwed(count: number): Promise<void> {
  while (owed.length < count) await new Promise(setImmediate);
}

function answerAll(): void {
  for (const response of owed.splice(0)) response.end('{}');
}

const call = (): Promise<unknown> => firstValueFrom(client.call(read, {}));
const calls = (count: number): Promise<unknown>[] => Array.from({ length: count }, call);

describe('the connections of a client to a host', () => {
  it('are 50 at most, and the calls that wait go in their order', async () => {
    await begin();
    await Promise.all(calls(120));
    expect([loopback.seen.length, loopback.accepted]).toEqual([120, 50]);
  });

  it('are waited for in order', async () => {
    await begin({ maxConnections: 1 });
    const order: number[] = [];
    await Promise.all(Array.from({ length: 20 }, async (_, i) => call().then(() => order.push(i))));
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });

  it('are as many as the option says', async () => {
    await begin({ maxConnections: 2 });
    await Promise.all(calls(20));
    expect([loopback.seen.length, loopback.accepted]).toEqual([20, 2]);
  });

  it('are counted for each host', async () => {
    await begin({ maxConnections: 2 }, false);
    const other = new Loopback((_request, response) => void owed.push(response));
    const endpoint = await other.listen();
    const elsewhere = (): Promise<unknown> => firstValueFrom(client.call(read, {}, { endpoint }));
    const all = [...calls(3), elsewhere(), elsewhere(), elsewhere()];
    await untilOwed(4);
    expect([loopback.accepted, other.accepted]).toEqual([2, 2]);
    answerAll();
    await untilOwed(2);
    answerAll();
    await Promise.all(all);
    client.shutdown();
    await other.close();
  });

  it.each([
    ['from the start', { enableAsync: true, poolSize: 60 }, (): void => undefined],
    ['later', {}, (): void => client.enableAsync(60)],
  ])('are as many as the pool is large, turned on %s', async (_when, options, turnOn) => {
    await begin(options, false);
    turnOn();
    const all = calls(60);
    await untilOwed(60);
    answerAll();
    await Promise.all(all);
    expect(loopback.accepted).toBe(60);
  });

  it('are as many as the option says, however large the pool is', async () => {
    await begin({ enableAsync: true, poolSize: 60, maxConnections: 3 });
    await Promise.all(calls(60));
    expect(loopback.accepted).toBe(3);
  });

  it('are waited for in no limit of time but the deadline', async () => {
    await begin({ maxConnections: 1, connectTimeout: 300, readTimeout: 300, timeout: 400 }, false);
    const all = calls(2);
    const late = firstValueFrom(client.call(read, {}, { deadline: 700 }));
    // More than any of the limits together, were they to count.
    for (let i = 0; i < 2; i++) {
      await untilOwed(1);
      await new Promise((resolve) => setTimeout(resolve, 250));
      answerAll();
    }
    await Promise.all(all);
    await expect(late).rejects.toMatchObject({ code: 'SDK.Timeout', phase: 'deadline' });
  });

  it('are left to others by a call that fails or is cancelled', async () => {
    await begin({ maxConnections: 1 }, false);
    const cancelled = client.call(read, {}).subscribe();
    const waiting = call();
    await untilOwed(1);
    cancelled.unsubscribe();
    owed.length = 0;
    await untilOwed(1);
    const failing = waiting.catch((error: unknown) => error);
    const last = call();
    owed.splice(0)[0]?.destroy();
    expect(await failing).toMatchObject({ code: 'SDK.NetworkError' });
    await untilOwed(1);
    answerAll();
    expect(await last).toEqual({});
  });

  it('are made for none of those that are cancelled in order, and nothing is signed', async () => {
    await begin({}, false);
    const subscriptions: Subscription[] = Array.from({ length: 1000 }, () => client.call(read, {}).subscribe());
    await untilOwed(50);
    for (const subscription of subscriptions) subscription.unsubscribe();
    await loopback.allClosed();
    expect([signed, loopback.accepted]).toEqual([50, 50]);
    owed.length = 0;
    const after = call();
    await untilOwed(1);
    answerAll();
    expect(await after).toEqual({});
  });

  it('are not waited for by a call that is made from within another', async () => {
    await begin({ maxConnections: 1 });
    const both$ = client.call(read, {}).pipe(mergeMap(() => client.call(read, {})));
    expect(await lastValueFrom(both$)).toEqual({});
  });

  it('are waited for in the async context of each call', async () => {
    const context = new AsyncLocalStorage<number>();
    const seen: (number | undefined)[] = [];
    await begin({
      maxConnections: 2,
      attemptInterceptors: [
        (next) => (attempt) => from([seen.push(context.getStore())]).pipe(mergeMap(() => next(attempt))),
      ],
    });
    await Promise.all(Array.from({ length: 20 }, (_, i) => context.run(i, call)));
    expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i));
  });
});

describe('requests that no call stands before', () => {
  it('are bounded, and wait in order', async () => {
    await begin();
    const transport = axiosTransport({ maxConnections: 3 });
    await Promise.all(
      Array.from({ length: 30 }, (_, i) => send(transport, { url: `http://127.0.0.1:${loopback.port}/${i}` })),
    );
    expect([loopback.seen.length, loopback.accepted]).toEqual([30, 3]);
    transport.closeIdle?.();
  });

  it('leave the line when they are cancelled', async () => {
    await begin({}, false);
    const transport = axiosTransport({ maxConnections: 1 });
    const url = `http://127.0.0.1:${loopback.port}/`;
    const subscriptions = Array.from({ length: 10 }, () =>
      transport.send({ method: 'GET', url, headers: {} }).subscribe(),
    );
    const last = send(transport, { url });
    await untilOwed(1);
    for (const subscription of subscriptions) subscription.unsubscribe();
    owed.length = 0;
    await untilOwed(1);
    answerAll();
    expect((await last).body).toBe('{}');
    expect(loopback.seen).toHaveLength(2);
    transport.closeIdle?.();
  });
});

it('an instance that goes its own way has no bound of ours', () => {
  expect('admit' in axiosTransport({ axios: axios.create({ adapter: 'http' }) })).toBe(false);
  expect('admit' in axiosTransport({ axios: axios.create() })).toBe(true);
});
