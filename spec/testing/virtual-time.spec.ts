/** A user's tests: calls of a real client on the emulator, where no time passes but the test's own. */
import {
  asyncScheduler,
  catchError,
  concat,
  EMPTY,
  map,
  mergeMap,
  of,
  range,
  repeat,
  take,
  timer,
  type Observable,
} from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { accessKey } from '../../lib/credentials/credentials.js';
import { isAlicloudError } from '../../lib/errors.js';
import type { CallOptions } from '../../lib/call-options.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { vpc, VpcClient } from '../../lib/services/vpc.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import type { EmulatorOptions } from '../../lib/testing/options.js';

const credentials = accessKey(emulatorCredentials.accessKeyId, emulatorCredentials.accessKeySecret);
const clientOptions = { regionId: 'cn-hangzhou', credentials };

function ecsOn(emulator: Emulator, options: ClientOptions = {}): EcsClient {
  return new EcsClient({ ...clientOptions, transport: emulator.transport, ...options });
}

/** `a` for an answer, `e` for an error, by its code. */
function outcome(call$: Observable<unknown>): Observable<string> {
  return call$.pipe(
    map(() => 'a'),
    catchError((error: unknown) => of(isAlicloudError(error) ? error.code : String(error))),
  );
}

describe('under a TestScheduler', () => {
  function run(test: (helpers: RunHelpers) => void): void {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test);
  }

  /** How a call of an emulator with these options ends, on marbles. */
  function expectCall(
    marbles: string,
    options: EmulatorOptions,
    prepare: (emulator: Emulator) => void = () => undefined,
    client: ClientOptions = {},
    values?: Record<string, string>,
  ): void {
    run(({ expectObservable }) => {
      const emulator = createEmulator(options);
      prepare(emulator);
      expectObservable(outcome(ecsOn(emulator, client).describeRegions({}))).toBe(marbles, values);
    });
  }

  it('answers at once where there is no latency, and after it where there is', () => {
    expectCall('(a|)', {});
    expectCall('250ms (a|)', { latency: 250 });
  });

  it('answers late, and in pieces', () => {
    expectCall('2s (a|)', {}, (emulator) => emulator.inject({ kind: 'late', duration: 2000, times: 1 }));
    expectCall('1s (a|)', {}, (emulator) => emulator.inject({ kind: 'slow', duration: 1000, times: 1 }));
  });

  it('is later than the client waits', () => {
    const late = (emulator: Emulator): unknown => emulator.inject({ kind: 'late', duration: 2000 });
    expectCall('500ms (t|)', {}, late, { readTimeout: 500, retry: false }, { t: 'SDK.Timeout' });
    expectCall('500ms (t|)', {}, late, { timeout: 500, retry: false }, { t: 'SDK.Timeout' });
  });

  describe('how long an attempt may take', () => {
    /** When a call ends of which the answer never comes, in milliseconds. */
    it.each<
      [
        options: ClientOptions,
        call: Pick<CallOptions, 'connectTimeout' | 'readTimeout' | 'timeout' | 'deadline'>,
        limit: number | undefined,
      ]
    >([
      // As the descriptor of DescribeRegions has it.
      [{}, {}, 19_000],
      [{ timeout: 30_000 }, {}, 30_000],
      [{ timeout: 3000 }, {}, 3000],
      [{ timeout: 0 }, {}, undefined],
      [{ deadline: 60_000 }, {}, 60_000],
      [{ deadline: 4000 }, {}, 4000],
      [{ deadline: 60_000, timeout: 30_000 }, {}, 30_000],
      [{ deadline: 60_000, readTimeout: 20_000 }, {}, 20_000],
      [{ deadline: 60_000, connectTimeout: 1000 }, {}, 60_000],
      [{ timeout: 30_000, readTimeout: 20_000 }, {}, 20_000],
      [{ timeout: 30_000, connectTimeout: 1000 }, {}, 30_000],
      [{ readTimeout: 20_000 }, {}, 20_000],
      [{ readTimeout: 0 }, {}, undefined],
      [{}, { timeout: 30_000 }, 30_000],
      [{}, { timeout: 0 }, undefined],
      [{}, { deadline: 60_000 }, 60_000],
      [{ readTimeout: 5000 }, { timeout: 30_000 }, 30_000],
      [{ readTimeout: 5000 }, { deadline: 30_000 }, 5000],
      [{ timeout: 30_000 }, { readTimeout: 20_000 }, 20_000],
      [{ timeout: 30_000 }, { readTimeout: 40_000 }, 30_000],
      [{ timeout: 30_000 }, { connectTimeout: 1000 }, 30_000],
      [{ timeout: 30_000 }, { deadline: 60_000 }, 30_000],
      [{ timeout: 30_000 }, { timeout: 0 }, undefined],
      [{ deadline: 60_000 }, { readTimeout: 20_000 }, 20_000],
      [{ deadline: 60_000 }, { deadline: 0 }, undefined],
    ])('is of %j and %j', (options, callOptions, limit) => {
      run(({ expectObservable }) => {
        const emulator = createEmulator({ latency: 100_000_000 });
        const client = ecsOn(emulator, { retry: false, ...options });
        const end = outcome(client.describeRegions({}, callOptions));
        if (limit === undefined) expectObservable(end, '90000000ms !').toBe('');
        else expectObservable(end).toBe(`${limit}ms (t|)`, { t: 'SDK.Timeout' });
      });
    });
  });

  it.each([
    [{ kind: 'throttle', retryAfter: 700, times: 1 }],
    [{ kind: 'error', status: 503, code: 'ServiceUnavailable', retryAfter: 700, times: 1 }],
    [{ kind: 'html', retryAfter: 700, times: 1 }],
  ] as const)('lets a client try again after %j', (fault) => {
    expectCall('700ms (a|)', {}, (emulator) => emulator.inject(fault));
  });

  it.each(['reset', 'cut'] as const)('breaks connections: %s', (kind) => {
    expectCall('(n|)', {}, (emulator) => emulator.inject({ kind }), { retry: false }, { n: 'SDK.NetworkError' });
    const soon: ClientOptions = { retry: { baseDelay: 0 } };
    expectCall('(a|)', {}, (emulator) => emulator.inject({ kind, times: 1 }), soon);
  });

  it('lets a handler take its time', () => {
    expectCall('300ms (a|)', {}, (emulator) =>
      emulator.handle('DescribeRegions', () => timer(300).pipe(map(() => ({ Regions: { Region: [] } })))),
    );
  });

  it('limits how many calls are let in, by the time that the test has', () => {
    run(({ expectObservable }) => {
      const clock = (): number => Date.UTC(2024, 0, 1) + asyncScheduler.now();
      const emulator = createEmulator({ clock, rateLimit: { calls: 2, per: 1000 } });
      const client = ecsOn(emulator, { clock });
      expectObservable(range(0, 4).pipe(mergeMap(() => outcome(client.describeRegions({}))))).toBe('(aa) 996ms (aa|)');
    });
  });

  it('keeps the pool’s order', () => {
    run(({ expectObservable }) => {
      const emulator = createEmulator({ latency: 10 });
      const client = ecsOn(emulator, { enableAsync: true, poolSize: 2, maxTaskQueueSize: 1 });
      expectObservable(range(0, 4).pipe(mergeMap(() => outcome(client.describeRegions({}))))).toBe(
        'q 9ms (aa) 6ms (a|)',
        { q: 'SDK.AsyncQueueFull', a: 'a' },
      );
    });
  });

  it('boots instances by the clock that it is given', () => {
    run(({ expectObservable }) => {
      const clock = (): number => Date.UTC(2024, 0, 1) + asyncScheduler.now();
      const client = ecsOn(createEmulator({ clock, bootTime: 300 }), { clock });
      const status$ = client
        .describeInstances({ RegionId: 'cn-hangzhou' })
        .pipe(map(({ Instances }) => Instances?.Instance?.[0]?.Status));
      const statuses$ = concat(
        client.runInstances({ RegionId: 'cn-hangzhou' }).pipe(mergeMap(() => EMPTY)),
        status$.pipe(repeat({ delay: 200 }), take(3)),
      );
      expectObservable(statuses$).toBe('p 199ms p 199ms (r|)', { p: 'Pending', r: 'Running' });
    });
  });

  it('knows at once the products that it was given, and after their first call those that it loads', async () => {
    const first = (emulator: Emulator): Observable<string> =>
      outcome(
        new VpcClient({ ...clientOptions, transport: emulator.transport }).describeVpcs({ RegionId: 'cn-hangzhou' }),
      );
    run(({ expectObservable }) => expectObservable(first(createEmulator({ services: [vpc] }))).toBe('(a|)'));

    const emulator = createEmulator();
    await new Promise((resolve) => first(emulator).subscribe({ complete: () => resolve(undefined) }));
    run(({ expectObservable }) => expectObservable(first(emulator)).toBe('(a|)'));
  });
});

