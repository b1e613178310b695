import { asyncScheduler, delay, NEVER, of, switchMap, timer, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { CallOptions } from '../../lib/call-options.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { TimeoutError } from '../../lib/errors.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import { answer, defaultOptions, MemoryTransport, operation, pipelineOver, timedOut } from './support.js';

const headers = { 'content-type': 'application/json' };
const values = {
  r: { kind: 'response', body: { A: 1 }, status: 200, headers, attempts: expect.any(Array) as unknown },
};
const key$ = defaultOptions.credentials() as Observable<{ accessKeyId: string; accessKeySecret: string }>;

/** Runs in virtual time, a frame a millisecond. */
function virtually(spec: (scheduler: Parameters<Parameters<TestScheduler['run']>[0]>[0]) => void): void {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(spec);
}

function answeredAfter(
  duration: number,
  options: ClientOptions,
): { call: Observable<unknown>; transport: MemoryTransport } {
  const transport = new MemoryTransport(() => of(answer('{"A":1}')).pipe(delay(duration)));
  return { call: pipelineOver(transport, options).call(operation(), {}), transport };
}

describe('the timeout of a call', () => {
  it('ends it and tears its request down', () => {
    virtually(({ expectObservable, expectSubscriptions, cold }) => {
      const never$ = cold<never>('-');
      const call = pipelineOver(new MemoryTransport(() => never$), { timeout: 50 }).call(operation(), {});
      expectObservable(call).toBe('50ms #', undefined, timedOut('DescribeZones', 50));
      expectSubscriptions(never$.subscriptions).toBe('^ 49ms !');
    });
  });

  it('says that it was the timeout', () => {
    virtually(({ flush }) => {
      let error: unknown;
      answeredAfter(51, { timeout: 50 }).call.subscribe({ error: (e: unknown) => (error = e) });
      flush();
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error).toMatchObject({ code: 'SDK.Timeout', action: 'DescribeZones', timeout: 50 });
    });
  });

  it('lets a response through that comes in time', () => {
    virtually(({ expectObservable }) => {
      expectObservable(answeredAfter(49, { timeout: 50 }).call).toBe('49ms (r|)', values);
    });
  });

  it('is the sum of its parts where nothing else is said', () => {
    virtually(({ expectObservable }) => {
      expectObservable(answeredAfter(15_001, {}).call).toBe('15s #', undefined, timedOut('DescribeZones', 15_000));
    });
  });

  describe('of an operation that takes long', () => {
    const run = (duration: number, client: ClientOptions, options?: CallOptions): Observable<unknown> => {
      const transport = new MemoryTransport(() => of(answer('{"A":1}')).pipe(delay(duration)));
      return pipelineOver(transport, client).call({ ...operation(), readTimeout: 86_000 }, {}, options);
    };

    it.each<[string, number, ClientOptions, CallOptions]>([
      ['its own, with what connecting may take', 91_000, {}, {}],
      ['the same with options for something else', 91_000, { deadline: 0 }, { headers: {} }],
      ['its own with another connectTimeout', 87_000, { connectTimeout: 1000 }, {}],
      ['its own with another connectTimeout of the call', 87_000, {}, { connectTimeout: 1000 }],
      ["the client's readTimeout, even the default", 15_000, { readTimeout: 10_000 }, {}],
      ["the client's timeout", 20_000, { timeout: 20_000 }, {}],
      ["the call's readTimeout", 8000, {}, { readTimeout: 3000 }],
      ["the call's timeout", 3000, {}, { timeout: 3000 }],
      [
        "the client's readTimeout, though the call has another connectTimeout",
        9000,
        { readTimeout: 8000 },
        { connectTimeout: 1000 },
      ],
    ])('is %s', (_, limit, client, options) => {
      virtually(({ expectObservable }) => {
        expectObservable(run(limit + 1, client, options)).toBe(
          `${limit}ms #`,
          undefined,
          timedOut('DescribeZones', limit),
        );
        expectObservable(run(limit - 1, client, options)).toBe(`${limit - 1}ms (r|)`, values);
      });
    });

    it('is told to the transport', () => {
      const transport = new MemoryTransport(() => of(answer('{"A":1}')));
      pipelineOver(transport)
        .call({ ...operation(), readTimeout: 86_000 }, {})
        .subscribe();
      pipelineOver(transport, { timeout: 1000 })
        .call({ ...operation(), readTimeout: 86_000 }, {})
        .subscribe();
      expect(transport.sent.map(({ readTimeout }) => readTimeout)).toEqual([86_000, 0]);
    });
  });

  it('of 0 is none', () => {
    virtually(({ expectObservable }) => {
      expectObservable(answeredAfter(1_000_000_000, { timeout: 0 }).call).toBe('1000000000ms (r|)', values);
    });
  });

  it("may be the call's own", () => {
    virtually(({ expectObservable }) => {
      const call = pipelineOver(new MemoryTransport(() => NEVER)).call(operation(), {}, { timeout: 5 });
      expectObservable(call).toBe('5ms #', undefined, timedOut('DescribeZones', 5));
    });
  });

  it('counts the time that the credentials take', () => {
    virtually(({ expectObservable }) => {
      const transport = new MemoryTransport(() => of(answer('{}')).pipe(delay(30)));
      const call = pipelineOver(transport, { timeout: 50, credentials: () => key$.pipe(delay(30)) }).call(
        operation(),
        {},
      );
      expectObservable(call).toBe('50ms #', undefined, timedOut('DescribeZones', 50, 30));
    });
  });

  it('counts no wait for a connection, and nothing is signed meanwhile', () => {
    virtually(({ expectObservable, flush }) => {
      const transport = new MemoryTransport(() => of(answer('{"A":1}')).pipe(delay(49)));
      const signedAt: number[] = [];
      const admit = <T>(origin: string, start: () => Observable<T>): Observable<T> => {
        expect(origin).toBe('https://ecs.cn-hangzhou.aliyuncs.com');
        return timer(1000).pipe(switchMap(start));
      };
      const nonce = (): string => {
        signedAt.push(asyncScheduler.now());
        return 'nonce';
      };
      const own = { send: (request: HttpRequest) => transport.send(request), admit };
      const call = pipelineOver(own, { timeout: 50, nonce }).call(operation(), {});
      expectObservable(call).toBe('1049ms (r|)', values);
      flush();
      expect(signedAt).toEqual([1000]);
    });
  });

  it('begins with the subscription, each time', () => {
    virtually(({ expectObservable }) => {
      const { call } = answeredAfter(60, { timeout: 50 });
      const error = timedOut('DescribeZones', 50);
      expectObservable(call).toBe('50ms #', undefined, error);
      expectObservable(call, '100ms ^').toBe('100ms 50ms #', undefined, error);
    });
  });

  it('leaves no timer behind, however the call ends', () => {
    jest.useFakeTimers();
    try {
      pipelineOver(new MemoryTransport()).call(operation(), {}).subscribe();
      pipelineOver(new MemoryTransport(() => of(answer('', 500))))
        .call(operation(), {})
        .subscribe({ error: () => undefined });
      const open = pipelineOver(new MemoryTransport(() => NEVER))
        .call(operation(), {})
        .subscribe();
      expect(jest.getTimerCount()).toBe(1);
      open.unsubscribe();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});
