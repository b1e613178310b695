import axios from 'axios';
import { expectTypeOf } from 'expect-type';
import { lastValueFrom, map, of, Subject, toArray, type Observable } from 'rxjs';
import { inspect } from 'node:util';
import { AlicloudClient, defineClient } from '../lib/client.js';
import type { ClientOptions } from '../lib/client-options.js';
import { Config } from '../lib/config.js';
import { accessKey } from '../lib/credentials/credentials.js';
import { AsyncQueueFullError, isClientError, type AlicloudError } from '../lib/errors.js';
import type { HttpResponse } from '../lib/transport/transport.js';
import { version } from '../lib/version.js';
import { answer, errorOf, MemoryTransport } from './pipeline/support.js';
import { Loopback } from './transport/support.js';
import { feedAnimal, listAnimals, zoo } from './types/operations.js';

const ZooClient = defineClient(zoo);
const secret = 'kJ3hunter2Secret';
const credentials = accessKey('LTAI5tId', secret);
const animals = { Total: 1, Animals: [{ Name: 'a' }] };

/** A client whose calls are answered when the spec says so, and the answers that are awaited. */
function controlled(options: ClientOptions = {}): {
  client: InstanceType<typeof ZooClient>;
  pending: Subject<HttpResponse>[];
  transport: MemoryTransport;
} {
  const pending: Subject<HttpResponse>[] = [];
  const transport = new MemoryTransport(() => {
    const response$ = new Subject<HttpResponse>();
    pending.push(response$);
    return response$;
  });
  return { client: new ZooClient({ credentials, transport, timeout: 0, ...options }), pending, transport };
}

/** A client whose calls are answered at once. */
function instant(options: ClientOptions = {}): { client: InstanceType<typeof ZooClient>; transport: MemoryTransport } {
  const transport = new MemoryTransport(() => of(answer(JSON.stringify(animals))));
  return { client: new ZooClient({ credentials, transport, ...options }), transport };
}

const thrownBy = (call: () => unknown): AlicloudError => {
  try {
    call();
  } catch (error) {
    return error as AlicloudError;
  }
  throw new Error('Expected an error, got none');
};

describe('defineClient', () => {
  it('gives each operation three methods', () => {
    const { client } = instant();
    const names = ['listAnimals', 'feedAnimal'].flatMap((name) => [name, `${name}WithChan`, `${name}WithCallback`]);
    expect(names.filter((name) => typeof (client as unknown as Record<string, unknown>)[name] !== 'function')).toEqual(
      [],
    );
    const inherited: string[] = [];
    for (const name in client) if (!Object.hasOwn(client, name)) inherited.push(name);
    expect(inherited.sort()).toEqual(names.sort());
  });

  it('makes a client that is one for any operation', () => {
    expect(instant().client).toBeInstanceOf(AlicloudClient);
  });

  it('calls the operation that the method names', async () => {
    const { client, transport } = instant({ enableAsync: true });
    await lastValueFrom(client.feedAnimal({ Name: 'a' }));
    await client.feedAnimalWithChan({ Name: 'b' })[0].receive();
    await client.feedAnimalWithCallback({ Name: 'c' }, () => undefined).receive();
    expect(transport.sent.map(({ url, headers }) => `${headers['x-acs-action']} ${new URL(url).search}`)).toEqual([
      'FeedAnimal ?Name=a',
      'FeedAnimal ?Name=b',
      'FeedAnimal ?Name=c',
    ]);
  });

  it('makes clients that share nothing', async () => {
    const one = instant({ enableAsync: true });
    const other = instant();
    await lastValueFrom(one.client.listAnimals());
    expect([one.transport.sent.length, other.transport.sent.length]).toEqual([1, 0]);
    expect(await errorFrom(other.client.listAnimalsWithChan())).toMatchObject({ code: 'SDK.AsyncFunctionNotEnabled' });
  });
});

async function errorFrom([responses, errors]: ReturnType<
  InstanceType<typeof ZooClient>['listAnimalsWithChan']
>): Promise<AlicloudError | undefined> {
  expect(await responses.receive()).toBeUndefined();
  return errors.receive();
}

