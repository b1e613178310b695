import { configure } from './support.js';
import { HttpClient } from '@angular/common/http';
import {
  createEnvironmentInjector,
  EnvironmentInjector,
  inject,
  InjectionToken,
  runInInjectionContext,
  type EnvironmentProviders,
  type Provider,
} from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { expectTypeOf } from 'expect-type';
import { config as rxjsConfig, firstValueFrom, map, NEVER, of, type Observable } from 'rxjs';
import {
  injectAlicloud,
  provideAlicloud,
  provideAlicloudClient,
  withAsync,
  withAttemptInterceptors,
  withCredentials,
  withGateway,
  withHttpClient,
  withInterceptors,
  withTransport,
  type AlicloudFeature,
} from '../../lib/angular/index.js';
import { provideAlicloudTesting } from '../../lib/angular/testing/index.js';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { ConfigurationError, type AlicloudError } from '../../lib/errors.js';
import { describeInstances, describeRegions, EcsClient } from '../../lib/services/ecs.js';
import { VpcClient } from '../../lib/services/vpc.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import { fake } from '../../lib/testing/fake/index.js';
import { operation } from '../gateway-client/support.js';

const { accessKeyId, accessKeySecret } = emulatorCredentials;

beforeEach(() => configure());

/** An app of its own beside others. */
function appWith(...providers: readonly (EnvironmentProviders | Provider)[]): EnvironmentInjector {
  return createEnvironmentInjector([...providers], TestBed.inject(EnvironmentInjector));
}

describe('injecting', () => {
  it('gives a client by its class alone, and the same to all that ask', () => {
    const app = appWith(provideAlicloudTesting());
    const [one, other] = runInInjectionContext(app, () => [injectAlicloud(EcsClient), injectAlicloud(EcsClient)]);
    expect(one).toBeInstanceOf(EcsClient);
    expect(other).toBe(one);
    expectTypeOf(one).toEqualTypeOf<EcsClient>();
  });

  it('gives what a provider of the class would', () => {
    const app = appWith(provideAlicloudTesting(), provideAlicloudClient(EcsClient, VpcClient));
    const ecs = app.get(EcsClient);
    expectTypeOf(ecs).toEqualTypeOf<EcsClient>();
    expect(runInInjectionContext(app, () => injectAlicloud(EcsClient))).toBe(ecs);
    expect(app.get(VpcClient)).toBeInstanceOf(VpcClient);
  });

  it('gives what was provided in the place of a client', () => {
    const ecs = fake(EcsClient, {});
    const app = appWith(provideAlicloudTesting(), { provide: EcsClient, useValue: ecs });
    expect(runInInjectionContext(app, () => injectAlicloud(EcsClient))).toBe(ecs);
  });

  it('says what is missing', () => {
    const app = appWith();
    expect(() => runInInjectionContext(app, () => injectAlicloud(EcsClient))).toThrow(
      'Expected `provideAlicloud(…)` to be among the providers of the application',
    );
    const noHttp = appWith(provideAlicloud({}, withGateway('/api/alicloud')), { provide: HttpClient, useValue: null });
    expect(() => runInInjectionContext(noHttp, () => injectAlicloud(EcsClient))).toThrow(
      'Expected `provideHttpClient(withFetch())` to be among the providers',
    );
  });

  it("takes a class of the app's own", () => {
    class OwnClient extends EcsClient {
      readonly own = true;
    }
    const app = appWith(provideAlicloudTesting());
    expect(runInInjectionContext(app, () => injectAlicloud(OwnClient)).own).toBe(true);
  });

  it('shares one pool among the clients of all products', () => {
    const emulator = createEmulator({ latency: 600_000 });
    const app = appWith(provideAlicloudTesting(emulator, {}, withAsync({ poolSize: 1, maxTaskQueueSize: 1 })));
    const [ecs, vpc, any] = runInInjectionContext(app, () => [
      injectAlicloud(EcsClient),
      injectAlicloud(VpcClient),
      injectAlicloud(AlicloudClient),
    ]);
    const ends: string[] = [];
    const calls: Observable<unknown>[] = [ecs.describeRegions({}), vpc.describeVpcs({}), any.call(describeRegions)];
    const subscriptions = calls.map((call$) =>
      call$.subscribe({ error: ({ code }: AlicloudError) => ends.push(code) }),
    );
    expect(ends).toEqual(['SDK.AsyncQueueFull']);
    expect(emulator.activeRequests).toBe(1);
    for (const each of subscriptions) each.unsubscribe();
    expect(emulator.activeRequests).toBe(0);
  });

  it('lets route-level providers have options of their own', async () => {
    const regions: (string | undefined)[] = [];
    const seen = withInterceptors((next, client) => (call) => {
      regions.push(client?.regionId);
      return next(call);
    });
    const app = appWith(provideAlicloudTesting(createEmulator(), { regionId: 'cn-hangzhou' }, seen));
    const route = createEnvironmentInjector(
      [provideAlicloudTesting(createEmulator(), { regionId: 'cn-beijing' }, seen)],
      app,
    );
    for (const each of [app, route]) {
      await firstValueFrom(runInInjectionContext(each, () => injectAlicloud(EcsClient)).describeRegions({}));
    }
    expect(regions).toEqual(['cn-hangzhou', 'cn-beijing']);
  });
});

