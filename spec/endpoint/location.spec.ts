import { map, NEVER, of, retry, timer, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import {
  describeEndpoints,
  LocationResolver,
  type DescribeEndpointsRequest,
  type DescribeEndpointsResponse,
  type LocatedEndpoint,
} from '../../lib/endpoint/location.js';
import { ClientError, isClientError } from '../../lib/errors.js';
import { answer, MemoryTransport, pipelineOver } from '../pipeline/support.js';

const hour = 3_600_000;

function located(...endpoints: LocatedEndpoint[]): DescribeEndpointsResponse {
  return { Endpoints: { Endpoint: endpoints }, RequestId: 'r', Success: true };
}

/** Answers each question after 10 ms, and counts. */
class Service {
  readonly asked: DescribeEndpointsRequest[] = [];

  constructor(private readonly reply: (count: number) => DescribeEndpointsResponse | Error = () => found) {}

  readonly ask = (request: DescribeEndpointsRequest): Observable<DescribeEndpointsResponse> => {
    this.asked.push(request);
    const reply = this.reply(this.asked.length);
    return timer(10).pipe(
      map(() => {
        if (reply instanceof Error) throw reply;
        return reply;
      }),
    );
  };
}

const found = located({ Endpoint: 'ecs-cn-hangzhou.aliyuncs.com', Type: 'openAPI' });
const origin = 'https://ecs-cn-hangzhou.aliyuncs.com';

function virtually(spec: (helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0]) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(spec);
}

/** What comes of one answer. */
function outcomeOf(response: DescribeEndpointsResponse): unknown {
  let outcome: unknown;
  new LocationResolver()
    .resolve('cn-hangzhou', 'ecs', () => of(response))
    .subscribe({ next: (found) => (outcome = found), error: (error: unknown) => (outcome = error) });
  return outcome;
}

describe('describeEndpoints', () => {
  it('goes over the wire as the location service wants it, and back', () => {
    const body =
      '{"Endpoints":{"Endpoint":[{"Protocols":{"Protocols":["HTTP","HTTPS"]},"Type":"openAPI","Namespace":"26842",' +
      '"Id":"cn-hangzhou","SerivceCode":"ecs","Endpoint":"ecs-cn-hangzhou.aliyuncs.com"}]},"RequestId":"R","Success":true}';
    const transport = new MemoryTransport(() => of(answer(body)));
    const pipeline = pipelineOver(transport);
    let origin: unknown;
    new LocationResolver()
      .resolve('cn-hangzhou', 'ecs', (request) =>
        pipeline.call(describeEndpoints, request).pipe(map((response) => response.body as DescribeEndpointsResponse)),
      )
      .subscribe((found) => (origin = found));

    expect(origin).toBe('https://ecs-cn-hangzhou.aliyuncs.com');
    const [sent] = transport.sent;
    const { origin: host, searchParams } = new URL(sent?.url ?? '');
    expect([sent?.method, host]).toEqual(['GET', 'https://location-readonly.aliyuncs.com']);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      Action: 'DescribeEndpoints',
      Version: '2015-06-12',
      Id: 'cn-hangzhou',
      ServiceCode: 'ecs',
      Type: 'openAPI',
    });
  });
});