describe('a client', () => {
  it.each<[options: unknown, message: string]>([
    [{ poolSize: 0 }, 'Expected `poolSize` to be an integer >= 1, got 0'],
    [{ enableAsync: true, maxTaskQueueSize: -1 }, 'Expected `maxTaskQueueSize` to be an integer >= 0, got -1'],
    [
      { regionID: 'cn-hangzhou' },
      'Expected `regionID` to be absent, as there is no such option (did you mean `regionId`?), got a string',
    ],
    [null, 'Expected `options` to be an object, got nothing'],
  ])('refuses options that can not work, at once: %j', (options, message) => {
    expect(thrownBy(() => new ZooClient(options as ClientOptions))).toMatchObject({
      name: 'ConfigurationError',
      message,
    });
  });

  it('takes its options as a Config too', async () => {
    const { transport } = instant();
    const config = new Config().withCredentials(credentials).withTransport(transport).withEnableAsync(true);
    expect(await new ZooClient(config).listAnimalsWithChan()[0].receive()).toEqual(animals);
  });

  it('names itself and its platform, and what the user adds', async () => {
    const { client, transport } = instant({ userAgent: 'my-app/1.0' });
    await lastValueFrom(client.listAnimals());
    expect(transport.sent[0]?.headers['user-agent']).toBe(
      `rx-alicloud/${version} (Node.js/${process.version}; ${process.platform}; ${process.arch}) my-app/1.0`,
    );
  });

  it('shows no secret', () => {
    const { client } = instant({ enableAsync: true });
    expect(inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client)).not.toContain(secret);
  });
});

describe('a call', () => {
  it('gives the body, or the whole of the response', async () => {
    const { client } = instant();
    const whole = {
      kind: 'response',
      attempts: [expect.objectContaining({ number: 1, status: 200 })],
      body: animals,
      status: 200,
      headers: { 'content-type': 'application/json' },
    };
    expect(await lastValueFrom(client.listAnimals())).toEqual(animals);
    expect(await lastValueFrom(client.listAnimals({}, { observe: 'body' }))).toEqual(animals);
    expect(await lastValueFrom(client.listAnimals({}, { observe: 'response' }))).toEqual(whole);
    expect(await lastValueFrom(client.call(listAnimals, {}, { observe: 'response' }))).toEqual(whole);
  });

  it('is cold, and is one call for each subscription', async () => {
    const { client, transport } = instant();
    const call = client.call(feedAnimal, { Name: 'a' });
    expect(transport.sent).toEqual([]);
    await lastValueFrom(call);
    await lastValueFrom(call);
    expect(transport.sent).toHaveLength(2);
  });

  it('has options of its own', async () => {
    const { client, transport } = instant();
    await lastValueFrom(client.listAnimals({}, { endpoint: 'localhost:1', headers: { 'x-a': 'b' } }));
    expect(transport.sent[0]).toMatchObject({ url: 'https://localhost:1/', headers: { 'x-a': 'b' } });
  });

  it('with an option that can not work errors, and does not throw', async () => {
    const { client } = instant();
    const call = client.listAnimals({}, { timeout: -1 });
    expect(await errorOf(call)).toMatchObject({ name: 'ConfigurationError' });
    expect(await errorOf(client.listAnimals({}, null as never))).toMatchObject({ name: 'ConfigurationError' });
  });
});

describe('the chan variant', () => {
  it('starts at once, and puts the response in the first channel', async () => {
    const { client, pending } = controlled({ enableAsync: true });
    const [responses, errors] = client.listAnimalsWithChan({ PageSize: 1 });
    expect(pending).toHaveLength(1);
    pending[0]?.next(answer(JSON.stringify(animals)));
    expect([await errors.receive(), await responses.receive(), await responses.receive()]).toEqual([
      undefined,
      animals,
      undefined,
    ]);
  });

  it('puts the error in the second channel', async () => {
    const { client } = instant({ enableAsync: true });
    expect(await errorFrom(client.callWithChan(listAnimals, { PageSise: 1 } as object))).toMatchObject({
      code: 'SDK.InvalidRequest',
    });
  });

  it('fails through its channel where the async mode is off', async () => {
    const { client, transport } = instant();
    expect(await errorFrom(client.listAnimalsWithChan())).toMatchObject({ code: 'SDK.AsyncFunctionNotEnabled' });
    expect(await errorFrom(client.callWithChan(listAnimals))).toMatchObject({ code: 'SDK.AsyncFunctionNotEnabled' });
    expect(transport.sent).toEqual([]);
  });
});

