/** Every public function that takes options, each option misspelt: refused, with the name that was meant. */
import { EMPTY } from 'rxjs';
import {
  accessKey,
  AlicloudClient,
  boundedMergeMap,
  Config,
  defineClient,
  lineLogger,
  RateLimiter,
  type BoundedMergeMapOptions,
  type CallOptions,
  type ClientOptions,
  type EndpointOverrides,
  type Endpoints,
  type LineLoggerOptions,
  type RetryOptions,
  type ShutdownOptions,
  type UntypedRequest,
} from '../lib/index.js';
import { telemetry, type TelemetryOptions } from '../lib/opentelemetry/index.js';
import {
  cliProfile,
  credentialsUri,
  defaultCredentials,
  ecsRamRole,
  iniProfile,
  oidcRole,
  ramRoleArn,
  refreshing,
  type CliProfileOptions,
  type CredentialsUriOptions,
  type EcsRamRoleOptions,
  type IniProfileOptions,
  type OidcRoleOptions,
  type ProviderOptions,
  type RamRoleArnOptions,
  type RefreshOptions,
} from '../lib/providers/index.js';
import {
  apiError,
  createEmulator,
  type ApiErrorOptions,
  type EmulatorOptions,
  type Fault,
} from '../lib/testing/index.js';
import type { ProxyOptions, TlsOptions } from '../lib/transport/connection-options.js';
import { errorOf, MemoryTransport, queryOf } from './pipeline/support.js';
import { zoo } from './types/operations.js';
import {
  adaptive,
  fair,
  fifo,
  priority,
  type AdaptiveOptions,
  type FairOptions,
  type PriorityOptions,
  type QueueOptions,
  type RateOptions,
} from '../lib/queues/index.js';

type Names<Options> = Record<keyof Required<Options>, true>;
type FaultOf<Kind> = Extract<Fault, { readonly kind: Kind }>;

const credentials = accessKey('id', 'hunter2');
const transport = { send: () => EMPTY };
const pem = '-----BEGIN CERTIFICATE-----';

/** Where options are given, and the names of all that there are: the compiler misses none. */
const places: readonly (readonly [where: string, names: object, give: (options: object) => unknown])[] = [];

function place<Options>(where: string, names: Names<Options>, give: (options: object) => unknown): void {
  (places as unknown[]).push([where, names, give]);
}

const clientNames: Names<ClientOptions> = {
  regionId: true,
  credentials: true,
  gateway: true,
  endpoint: true,
  network: true,
  endpoints: true,
  signature: true,
  scheme: true,
  locationService: true,
  connectTimeout: true,
  readTimeout: true,
  timeout: true,
  deadline: true,
  retry: true,
  rateLimiter: true,
  interceptors: true,
  attemptInterceptors: true,
  proxy: true,
  tls: true,
  idleTimeout: true,
  maxConnections: true,
  maxRetryAfter: true,
  strict: true,
  maxResponseSize: true,
  enableAsync: true,
  poolSize: true,
  maxTaskQueueSize: true,
  queue: true,
  dispatcher: true,
  logger: true,
  allowAccessKeyInBrowser: true,
  userAgent: true,
  transport: true,
  axios: true,
  clock: true,
  nonce: true,
};
const retryNames: Names<RetryOptions> = {
  maxAttempts: true,
  baseDelay: true,
  throttledDelay: true,
  maxDelay: true,
  policy: true,
};
const callNames: Names<CallOptions> = {
  regionId: true,
  endpoint: true,
  credentials: true,
  connectTimeout: true,
  readTimeout: true,
  timeout: true,
  deadline: true,
  retry: true,
  tag: true,
  headers: true,
  query: true,
  observe: true,
  maxRetryAfter: true,
  strict: true,
};
const everyProvider = { transport: true, clock: true } as const;
const everyRole = {
  ...everyProvider,
  sessionName: true,
  policy: true,
  duration: true,
  regionId: true,
  vpc: true,
  endpoint: true,
} as const;
const everyFault = { kind: true, action: true, times: true, probability: true } as const;
const hints = { retryAfter: true, hint: true, headers: true } as const;
const inject =
  (kind: Fault['kind'], more: object = {}) =>
  (options: object): unknown =>
    createEmulator().inject({ kind, ...more, ...options } as Fault);