describe('LocationResolver', () => {
  it('asks once it is subscribed to, and keeps the answer for an hour', () => {
    virtually(({ expectObservable, flush }) => {
      const { ask, asked } = new Service();
      const origin$ = new LocationResolver().resolve('cn-hangzhou', 'ecs', ask);
      expect(asked).toEqual([]);
      expectObservable(origin$).toBe('10ms (o|)', { o: origin });
      expectObservable(origin$, '11ms ^').toBe('11ms (o|)', { o: origin });
      expectObservable(origin$, `${hour + 9}ms ^`).toBe(`${hour + 9}ms (o|)`, { o: origin });
      expectObservable(origin$, `${hour + 10}ms ^`).toBe(`${hour + 20}ms (o|)`, { o: origin });
      flush();
      expect(asked).toEqual(Array(2).fill({ Id: 'cn-hangzhou', ServiceCode: 'ecs', Type: 'openAPI' }));
    });
  });

  it('asks once for all who ask meanwhile', () => {
    virtually(({ expectObservable, flush }) => {
      const { ask, asked } = new Service();
      const resolver = new LocationResolver();
      expectObservable(resolver.resolve('cn-hangzhou', 'ecs', ask)).toBe('10ms (o|)', { o: origin });
      expectObservable(resolver.resolve('cn-hangzhou', 'ecs', ask), '9ms ^').toBe('10ms (o|)', { o: origin });
      flush();
      expect(asked).toHaveLength(1);
    });
  });

  it('asks on its own for each region, product and type', () => {
    virtually(({ flush }) => {
      const { ask, asked } = new Service();
      const resolver = new LocationResolver();
      resolver.resolve('cn-hangzhou', 'ecs', ask).subscribe();
      resolver.resolve('cn-beijing', 'ecs', ask).subscribe();
      resolver.resolve('cn-hangzhou', 'vpc', ask).subscribe();
      resolver.resolve('cn-hangzhou', 'ecs', ask, 'innerAPI').subscribe();
      flush();
      expect(asked.map(({ Id, ServiceCode, Type }) => [Id, ServiceCode, Type])).toEqual([
        ['cn-hangzhou', 'ecs', 'openAPI'],
        ['cn-beijing', 'ecs', 'openAPI'],
        ['cn-hangzhou', 'vpc', 'openAPI'],
        ['cn-hangzhou', 'ecs', 'innerAPI'],
      ]);
    });
  });

  it('goes on for the others where one unsubscribes, the one that began it too, and ends with the last', () => {
    virtually(({ cold, expectObservable, expectSubscriptions }) => {
      const answer$ = cold('----------(r|)', { r: found });
      const resolver = new LocationResolver();
      const resolve = (): Observable<string> => resolver.resolve('cn-hangzhou', 'ecs', () => answer$);
      expectObservable(resolve(), '^ 4ms !').toBe('-');
      expectObservable(resolve(), '--^').toBe('10ms (o|)', { o: origin });
      const never$ = cold<DescribeEndpointsResponse>('-');
      const other = (): Observable<string> => resolver.resolve('cn-beijing', 'ecs', () => never$);
      expectObservable(other(), '^ 4ms !').toBe('-');
      expectObservable(other(), '--^ 6ms !').toBe('-');
      expectSubscriptions(answer$.subscriptions).toBe('^ 9ms !');
      expectSubscriptions(never$.subscriptions).toBe('^ 8ms !');
    });
  });

  it('asks anew after all have unsubscribed', () => {
    virtually(({ flush }) => {
      const asked: string[] = [];
      const resolver = new LocationResolver();
      const resolve = (name: string): Observable<string> =>
        resolver.resolve('cn-hangzhou', 'ecs', () => {
          asked.push(name);
          return NEVER;
        });
      resolve('a').subscribe().unsubscribe();
      resolve('b').subscribe().unsubscribe();
      flush();
      expect(asked).toEqual(['a', 'b']);
    });
  });

  it('tells a failure to all who wait, and keeps none', () => {
    virtually(({ expectObservable }) => {
      const failure = new ClientError('SDK.NetworkError', 'broken');
      const { ask } = new Service((count) => (count === 1 ? failure : found));
      const resolver = new LocationResolver();
      const origin$ = resolver.resolve('cn-hangzhou', 'ecs', ask);
      expectObservable(origin$).toBe('10ms #', undefined, failure);
      expectObservable(origin$, '--^').toBe('10ms #', undefined, failure);
      expectObservable(origin$, '11ms ^').toBe('21ms (o|)', { o: origin });
    });
  });

  it('asks once for all who ask again as soon as it has failed', () => {
    virtually(({ expectObservable, flush }) => {
      const { ask, asked } = new Service((count) => (count === 1 ? new Error('broken') : found));
      const resolver = new LocationResolver();
      const origin$ = resolver.resolve('cn-hangzhou', 'ecs', ask).pipe(retry(1));
      expectObservable(origin$).toBe('20ms (o|)', { o: origin });
      expectObservable(origin$, '--^').toBe('20ms (o|)', { o: origin });
      expectObservable(origin$, '15ms ^').toBe('20ms (o|)', { o: origin });
      flush();
      expect(asked).toHaveLength(2);
    });
  });

  it('does not trust a clock that was set back for longer than an hour', () => {
    let now = 10 * hour;
    const asked: number[] = [];
    const resolver = new LocationResolver(() => now);
    const resolve = (): unknown =>
      resolver
        .resolve('cn-hangzhou', 'ecs', () => {
          asked.push(now);
          return of(found);
        })
        .subscribe();
    resolve();
    now = hour;
    resolve();
    now = 2 * hour - 1;
    resolve();
    expect(asked).toEqual([10 * hour, hour]);
  });

  it('keeps a thousand hosts, and of more the newest', () => {
    let asked = 0;
    const resolver = new LocationResolver();
    const resolve = (region: number): unknown =>
      resolver
        .resolve(`r${region}`, 'ecs', () => {
          asked++;
          return of(found);
        })
        .subscribe();
    for (let i = 0; i < 1001; i++) resolve(i);
    for (let i = 1; i < 1001; i++) resolve(i);
    expect(asked).toBe(1001);
    resolve(0);
    expect(asked).toBe(1002);
  });

  it('counts a host as new that it has asked for again', () => {
    let now = 0;
    const asked: string[] = [];
    const resolver = new LocationResolver(() => now);
    const resolve = (region: string): unknown =>
      resolver
        .resolve(region, 'ecs', ({ Id }) => {
          asked.push(Id);
          return of(found);
        })
        .subscribe();
    for (let i = 0; i < 1000; i++) resolve(`r${i}`);
    now = hour;
    resolve('r0');
    resolve('another');
    resolve('r0');
    expect(asked.slice(1000)).toEqual(['r0', 'another']);
  });

  describe('reads an answer', () => {
    it.each<[what: string, response: DescribeEndpointsResponse, origin: string]>([
      [
        'as it mostly is',
        located({ Endpoint: 'a.aliyuncs.com', Protocols: { Protocols: ['HTTP', 'HTTPS'] } }),
        'https://a.aliyuncs.com',
      ],
      ['that names no protocols', located({ Endpoint: 'a.aliyuncs.com' }), 'https://a.aliyuncs.com'],
      [
        'with an empty host first',
        located({ Endpoint: '' }, {}, { Endpoint: 'b.aliyuncs.com' }),
        'https://b.aliyuncs.com',
      ],
      [
        'with a host first that takes HTTP alone',
        located(
          { Endpoint: 'a.aliyuncs.com', Protocols: { Protocols: ['HTTP'] } },
          { Endpoint: 'b.aliyuncs.com', Protocols: { Protocols: ['https'] } },
        ),
        'https://b.aliyuncs.com',
      ],
    ])('%s', (_what, response, origin) => {
      expect(outcomeOf(response)).toBe(origin);
    });

    it.each<[what: string, response: DescribeEndpointsResponse, message: string]>([
      ['that is empty', {}, 'The location service knows no host of ecs in the region cn-hangzhou: give'],
      ['without hosts', located(), 'The location service knows no host of ecs in the region cn-hangzhou: give'],
      ['that is no success', { ...found, Success: false }, 'The location service knows no host of ecs'],
      [
        'with HTTP alone',
        located({ Endpoint: 'a.aliyuncs.com', Protocols: { Protocols: ['HTTP'] } }),
        'knows no host of ecs in the region cn-hangzhou that takes HTTPS',
      ],
    ])('%s, and fails', (_what, response, message) => {
      const error = outcomeOf(response);
      expect(isClientError(error, 'SDK.EndpointUnknown')).toBe(true);
      expect((error as Error).message).toContain(message);
    });

    it.each([
      'http://a.aliyuncs.com',
      'https://a.aliyuncs.com',
      'a.aliyuncs.com/path',
      'a.aliyuncs.com:8080',
      'user@a.aliyuncs.com',
      'a.aliyuncs.com?x=y',
      'a.aliyuncs.com#x',
      'a..aliyuncs.com',
      '-a.aliyuncs.com',
      'a.aliyuncs.com\r\nx: y',
      '127.0.0.1',
      '169.254.169.254',
      'localhost',
      '[::1]',
      ' ',
    ])('that names %j, and fails: it is no host name', (host) => {
      const error = outcomeOf(located({ Endpoint: host }));
      expect(isClientError(error, 'SDK.EndpointUnknown')).toBe(true);
      expect((error as Error).message).toContain(`gave ${JSON.stringify(host)} for ecs`);
    });
  });
});
