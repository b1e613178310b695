import { expectTypeOf } from 'expect-type';
import { firstValueFrom, lastValueFrom, NEVER, of, Subject, throwError, toArray, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { isClientError, isServerError, NetworkError, type AlicloudError } from '../../../lib/errors.js';
import { describeRegions, EcsClient, type RunInstancesRequest } from '../../../lib/services/ecs.js';
import { FacebodyClient } from '../../../lib/services/facebody.js';
import { answerWith, apiError, fake, fakeClient, NotFakedError } from '../../../lib/testing/fake/index.js';
import type { Operation } from '../../../lib/service.js';

const regions = { Regions: { Region: [{ RegionId: 'cn-hangzhou' }] } };

/** The error that a call ends in. */
const failure = (call: Observable<unknown>): Promise<AlicloudError> =>
  lastValueFrom(call).then(
    () => Promise.reject(new Error('The call has not failed')),
    (error: unknown) => error as AlicloudError,
  );

describe('the answers of a fake', () => {
  it('are values, Observables, promises, or functions of the request and of the calls before', async () => {
    const ecs = fake(EcsClient, {
      describeRegions: regions,
      describeZones: of({ RequestId: 'observable' }),
      describeVpcs: Promise.resolve({ RequestId: 'promise' }),
      describeInstances: ({ PageNumber }, index) => ({ PageNumber: Number(PageNumber), TotalCount: index }),
      describeDisks: () => of({ RequestId: 'both' }),
    });
    expect(await firstValueFrom(ecs.describeRegions({}))).toBe(regions);
    expect(await firstValueFrom(ecs.describeZones({}))).toEqual({ RequestId: 'observable' });
    expect(await firstValueFrom(ecs.describeVpcs({}))).toEqual({ RequestId: 'promise' });
    expect(await firstValueFrom(ecs.describeDisks({}))).toEqual({ RequestId: 'both' });
    expect(await firstValueFrom(ecs.describeInstances({ PageNumber: 4 }))).toEqual({ PageNumber: 4, TotalCount: 0 });
    expect(await firstValueFrom(ecs.describeInstances({ PageNumber: 5 }))).toEqual({ PageNumber: 5, TotalCount: 1 });
  });

  it('are errors, given, thrown or emitted, which say which call they are of', async () => {
    const forbidden = apiError(403, 'Forbidden.RAM', 'No.');
    const ecs = fake(EcsClient, {
      describeRegions: forbidden,
      describeZones: () => {
        throw forbidden;
      },
      describeDisks: throwError(() => forbidden),
      describeVpcs: new NetworkError('gone', 'https://ecs.aliyuncs.com'),
      describeImages: new TypeError('a mistake'),
    });
    for (const [call, action] of [
      [ecs.describeRegions({}), 'DescribeRegions'],
      [ecs.describeZones({}), 'DescribeZones'],
      [ecs.describeDisks({}), 'DescribeDisks'],
    ] as const) {
      const error = await failure(call);
      expect(isServerError(error, 'Forbidden.RAM')).toBe(true);
      expect([error.action, error.product, error.message]).toEqual([
        action,
        'Ecs',
        `No. (Forbidden.RAM, Ecs ${action}, cn-hangzhou)`,
      ]);
    }
    expect(await failure(ecs.describeVpcs({}))).toBeInstanceOf(NetworkError);
    expect(isClientError(await failure(ecs.describeImages({})), 'SDK.Unexpected')).toBe(true);
  });

  it('are missing with a typed error that names the operation', async () => {
    const error = await failure(fake(EcsClient, {}).deleteInstance({ InstanceId: 'i-1' }));
    expect(error).toBeInstanceOf(NotFakedError);
    expect(isClientError(error, 'SDK.NotFaked')).toBe(true);
    expect(error).toMatchObject({ operation: 'deleteInstance', action: 'DeleteInstance' });
    expect(error.message).toMatch(/^The fake has no answer for deleteInstance: give it one where it is made \(/);
  });

  it('are checked against the types', () => {
    fake(EcsClient, {
      // @ts-expect-error: no such field
      describeRegions: { Regionz: {} },
      // @ts-expect-error: a list in place of an object
      describeZones: () => ({ Zones: [] }),
      // @ts-expect-error: of another type
      describeVpcs: of({ RequestId: 5 }),
    });
    // @ts-expect-error: no such operation
    expect(() => fake(EcsClient, { describeRegion: regions })).toThrow(
      /^Expected `answers.describeRegion` to be absent, as there is no such operation \(did you mean `describeRegions`\?\)/,
    );
    const ecs = fake(EcsClient, {});
    expectTypeOf(ecs).toExtend<EcsClient>();
    for (const call of ecs.calls) {
      if (call.operation === 'runInstances') expectTypeOf(call.request).toEqualTypeOf<RunInstancesRequest>();
    }
  });

  it('come of a client for any operation, too, and for what its caller alone describes', async () => {
    const client = fakeClient([answerWith(describeRegions, regions)]);
    expect(await firstValueFrom(client.call(describeRegions))).toBe(regions);
    const untyped = { product: 'Ecs', version: '2014-05-26', action: 'DescribeRegions' };
    expect(await firstValueFrom(client.request(untyped))).toBe(regions);
    expect(await firstValueFrom(fake(EcsClient, { describeRegions: regions }).request(untyped))).toBe(regions);
    expect(client.calls.map(({ operation }) => operation)).toEqual(['DescribeRegions', 'DescribeRegions']);
    expect(await failure(client.request({ ...untyped, action: 'Fly' }))).toMatchObject({ operation: 'Fly' });
  });

  it('are each value of an operation that answers with events', async () => {
    const tail: Operation<object, { N?: number }> = {
      service: describeRegions.service,
      action: 'Tail',
      response: '{N:n}',
      responseType: 'events',
    };
    const client = fakeClient([answerWith(tail, of({ N: 1 }, { N: 2 }))]);
    expect(await firstValueFrom(client.call(tail).pipe(toArray()))).toEqual([{ N: 1 }, { N: 2 }]);
  });

  it('come with HTTP facts where they are asked for', async () => {
    const ecs = fake(EcsClient, { describeRegions: regions });
    const whole = await firstValueFrom(ecs.describeRegions({}, { observe: 'response' }));
    expect(whole).toEqual({ kind: 'response', body: regions, status: 200, headers: {}, attempts: [] });
  });

  it('are not given to requests that the real client would refuse', async () => {
    const ecs = fake(EcsClient, { runInstances: {} });
    const wrong = ecs.runInstances({ Amount: 'three' } as unknown as RunInstancesRequest);
    expect(isClientError(await failure(wrong), 'SDK.InvalidRequest')).toBe(true);
  });

  it('do without the content of a file', async () => {
    const face = fake(FacebodyClient, { detectFace: { RequestId: 'r' } });
    expect(await firstValueFrom(face.detectFace({ ImageURL: new Uint8Array([1, 2]) }))).toEqual({ RequestId: 'r' });
  });

  it('refuses what is none', () => {
    expect(() => fake(EcsClient, undefined as never)).toThrow(/^Expected `answers` to be a plain object, got nothing$/);
    expect(() => fake({} as never, {})).toThrow(
      /^Expected `clientClass` to be the class of a product's client, got an/,
    );
    expect(() => fakeClient({} as never)).toThrow(
      /^Expected `answers` to be a list of what `answerWith` gives, got an/,
    );
    expect(() => fakeClient([{}] as never)).toThrow(/^Expected `answers\[0\]` to be what `answerWith` gives, got an/);
  });
});

describe('a fake', () => {
  it('records each subscription, and how it ended', () => {
    const waiting = new Subject<never>();
    const ecs = fake(EcsClient, {
      describeRegions: regions,
      describeZones: apiError(400, 'No', 'No.'),
      describeVpcs: NEVER,
      describeDisks: waiting,
    });
    const regions$ = ecs.describeRegions({ AcceptLanguage: 'en-US' });
    expect(ecs.calls).toEqual([]);
    regions$.subscribe();
    regions$.subscribe();
    ecs.describeZones({}).subscribe({ error: () => undefined });
    ecs.describeVpcs({}).subscribe().unsubscribe();
    ecs.describeDisks({}).subscribe();
    ecs.deleteInstance({ InstanceId: 'i-1' }).subscribe({ error: () => undefined });
    expect(ecs.calls).toEqual([
      { operation: 'describeRegions', request: { AcceptLanguage: 'en-US' }, outcome: 'completed' },
      { operation: 'describeRegions', request: { AcceptLanguage: 'en-US' }, outcome: 'completed' },
      {
        operation: 'describeZones',
        request: {},
        outcome: 'errored',
        error: expect.objectContaining({ code: 'No' }) as object,
      },
      { operation: 'describeVpcs', request: {}, outcome: 'unsubscribed' },
      { operation: 'describeDisks', request: {}, outcome: 'pending' },
      {
        operation: 'deleteInstance',
        request: { InstanceId: 'i-1' },
        outcome: 'errored',
        error: expect.any(NotFakedError) as object,
      },
    ]);
    expect(waiting.observed).toBe(true);
  });

  it('takes a call whose response was taken for completed', async () => {
    const ecs = fake(EcsClient, { describeRegions: regions });
    await firstValueFrom(ecs.describeRegions({}));
    expect(ecs.calls.map(({ outcome }) => outcome)).toEqual(['completed']);
  });

  it('plays marbles in virtual time, under its deadline', () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run(({ cold, expectObservable, expectSubscriptions }) => {
      const answer = cold('---(r|)', { r: regions });
      const ecs = fake(EcsClient, { describeRegions: answer, describeZones: NEVER }, { deadline: 20 });
      expectObservable(ecs.describeRegions({})).toBe('---(r|)', { r: regions });
      expectObservable(ecs.describeRegions({}), '--!').toBe('---');
      expectSubscriptions(answer.subscriptions).toBe(['^--!', '^-!']);
      const late: string[] = [];
      ecs.describeZones({}).subscribe({ error: ({ code }: AlicloudError) => late.push(`${code} ${scheduler.now()}`) });
      scheduler.schedule(() => expect(late).toEqual(['SDK.Timeout 20']), 21);
    });
  });

  it('has chan and callback calls, which need the async mode', async () => {
    const ecs = fake(EcsClient, { describeRegions: regions, describeZones: apiError(400, 'No', 'No.') });
    const refused = ecs.describeRegionsWithChan({})[1];
    expect(isClientError(await refused.receive(), 'SDK.AsyncFunctionNotEnabled')).toBe(true);
    ecs.enableAsync(1, 1);
    const [responses, errors] = ecs.describeRegionsWithChan({});
    expect([await responses.receive(), await errors.receive()]).toEqual([regions, undefined]);
    const told: unknown[] = [];
    const blocker = ecs.describeZonesWithCallback({}, (response, error) => told.push(response, error?.code));
    expect([await blocker.receive(), told]).toEqual([0, [undefined, 'No']]);
  });

  it('has a pool, a queue that can be full, and a shutdown', async () => {
    const running = new Subject<typeof regions>();
    const ecs = fake(EcsClient, { describeRegions: running }, { enableAsync: true, poolSize: 1, maxTaskQueueSize: 1 });
    const ended: unknown[] = [];
    const call = (name: string) =>
      ecs.describeRegions({}).subscribe({
        complete: () => ended.push(name),
        error: ({ code }: AlicloudError) => ended.push(`${name} ${code}`),
      });
    call('a');
    call('b');
    call('c');
    expect(ended).toEqual(['c SDK.AsyncQueueFull']);
    expect(await firstValueFrom(ecs.stats$)).toMatchObject({ running: 1, waiting: 1 });
    const left = lastValueFrom(ecs.shutdown());
    running.next(regions);
    running.complete();
    expect(await left).toEqual({ running: 0, waiting: 0 });
    expect(ended).toEqual(['c SDK.AsyncQueueFull', 'a', 'b']);
    await lastValueFrom(ecs.close(), { defaultValue: undefined });
    expect(isClientError(await failure(ecs.describeRegions({})), 'SDK.Closed')).toBe(true);
    expect(ecs.calls.map(({ outcome }) => outcome)).toEqual(['completed', 'completed', 'errored', 'errored']);
  });

  it('tells of its calls', async () => {
    const seen: string[] = [];
    const ecs = fake(EcsClient, { describeRegions: regions, describeVpcs: NEVER });
    ecs.events$.subscribe(({ type, call }) => seen.push(`${call.action} ${type}`));
    await firstValueFrom(ecs.describeRegions({}));
    ecs.describeVpcs({}).subscribe().unsubscribe();
    expect(seen).toEqual([
      'DescribeRegions started',
      'DescribeRegions finished',
      'DescribeVpcs started',
      'DescribeVpcs cancelled',
    ]);
  });

  it('has its interceptors', async () => {
    const actions: string[] = [];
    const ecs = fake(
      EcsClient,
      { describeRegions: regions },
      {
        interceptors: [
          (next) => (call) => {
            actions.push(call.operation.action);
            return next(call);
          },
        ],
      },
    );
    await firstValueFrom(ecs.describeRegions({}));
    expect(actions).toEqual(['DescribeRegions']);
  });

  it('has no answer where a function gives none', async () => {
    const ecs = fake(EcsClient, { describeRegions: (_request, index) => [regions][index]! });
    await firstValueFrom(ecs.describeRegions({}));
    await expect(firstValueFrom(ecs.describeRegions({}))).rejects.toMatchObject({
      code: 'SDK.NotFaked',
      operation: 'describeRegions',
    });
  });

  it('tells how long a throttle asks to be left alone', async () => {
    const throttle = Object.assign(apiError(429, 'Throttling.User', 'Slow down.'), { retryAfter: 700 });
    const ecs = fake(EcsClient, { describeRegions: throttle });
    await expect(firstValueFrom(ecs.describeRegions({}))).rejects.toMatchObject({ retryAfter: 700 });
  });
});
