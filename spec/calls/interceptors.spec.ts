import { defer, finalize, map, of, tap } from 'rxjs';
import type { AttemptInterceptor, CallInterceptor } from '../../lib/interceptor.js';
import { ok, play, read, refusal } from './support.js';

const busy = refusal(503, 'ServiceUnavailable');

function noting(told: string[], name: string): { call: CallInterceptor; attempt: AttemptInterceptor } {
  return {
    call: (next) => (call) =>
      defer(() => {
        told.push(`${name} ${call.operation.action}`);
        return next(call).pipe(finalize(() => told.push(`${name} ended`)));
      }),
    attempt: (next) => (request) =>
      defer(() => {
        told.push(`${name} ${request.attempt}`);
        return next(request).pipe(
          tap((event) => told.push(`${name} ${'status' in event ? event.status : event.kind}`)),
        );
      }),
  };
}

it('stand around each call, the first of them outermost', () => {
  const told: string[] = [];
  const interceptors = ['a', 'b'].map((name) => noting(told, name).call);
  play([busy, ok()], { interceptors }, ({ client, run, flush }) => {
    run(client.call(read, {}));
    flush();
    expect(told).toEqual(['a DescribeZones', 'b DescribeZones', 'b ended', 'a ended']);
  });
});

it('stand around each attempt, the first of them outermost', () => {
  const told: string[] = [];
  const attemptInterceptors = ['a', 'b'].map((name) => noting(told, name).attempt);
  play([busy, ok()], { attemptInterceptors }, ({ client, run, flush }) => {
    run(client.call(read, {}));
    flush();
    expect(told).toEqual(['a 1', 'b 1', 'b 503', 'a 503', 'a 2', 'b 2', 'b 200', 'a 200']);
  });
});

it('see nothing before a call is subscribed to', () => {
  const told: string[] = [];
  play([ok()], { interceptors: [noting(told, 'a').call] }, ({ client }) => {
    client.call(read, {});
    expect(told).toEqual([]);
  });
});

it('may change a call', () => {
  const changing: CallInterceptor = (next) => (call) => next({ ...call, request: { Marker: 'changed' } });
  play([ok()], { interceptors: [changing] }, ({ client, transport, run, flush }) => {
    run(client.call(read, { Marker: 'given' }));
    flush();
    expect(transport.said('Marker')).toEqual(['changed']);
  });
});

it('may answer a call themselves, outside of the queue', () => {
  const cached: CallInterceptor = () => () =>
    of({ kind: 'response', body: { N: 7 }, status: 200, headers: {}, attempts: [] });
  const options = { interceptors: [cached], enableAsync: true, poolSize: 1, maxTaskQueueSize: 0 };
  play([ok()], options, ({ client, transport, run }) => {
    const endings = [run(client.call(read, {})), run(client.call(read, {}))];
    expect(endings.map(({ values }) => values)).toEqual([[{ N: 7 }], [{ N: 7 }]]);
    expect(transport.sent).toEqual([]);
  });
});

it('may add a header to an attempt, and change its answer', () => {
  const tracing: AttemptInterceptor = (next) => (request) =>
    next({ ...request, http: { ...request.http, headers: { ...request.http.headers, traceparent: '00-1' } } }).pipe(
      map((response) => ({ ...response, body: '{"N":2}' })),
    );
  play([ok()], { attemptInterceptors: [tracing] }, ({ client, transport, run, flush }) => {
    const { values } = run(client.call(read, {}));
    flush();
    expect(values).toEqual([{ N: 2 }]);
    expect(transport.sent[0]?.request.headers.traceparent).toBe('00-1');
  });
});

it('know which call an attempt belongs to', () => {
  const seen: unknown[] = [];
  const call: CallInterceptor = (next) => (request) => {
    seen.push(request);
    return next(request);
  };
  const attempt: AttemptInterceptor = (next) => (request) => {
    seen.push(request.call);
    return next(request);
  };
  play([ok()], { interceptors: [call], attemptInterceptors: [attempt] }, ({ client, run, flush }) => {
    run(client.call(read, {}));
    flush();
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(seen[1]);
  });
});

it('that throw end the call in one typed error', () => {
  const broken: CallInterceptor = () => () => {
    throw new Error('broken');
  };
  play([ok()], { interceptors: [broken] }, ({ client, run }) => {
    expect(run(client.call(read, {})).error).toMatchObject({
      code: 'SDK.Unexpected',
      message: 'broken (SDK.Unexpected, Ecs DescribeZones, cn-hangzhou)',
    });
  });
});