describe('the callback variant', () => {
  it('calls back with the response, and yields 1', async () => {
    const { client } = instant({ enableAsync: true });
    const calls: unknown[] = [];
    const blocker = client.listAnimalsWithCallback({}, (...args) => calls.push(args));
    expect(calls).toEqual([]);
    expect([await blocker.receive(), await blocker.receive()]).toEqual([1, undefined]);
    expect(calls).toEqual([[animals, undefined]]);
  });

  it.each<[why: string, options: ClientOptions, code: string]>([
    ['the async mode is off', {}, 'SDK.AsyncFunctionNotEnabled'],
    ['the call fails', { enableAsync: true, credentials: () => [] }, 'SDK.CredentialsUnavailable'],
  ])('calls back with the error, and yields 0, where %s', async (_why, options, code) => {
    const { client } = instant(options);
    const calls: unknown[] = [];
    const blocker = client.callWithCallback(feedAnimal, { Name: 'a' }, (response, error) =>
      calls.push([response, error?.code]),
    );
    expect(calls).toEqual([]);
    expect([await blocker.receive(), await blocker.receive()]).toEqual([0, undefined]);
    expect(calls).toEqual([[undefined, code]]);
  });
});

describe('the async mode', () => {
  it('is off at first: calls are sent at once, all of them', () => {
    const { client, pending } = controlled();
    for (let i = 0; i < 20; i++) client.listAnimals().subscribe();
    expect(pending).toHaveLength(20);
  });

  it.each<[how: string, enable: () => ReturnType<typeof controlled>]>([
    ['from the start', () => controlled({ enableAsync: true, poolSize: 2, maxTaskQueueSize: 1 })],
    [
      'later',
      () => {
        const all = controlled();
        all.client.enableAsync(2, 1);
        return all;
      },
    ],
  ])('turned on %s bounds the calls of all three kinds', async (_how, enable) => {
    const { client, pending } = enable();
    client.listAnimals().subscribe();
    const [responses] = client.listAnimalsWithChan();
    const blocker = client.listAnimalsWithCallback({}, () => undefined);
    expect(pending).toHaveLength(2);
    const error = await errorOf(client.listAnimals());
    expect(error).toBeInstanceOf(AsyncQueueFullError);
    expect(error).toMatchObject({ code: 'SDK.AsyncQueueFull', poolSize: 2, maxTaskQueueSize: 1 });

    pending[1]?.next(answer('{"Total":2}'));
    expect(await responses.receive()).toEqual({ Total: 2 });
    expect(pending).toHaveLength(3);
    pending[2]?.next(answer('{}'));
    expect(await blocker.receive()).toBe(1);
  });

  it('is five and a thousand where nothing else is said', async () => {
    const { client, pending } = controlled();
    client.enableAsync();
    for (let i = 0; i < 1005; i++) client.listAnimals().subscribe();
    expect(pending).toHaveLength(5);
    expect(await errorOf(client.listAnimals())).toMatchObject({ poolSize: 5, maxTaskQueueSize: 1000 });
  });

  it('turned on twice is an error that changes nothing', () => {
    const { client, pending } = controlled({ enableAsync: true, poolSize: 1 });
    client.listAnimals().subscribe();
    expect(
      isClientError(
        thrownBy(() => client.enableAsync(2)),
        'SDK.AsyncAlreadyEnabled',
      ),
    ).toBe(true);
    client.listAnimals().subscribe();
    expect(pending).toHaveLength(1);
    pending[0]?.next(answer('{}'));
    expect(pending).toHaveLength(2);
  });

  it.each([
    [0, 1],
    [1.5, 1],
    [NaN, 1],
    ['2', 1],
    [1, -1],
    [1, 0.5],
    [1, null],
  ])('refuses the sizes %p and %p', (poolSize, maxTaskQueueSize) => {
    const { client } = controlled();
    const error = thrownBy(() => client.enableAsync(poolSize as number, maxTaskQueueSize!));
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'SDK.InvalidConfiguration' });
    client.enableAsync(1, 0);
  });
});