describe('the end of an app', () => {
  it('aborts and completes what is in flight, refuses later calls, and leaves others alone', () => {
    const emulator = createEmulator({ latency: 600_000 });
    const [app, other] = [appWith(provideAlicloudTesting(emulator)), appWith(provideAlicloudTesting(emulator))];
    const ends: string[] = [];
    const [ecs, vpc, others] = [
      runInInjectionContext(app, () => injectAlicloud(EcsClient)),
      runInInjectionContext(app, () => injectAlicloud(VpcClient)),
      runInInjectionContext(other, () => injectAlicloud(EcsClient)),
    ];
    const end = {
      error: ({ code }: AlicloudError) => ends.push(code),
      complete: () => ends.push('complete'),
    };
    ecs.describeRegions({}).subscribe(end);
    vpc.describeVpcs({}).subscribe(end);
    const left = others.describeRegions({}).subscribe(end);
    expect(emulator.activeRequests).toBe(3);

    app.destroy();
    expect(ends).toEqual(['complete', 'complete']);
    expect(emulator.activeRequests).toBe(1);
    ecs.describeRegions({}).subscribe(end);
    vpc.describeVpcs({}).subscribe(end);
    expect(ends.slice(2)).toEqual(['SDK.Closed', 'SDK.Closed']);

    left.unsubscribe();
    other.destroy();
    expect(ends).toHaveLength(4);
  });

  it('is the end of a client that keeps its options to itself, too', () => {
    class OwnClient extends EcsClient {
      constructor(options: ConstructorParameters<typeof EcsClient>[0]) {
        super({ ...options });
      }
    }
    const emulator = createEmulator({ latency: 600_000 });
    const app = appWith(provideAlicloudTesting(emulator));
    const ends: string[] = [];
    const own = runInInjectionContext(app, () => injectAlicloud(OwnClient));
    own.describeRegions({}).subscribe({ complete: () => ends.push('complete') });
    app.destroy();
    expect(ends).toEqual(['complete']);
    expect(emulator.activeRequests).toBe(0);
    own.describeRegions({}).subscribe({ error: ({ code }: AlicloudError) => ends.push(code) });
    expect(ends.slice(1)).toEqual(['SDK.Closed']);
  });

  it('reports no error of a call whose subscriber handles none: running, waiting, and of a stream of events', async () => {
    const unhandled: unknown[] = [];
    rxjsConfig.onUnhandledError = (error) => unhandled.push(error);
    const events = operation<Record<string, never>, string>({ responseType: 'events', response: 's' });
    const transport = { send: () => NEVER, stream: () => NEVER };
    const gateway = [withGateway('/api'), withTransport(transport), withAsync({ poolSize: 1 })] as const;
    const app = appWith(provideAlicloud({ regionId: 'cn-hangzhou' }, ...gateway));
    const client = app.get(AlicloudClient);
    client.call(events, {}).subscribe();
    client.call(describeRegions).subscribe();
    client.items(describeInstances).subscribe();
    app.destroy();
    // RxJS reports from a timer.
    await new Promise((resolve) => setTimeout(resolve, 0));
    rxjsConfig.onUnhandledError = null;
    expect(unhandled).toEqual([]);
  });
});