const called = (options: object): unknown =>
  errorOf(new AlicloudClient({ transport }).call({ service: zoo.service, action: 'A' }, {} as never, options as never));

place<ClientOptions>('a client', clientNames, (options) => new AlicloudClient(options));
place<ClientOptions>('the client of a product', clientNames, (options) => new (defineClient(zoo))(options));
place<ClientOptions>('Config', clientNames, (options) => new AlicloudClient(new Config(options)));
place<CallOptions>('a call', callNames, called);
place<RetryOptions>('retry', retryNames, (retry) => new AlicloudClient({ retry }));
place<RetryOptions>("a call's retry", retryNames, (retry) => called({ retry }));
place<TlsOptions>(
  'tls',
  { ca: true, cert: true, key: true, passphrase: true, insecure: true },
  (tls) => new AlicloudClient({ tls }),
);
place<Exclude<ProxyOptions, string | false>>(
  'proxy',
  { http: true, https: true, no: true },
  (proxy) => new AlicloudClient({ proxy }),
);
place<Endpoints>(
  'endpoints',
  { prefix: true, rule: true, regions: true },
  (Ecs) => new AlicloudClient({ endpoints: { Ecs } }),
);
place<ShutdownOptions>('shutdown', { mode: true, timeout: true }, (options) => new AlicloudClient().shutdown(options));
place<LineLoggerOptions>('lineLogger', { template: true, channel: true, level: true, log: true }, (options) =>
  lineLogger(options),
);
place<BoundedMergeMapOptions<1>>(
  'boundedMergeMap',
  {
    concurrent: true,
    capacity: true,
    queue: true,
    dropped: true,
    queued: true,
    paused: true,
    resized: true,
    idle: true,
  },
  (options) => boundedMergeMap(() => EMPTY, { concurrent: 1, capacity: 1, ...options }),
);
const queueNames = { overflow: true, rate: true, maxQueueTime: true } as const;
place<QueueOptions<1>>('fifo', queueNames, (options) => fifo(options));
place<PriorityOptions<1>>('priority', { ...queueNames, within: true }, (options) => priority(() => 1, options));
place<FairOptions<1>>('fair', { ...queueNames, limit: true, within: true }, (options) => fair(() => 1, options));
place<RateOptions<1>>("a queue's rate", { limit: true, interval: true, weight: true }, (rate) =>
  fifo({ rate: { limit: 1, interval: 1, ...rate } }),
);
place<AdaptiveOptions<1>>(
  'adaptive',
  { min: true, max: true, backoff: true, tolerance: true, keyOf: true },
  (options) => adaptive({ min: 1, max: 2, ...options }),
);
place<TelemetryOptions>('telemetry', { tracerProvider: true, meterProvider: true, propagate: true }, (options) =>
  telemetry(options),
);
place<UntypedRequest>(
  'an untyped request',
  {
    ...callNames,
    product: true,
    version: true,
    action: true,
    style: true,
    method: true,
    path: true,
    pathVariables: true,
    body: true,
    bodyType: true,
    responseType: true,
    anonymous: true,
    signature: true,
  },
  (options) =>
    errorOf(new AlicloudClient({ transport }).request({ product: 'Ecs', version: '1', action: 'A', ...options })),
);
place<ProviderOptions>('defaultCredentials', everyProvider, (options) => defaultCredentials(options));
place<CliProfileOptions>('cliProfile', { ...everyProvider, name: true, file: true }, (options) => cliProfile(options));
place<IniProfileOptions>('iniProfile', { ...everyProvider, name: true, file: true }, (options) => iniProfile(options));
place<CredentialsUriOptions>('credentialsUri', { ...everyProvider, timeout: true }, (options) =>
  credentialsUri(undefined, options),
);
place<EcsRamRoleOptions>(
  'ecsRamRole',
  { ...everyProvider, roleName: true, disableImdsV1: true, timeout: true, metadataOrigin: true },
  (options) => ecsRamRole(options),
);
place<OidcRoleOptions>(
  'oidcRole',
  { ...everyRole, roleArn: true, oidcProviderArn: true, tokenFile: true, token: true },
  (options) => oidcRole(options),
);
place<RamRoleArnOptions>(
  'ramRoleArn',
  { ...everyRole, roleArn: true, credentials: true, externalId: true },
  (options) => ramRoleArn({ roleArn: 'a', credentials, ...options }),
);
place<RefreshOptions>(
  'refreshing',
  { ahead: true, margin: true, retryDelay: true, timeout: true, clock: true, random: true },
  (options) => refreshing(() => EMPTY, options),
);
place<EmulatorOptions>(
  'createEmulator',
  {
    credentials: true,
    bearerTokens: true,
    clock: true,
    latency: true,
    regions: true,
    bootTime: true,
    listSize: true,
    faults: true,
    maxRequestSize: true,
    rateLimit: true,
    seed: true,
    services: true,
  },
  (options) => createEmulator(options),
);
place<Required<EmulatorOptions>['rateLimit']>(
  "createEmulator's rateLimit",
  { calls: true, per: true, scope: true },
  (rateLimit) => createEmulator({ rateLimit: { calls: 1, per: 1, ...rateLimit } }),
);
place<Extract<Required<EmulatorOptions>['credentials'], { accessKeyId: string }>>(
  "createEmulator's credentials",
  { accessKeyId: true, accessKeySecret: true, securityToken: true },
  (more) => createEmulator({ credentials: [{ accessKeyId: 'a', accessKeySecret: 'b', ...more }] }),
);
place<ApiErrorOptions>('apiError', { headers: true, accessDeniedDetail: true }, (options) =>
  apiError(400, 'C', 'm', options),
);
place<FaultOf<'throttle'>>('a throttle', { ...everyFault, ...hints, status: true, code: true }, inject('throttle'));
place<FaultOf<'error'>>(
  'an error',
  { ...everyFault, ...hints, status: true, code: true, message: true, afterExecution: true },
  inject('error'),
);
place<FaultOf<'html'>>('a page', { ...everyFault, ...hints, status: true, afterExecution: true }, inject('html'));
place<FaultOf<'reset'>>('a reset', { ...everyFault, afterExecution: true }, inject('reset'));
place<FaultOf<'late'>>('a late answer', { ...everyFault, duration: true }, inject('late', { duration: 1 }));
place<FaultOf<'slow'>>('a slow answer', { ...everyFault, duration: true }, inject('slow', { duration: 1 }));
place<FaultOf<'cut'>>('a cut answer', everyFault, inject('cut'));