describe('under fake timers', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('answers without any of them, by the fake clock', async () => {
    const emulator = createEmulator();
    jest.setSystemTime(Date.UTC(2020, 0, 1));
    const ended: string[] = [];
    outcome(ecsOn(emulator, { timeout: 0, readTimeout: 0 }).describeRegions({})).subscribe((end) => ended.push(end));
    await settled();
    expect(ended).toEqual(['a']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('answers when its time has come', async () => {
    const emulator = createEmulator({ latency: 300 });
    const ended: string[] = [];
    outcome(ecsOn(emulator).describeRegions({})).subscribe((end) => ended.push(end));
    await jest.advanceTimersByTimeAsync(299);
    expect(ended).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(ended).toEqual(['a']);
  });
});

it('never answers within subscribe, as no network does', async () => {
  const order: string[] = [];
  const call$ = ecsOn(createEmulator()).describeRegions({});
  await new Promise<void>((resolve) => {
    call$.subscribe(() => {
      order.push('answer');
      resolve();
    });
    order.push('subscribed');
  });
  expect(order).toEqual(['subscribed', 'answer']);
});

it('executes nothing of a call that is given up at once', async () => {
  const emulator = createEmulator();
  ecsOn(emulator).describeRegions({}).subscribe().unsubscribe();
  await settled();
  expect([emulator.requests.size, emulator.activeRequests, emulator.peakActiveRequests]).toEqual([0, 0, 1]);
});

/** The turns of microtasks that an answer in process takes, and then some. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