describe('the injection context', () => {
  const WORD = new InjectionToken<string>('a word');

  it('is that of the app for options, credentials and interceptors, whenever they are asked', async () => {
    const words: string[] = [];
    const say = (who: string): void => void words.push(`${who} ${inject(WORD)}`);
    const app = appWith(
      { provide: WORD, useValue: 'hello' },
      provideAlicloud(
        () => {
          say('options');
          return { regionId: 'cn-hangzhou' };
        },
        withTransport(createEmulator().transport),
        withCredentials(() => {
          say('credentials');
          return of({ accessKeyId, accessKeySecret });
        }),
        withInterceptors((next) => {
          say('interceptor');
          return (call) => {
            say('call');
            return next(call);
          };
        }),
        withAttemptInterceptors((next) => {
          say('attempt interceptor');
          return (request) => {
            say('attempt');
            return next(request);
          };
        }),
      ),
    );
    const ecs = runInInjectionContext(app, () => injectAlicloud(EcsClient));
    await firstValueFrom(ecs.describeRegions({}));
    expect(words).toEqual(
      ['options', 'interceptor', 'call', 'credentials', 'attempt interceptor', 'attempt'].map((who) => `${who} hello`),
    );
  });

  it('does not take from credentials what they have at hand', async () => {
    let asked = 0;
    const provider = Object.assign(() => (asked++, NEVER), { current: () => ({ accessKeyId, accessKeySecret }) });
    const app = appWith(
      provideAlicloud(
        { regionId: 'cn-hangzhou' },
        withTransport(createEmulator().transport),
        withCredentials(provider),
      ),
    );
    const ecs = runInInjectionContext(app, () => injectAlicloud(EcsClient));
    await firstValueFrom(ecs.describeRegions({}).pipe(map(({ RequestId }) => RequestId)));
    expect(asked).toBe(0);
  });
});

describe('what can not be meant', () => {
  const credentials = withCredentials(accessKey('id', 'secret'));
  const transport = withTransport(createEmulator().transport);
  it.each<[string, () => unknown]>([
    [
      'Expected `provideAlicloud: withCredentials` to be absent beside withGateway, as the gateway signs, with credentials of its own, got both',
      () => provideAlicloud({}, withGateway('/api'), credentials),
    ],
    [
      'Expected `provideAlicloud: withTransport` to be absent beside withHttpClient, as a request goes one way or the other, got both',
      () => provideAlicloud({}, transport, withHttpClient()),
    ],
    [
      'Expected `provideAlicloud: withAsync` to be given once, got it twice',
      () => provideAlicloud({}, withAsync(), withAsync()),
    ],
    [
      'Expected `provideAlicloud: features` to be what functions such as withGateway(…) give',
      () => provideAlicloud({}, withAsync as unknown as AlicloudFeature),
    ],
    ['Expected `withGateway(url)` to be a path', () => withGateway(undefined as unknown as string)],
    ['Expected `withAsync.poolSize` to be an integer >= 1, got 0', () => withAsync({ poolSize: 0 })],
    ['Expected `withAsync.poolsize` to be absent', () => withAsync({ poolsize: 1 } as object)],
    ['Expected `withCredentials(credentials)`', () => withCredentials({} as () => never)],
    ['Expected `withInterceptors(…)` to be a function', () => withInterceptors({} as () => never)],
    [
      'Expected `withTransport(transport)` to be an object',
      () => withTransport({} as typeof credentials.options.transport & object),
    ],
    [
      'Expected `provideAlicloudClient(…)` to be the class of a client',
      () => provideAlicloudClient(undefined as never),
    ],
    ['Expected `injectAlicloud(client)` to be the class of a client', () => injectAlicloud(undefined as never)],
    ['Expected `provideAlicloudTesting(answers)`', () => provideAlicloudTesting({} as AlicloudClient)],
  ])('is refused: %s', (message, make) => {
    expect(make).toThrow(message);
    expect(make).toThrow(ConfigurationError);
  });
});

describe('a fake', () => {
  it('answers the clients of all products and whoever has a descriptor', async () => {
    const ecs = fake(EcsClient, { describeRegions: { RequestId: 'given' } });
    const app = appWith(provideAlicloudTesting(ecs), provideAlicloudClient(EcsClient));
    expect(app.get(EcsClient)).toBe(ecs);
    const answer$ = app.get(AlicloudClient).call(describeRegions);
    expect(await firstValueFrom(answer$)).toEqual({ RequestId: 'given' });
    expect(ecs.calls).toHaveLength(1);
  });
});