function misspellings(name: string): readonly string[] {
  const middle = Math.floor(name.length / 2);
  return [
    name.toUpperCase(),
    name.toLowerCase(),
    name.charAt(0).toUpperCase() + name.slice(1),
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    name.replace(/[A-Z]/g, (letter) => `-${letter}`),
    `${name}s`,
    name.slice(0, -1),
    name.slice(0, middle) + name.slice(middle + 1),
    `${name.slice(0, middle)}x${name.slice(middle)}`,
    `${name.slice(0, middle)}x${name.slice(middle + 1)}`,
    // Of two letters, it has none in its place.
    ...(name.length < 3
      ? []
      : [`${name.slice(0, middle - 1)}${name.charAt(middle)}${name.charAt(middle - 1)}${name.slice(middle + 1)}`]),
  ];
}

async function messageOf(give: () => unknown): Promise<string> {
  try {
    const error = await give();
    return error instanceof Error ? error.message : 'nothing was refused';
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each(places)('%s', (where, all, give) => {
  const names = Object.keys(all);

  it.each(names)('refuses %s where it is misspelt, and says what was meant', async (name) => {
    for (const misspelt of misspellings(name)) {
      if (names.includes(misspelt)) continue;
      // Of a request, what is undefined is not there.
      for (const value of where === 'an untyped request' ? ['hunter2'] : ['hunter2', undefined]) {
        const message = await messageOf(() => give({ [misspelt]: value }));
        expect(message).toContain(`${misspelt}\` to be absent, as there is no such`);
        const meant = /\(did you mean `(\w+)`\?\)/.exec(message)?.[1];
        // Where two names are as near, it may be the other one.
        expect([name, ...names.filter((each) => Math.abs(each.length - name.length) <= 1)]).toContain(meant);
        expect(message).not.toContain('hunter2');
      }
    }
  });

  it.each(['zzzzzzz', 'constructor', 'toString'])('refuses %s', async (unknown) => {
    const options = Object.defineProperty({}, unknown, { value: 1, enumerable: true });
    // Copying it gives it as its own, too.
    expect(await messageOf(() => give(options))).toContain('as there is no such');
  });
});

/** Where the options are all that is given, and so may be anything. */
const alone = places.filter(
  ([where]) =>
    !/^a |^an |boundedMergeMap|adaptive|queue's rate|refreshing|ramRoleArn|rateLimit|'s credentials/.test(where),
);

describe.each(alone)('%s', (_where, _all, give) => {
  it.each([[[]], [new Map([['a', 1]])], [Promise.resolve()], [new Date()], [5]])(
    'refuses %p in the place of an object',
    async (options) => {
      expect(await messageOf(() => give(options as object))).toMatch(/^Expected `[^`]*` to be /);
    },
  );

  it('sees what is inherited', async () => {
    expect(await messageOf(() => give(Object.create({ zzz: 1 }) as object))).toMatch(/zzz` to be absent/);
  });
});

describe('what stands within options', () => {
  it.each<[options: ClientOptions, message: string]>([
    [
      { tls: { rejectUnauthorized: false } as TlsOptions },
      'Expected `tls.rejectUnauthorized` to be absent, as there is no such option, got a boolean',
    ],
    [{ tls: { ca: [5] as never } }, 'Expected `tls.ca` to be a text, bytes or an array of these, got an array of 1'],
    [{ tls: { insecure: 'no' as never } }, 'Expected `tls.insecure` to be a boolean, got a string'],
    [
      { proxy: { Http: 'http://me:hunter2@proxy' } as never },
      'Expected `proxy.Http` to be absent, as there is no such option (did you mean `http`?), got a string',
    ],
    [{ proxy: { http: 5 as never } }, 'Expected `proxy.http` to be a string, got 5'],
    [{ proxy: true as never }, 'Expected `proxy` to be a URL, { http, https, no } or false, got a boolean'],
    [
      { endpoints: { Ecs: { prefix: 'evil.com/' } } },
      'Expected `endpoints.Ecs.prefix` to be the beginning of a host name such as ecs, got "evil.com/"',
    ],
    [
      { endpoints: { Ecs: { rule: 'global' as never } } },
      "Expected `endpoints.Ecs.rule` to be 'regional', 'central' or 'none', got a string",
    ],
    [
      { endpoints: { Ecs: { regions: { 'cn-hangzhou': 'evil.com/path' } } } },
      'Expected `endpoints.Ecs.regions.cn-hangzhou` to be a host, host:port or an origin such as https://ecs.aliyuncs.com, got "evil.com/path"',
    ],
    [
      { endpoints: { Ecs: { regions: { 'cn.evil': 'a.example' } } } },
      'Expected `endpoints.Ecs.regions.cn.evil` to be a region id such as cn-hangzhou, got "cn.evil"',
    ],
    [
      { endpoints: { 'ecs.example': {} } },
      "Expected `endpoints.ecs.example` to be under a product's code such as Ecs, got an object",
    ],
    [
      { endpoints: { Ecs: {}, ECS: {} } },
      'Expected `endpoints.ECS` to be there once, as case does not count, got an object',
    ],
    [
      { transport: { send: () => EMPTY, closeIdle: true as never } },
      'Expected `transport` to be an object with a method `send`, got an object',
    ],
    [{ retry: { policy: 5 as never } }, 'Expected `retry.policy` to be a function, got 5'],
  ])('%j is refused', async (options, message) => {
    expect(await messageOf(() => new AlicloudClient(options))).toBe(message);
  });

  it.each(['Ecs', 'ecs', 'ECS'])('endpoints may call the product %s', async (name) => {
    const memory = new MemoryTransport();
    const endpoints: EndpointOverrides = { [name]: { prefix: 'mine', rule: undefined } };
    const client = new AlicloudClient({ endpoints, transport: memory, credentials, regionId: 'cn-hangzhou' });
    await new Promise((done) =>
      client
        .request({ product: 'Ecs', version: '1', action: 'A', query: { B: 'c' } })
        .subscribe({ complete: () => done(0) }),
    );
    expect(memory.sent[0]?.url).toBe('https://mine.cn-hangzhou.aliyuncs.com/?B=c');
    expect(queryOf(memory.sent[0]!)).toEqual({ B: 'c' });
  });

  it.each<[fault: unknown, message: string]>([
    [undefined, 'Expected `fault` to be an object, got nothing'],
    [{}, 'Expected `fault.kind` to be one of throttle, error, html, reset, late, slow, cut, close, got nothing'],
    [
      { kind: 'Throttle' },
      "Expected `fault.kind` to be one of throttle, error, html, reset, late, slow, cut, close (did you mean `throttle`?), got 'Throttle'",
    ],
    [{ kind: 'late' }, 'Expected `fault.duration` to be a number of milliseconds >= 0, got nothing'],
    [{ kind: 'cut', duration: 5 }, 'Expected `fault.duration` to be absent, as there is no such option, got 5'],
    [{ kind: 'error', status: 99 }, 'Expected `fault.status` to be an HTTP status from 200 to 599, got 99'],
    [{ kind: 'reset', times: 0 }, 'Expected `fault.times` to be an integer >= 1, got 0'],
    [{ kind: 'reset', probability: 2 }, 'Expected `fault.probability` to be a number from 0 to 1, got 2'],
  ])('inject(%j) is refused', async (fault, message) => {
    expect(await messageOf(() => createEmulator().inject(fault as Fault))).toBe(message);
  });

  it.each<[operation: unknown, handler: unknown, message: string]>([
    [undefined, () => 1, 'Expected `operation` to be the action of an operation, got nothing'],
    ['', () => 1, 'Expected `operation` to be the action of an operation, got an empty string'],
    [{ action: 'A' }, () => 1, 'Expected `operation` to be the action of an operation, got an object'],
    ['DescribeRegions', undefined, 'Expected `handler` to be a function, got nothing'],
    ['DescribeRegions', { A: 1 }, 'Expected `handler` to be a function, got an object'],
  ])('handle(%j, %p) is refused', async (operation, handler, message) => {
    expect(await messageOf(() => createEmulator().handle(operation as string, handler as () => 1))).toBe(message);
  });

  it.each<[give: () => unknown, message: string]>([
    [
      () => createEmulator({ latency: '5' as never }),
      'Expected `latency` to be milliseconds from 0 to 2147483647, or a function, got a string',
    ],
    [
      () => createEmulator({ credentials: {} as never }),
      'Expected `credentials.accessKeyId` to be a string that is not empty, got nothing',
    ],
    [
      () => createEmulator({ rateLimit: { calls: 0, per: 1 } }),
      'Expected `rateLimit.calls` to be an integer >= 1, got 0',
    ],
    [
      () => createEmulator({ regions: ['cn.evil'] }),
      'Expected `regions[0]` to be a region id such as cn-hangzhou, got "cn.evil"',
    ],
    [
      () => createEmulator({ services: [{}] as never }),
      "Expected `services[0]` to be a product's definition, such as `ecs` of rx-alicloud/ecs, got an object",
    ],
    [() => new AlicloudClient().shutdown('abort' as never), 'Expected `options` to be an object, got a string'],
    [() => new AlicloudClient().shutdown(null as never), 'Expected `options` to be an object, got nothing'],
    [() => boundedMergeMap(() => EMPTY, undefined as never), 'Expected `options` to be an object, got nothing'],
    [
      () => boundedMergeMap(undefined as never, { concurrent: 1, capacity: 1 }),
      'Expected `project` to be a function, got nothing',
    ],
    [
      () => boundedMergeMap(() => EMPTY, { concurrent: 1 } as never),
      'Expected `capacity` to be an integer >= 0, or Infinity, got nothing',
    ],
    [
      () => ramRoleArn({ roleArn: 'a', credentials, regionId: 'cn.evil' }),
      'Expected `regionId` to be a region id such as cn-hangzhou, got "cn.evil"',
    ],
    [
      () => oidcRole({ endpoint: 'evil/path' }),
      'Expected `endpoint` to be a host, host:port or an origin such as https://ecs.aliyuncs.com, got "evil/path"',
    ],
    [() => refreshing(undefined as never), 'Expected `fetch` to be a function, got nothing'],
    [
      () => telemetry({ tracerProvider: {} as never }),
      'Expected `tracerProvider` to be an object with a method `getTracer`, got an object',
    ],
    [
      () => new RateLimiter({ maxWait: 5 } as never),
      'Expected `RateLimiter.maxWait` to be absent, as there is no such option, got 5',
    ],
    [
      () => new RateLimiter({ limits: {} as never }),
      'Expected `RateLimiter.limits` to be a list of limits, got an object',
    ],
    [
      () => new RateLimiter({ limits: [{ concurrency: 1 }, { by: ['operation', 'zone'] as never, concurrency: 1 }] }),
      "Expected `RateLimiter.limits[1].by` to be a function, or a list of 'account', 'region', 'product' and 'operation', each once, got an array of 2",
    ],
    [
      () => new RateLimiter({ limits: [{ by: [] }] }),
      'Expected `RateLimiter.limits[0]` to be a limit with a rate, a concurrency or both, got an object',
    ],
    [
      () => new RateLimiter({ limits: [{ rate: { limit: 0, interval: 1 } }] }),
      'Expected `RateLimiter.limits[0].rate.limit` to be an integer >= 1, got 0',
    ],
    [
      () => new RateLimiter({ limits: [{ rate: { limit: 1 } as never }] }),
      'Expected `RateLimiter.limits[0].rate.interval` to be milliseconds from 0 to 2147483647, and more than 0, got nothing',
    ],
    [
      () => new RateLimiter({ limits: [{ rate: { limit: 1, intervall: 1 } as never }] }),
      'Expected `RateLimiter.limits[0].rate.intervall` to be absent, as there is no such option (did you mean `interval`?), got 1',
    ],
    [
      () => new RateLimiter({ account: 5 as never }),
      'Expected `RateLimiter.account` to be a text or a function, got 5',
    ],
    [
      () => new RateLimiter({ store: {} as never }),
      'Expected `RateLimiter.store` to be what redisStore() gives, got an object',
    ],
  ])('%p is refused', async (give, message) => {
    expect(await messageOf(give)).toBe(message);
  });

  it('certificates may be bytes', () => {
    expect(new AlicloudClient({ tls: { ca: [pem, Buffer.from(pem)], cert: Buffer.from(pem) } })).toBeDefined();
  });
});