describe('shutdown', () => {
  let loopback: Loopback | undefined;

  afterEach(() => loopback?.close());

  it('finishes what was accepted, and sends plain calls directly again', async () => {
    const { client, pending } = controlled({ enableAsync: true, poolSize: 1 });
    const [first] = client.listAnimalsWithChan();
    const [second] = client.listAnimalsWithChan();
    const left = lastValueFrom(
      client.shutdown().pipe(
        map(({ running, waiting }) => running + waiting),
        toArray(),
      ),
    );

    expect(await errorFrom(client.listAnimalsWithChan())).toMatchObject({ code: 'SDK.AsyncFunctionNotEnabled' });
    client.listAnimals().subscribe();
    expect(pending).toHaveLength(2);

    pending[0]?.next(answer('{"Total":1}'));
    pending[2]?.next(answer('{"Total":2}'));
    expect([await first.receive(), await second.receive()]).toEqual([{ Total: 1 }, { Total: 2 }]);
    expect((await left).at(-1)).toBe(0);
  });

  it('aborts where it is told to', async () => {
    const { client, transport } = controlled({ enableAsync: true, poolSize: 1 });
    const running = client.listAnimalsWithChan();
    const waiting = client.listAnimalsWithChan();
    client.shutdown({ mode: 'abort' });
    expect(await errorFrom(running)).toMatchObject({ code: 'SDK.Aborted' });
    expect(await errorFrom(waiting)).toMatchObject({ code: 'SDK.Aborted' });
    expect(transport.underWay).toBe(0);
  });

  it('with the async mode off completes at once', () => {
    let completed = false;
    instant()
      .client.shutdown()
      .subscribe({ complete: () => (completed = true) });
    expect(completed).toBe(true);
  });

  it('may be followed by another beginning', async () => {
    const { client } = instant({ enableAsync: true });
    client.shutdown();
    client.enableAsync(1, 1);
    expect(await client.listAnimalsWithChan()[0].receive()).toEqual(animals);
  });

  it.each<[what: string, options: ClientOptions]>([
    ["the client's own axios", {}],
    ["the user's axios", { axios: axios.create() }],
  ])('releases the sockets of %s', async (_what, options) => {
    loopback = new Loopback();
    const client = new ZooClient({
      credentials,
      endpoint: await loopback.listen(),
      enableAsync: true,
      poolSize: 3,
      ...options,
    });
    const calls: Observable<unknown>[] = Array.from({ length: 10 }, () => client.listAnimals());
    await Promise.all(calls.map((call) => lastValueFrom(call)));
    expect(loopback.accepted).toBe(3);
    await lastValueFrom(client.shutdown());
    await loopback.allClosed();
  });

  it('while calls run releases their sockets when they have ended', async () => {
    loopback = new Loopback((_request, response) => void setImmediate(() => response.end('{}')));
    const client = new ZooClient({ credentials, endpoint: await loopback.listen(), enableAsync: true, poolSize: 2 });
    const ends = Array.from({ length: 5 }, () => client.listAnimalsWithChan()[0].receive());
    client.shutdown();
    expect(await Promise.all(ends)).toEqual([{}, {}, {}, {}, {}]);
    await loopback.allClosed();
    expect(loopback.accepted).toBe(2);
  });
});

describe('the class of a client', () => {
  it('has a name, a prototype of its type, and its definition', () => {
    expect(ZooClient.name).toBe(`${zoo.service.product}Client`);
    expectTypeOf(ZooClient.prototype).toEqualTypeOf<InstanceType<typeof ZooClient>>();
    expect(ZooClient.definition).toBe(zoo);
    class OwnClient extends ZooClient {}
    expect([new OwnClient() instanceof ZooClient, OwnClient.definition]).toEqual([true, zoo]);
  });
});
