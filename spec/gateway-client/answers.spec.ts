import { firstValueFrom, lastValueFrom, tap, toArray } from 'rxjs';
import { inspect } from 'node:util';
import type { CallEvent } from '../../lib/events/events.js';
import type { AttemptInterceptor, CallInterceptor } from '../../lib/interceptor.js';
import type { PagedOperation } from '../../lib/service.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import { errorOf } from '../pipeline/support.js';
import { Gateway, json, operation } from './support.js';

describe('what a gateway answers', () => {
  let gateway: Gateway;
  beforeAll(async () => (gateway = await Gateway.open()));
  afterEach(() => gateway.forget());
  afterAll(() => gateway.close());

  it('is the response, digit by digit, with the HTTP facts where they are asked for', async () => {
    gateway.reply = (_request, response) =>
      json(response, '{"Id":9007199254740993,"RequestId":"r-1"}', 200, { 'x-acs-request-id': 'r-1' });
    const called = operation({ response: '{Id:l,RequestId:s}' });
    expect(await firstValueFrom(gateway.client().call(called, {}))).toEqual({
      Id: 9007199254740993n,
      RequestId: 'r-1',
    });
    const full = await firstValueFrom(gateway.client().call(called, {}, { observe: 'response' }));
    expect(full).toMatchObject({ status: 200, headers: { 'x-acs-request-id': 'r-1' }, attempts: [{ number: 1 }] });
  });

  it('is text and bytes, whole and as they come', async () => {
    gateway.reply = (_request, response) => response.writeHead(200).end(Buffer.of(104, 105, 255));
    const client = gateway.client();
    const bytes = operation<object, Uint8Array>({ responseType: 'bytes' });
    expect(await firstValueFrom(client.call(bytes, {}))).toEqual(new Uint8Array([104, 105, 255]));
    const pieces = await lastValueFrom(client.call(bytes, {}, { observe: 'stream' }).pipe(toArray()));
    expect(Buffer.concat(pieces)).toEqual(Buffer.of(104, 105, 255));
    gateway.reply = (_request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('é');
    expect(await firstValueFrom(client.call(operation({ responseType: 'text' }), {}))).toBe('é');
  });

  describe.each([
    ['JSON', {}],
    ['nothing', { response: undefined }],
    ['text', { responseType: 'text' }],
    ['bytes', { responseType: 'bytes' }],
    ['bytes as they come', { responseType: 'bytes' }, { observe: 'stream' }],
    ['events', { responseType: 'events' }],
    ['events of text', { responseType: 'events', response: 's' }],
  ] as const)('to an operation that answers with %s', (_kind, differs, options?: object) => {
    const called = operation(differs as Partial<ReturnType<typeof operation>>);

    it.each(['text/html; charset=utf-8', 'TEXT/HTML', 'application/xml', 'x'])(
      'is none where something in its place answers with %s and status 200',
      async (type) => {
        const page = '<!doctype html><title>Log in</title>';
        gateway.reply = (_request, response) => response.writeHead(200, { 'content-type': type }).end(page);
        const error = await errorOf(gateway.client().call(called, {}, options));
        expect(error).toMatchObject({ name: 'InvalidResponseError', status: 200, rawBody: page });
        expect(error.message).toContain(`(${type}, 36 characters, beginning "<!doctype html><title>Log in</title>")`);
        expect(gateway.received).toHaveLength(1);
      },
    );

    it('is one where it is empty, or does not say what it is', async () => {
      for (const status of [200, 204]) {
        gateway.reply = (_request, response) => response.writeHead(status).end();
        const given = await lastValueFrom(gateway.client().call(called, {}, options).pipe(toArray<unknown>()));
        expect(given.length).toBeLessThan(2);
      }
    });
  });

  const events = operation<object, { N: number }>({ responseType: 'events', response: '{N:n}' });
  const stream = (text: string): void => {
    gateway.reply = (_request, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text);
  };

  it('is a stream of events', async () => {
    stream('data: {"N":1}\n\nevent: error\ndata: {"N":2}\n\nid: 3\ndata: {"N":3}\n\n');
    const given = await lastValueFrom(gateway.client().call(events, {}).pipe(toArray()));
    // A service may call an event an error: it is one of its own, as it would be without a gateway.
    expect(given).toEqual([{ N: 1 }, { N: 2 }, { N: 3 }]);
  });

  it('may break off in an error, after which nothing comes', async () => {
    stream(
      'data: {"N":1}\n\nevent: error\ndata: {"Code":"Gateway.UpstreamFailed","Message":"It broke","RequestId":"r"}\n\ndata: {"N":2}\n\n',
    );
    const given: unknown[] = [];
    const events$ = gateway
      .client()
      .call(events, {})
      .pipe(tap((event) => given.push(event)));
    const error = await lastValueFrom(events$).catch((thrown: unknown) => thrown);
    expect(given).toEqual([{ N: 1 }]);
    const message = 'It broke (Gateway.UpstreamFailed, Ecs DescribeThings, cn-hangzhou)';
    expect(error).toMatchObject({ name: 'ServerError', code: 'Gateway.UpstreamFailed', requestId: 'r', message });
    expect(gateway.received).toHaveLength(1);
  });

  it.each([
    ['json', {}],
    ['bytes', { responseType: 'bytes' }],
    ['events', { responseType: 'events' }],
  ] as const)(
    'is an error with its code, status and request id, of an operation that answers with %s',
    async (_kind, differs) => {
      const body = { Code: 'Gateway.OperationNotAllowed', Message: 'Not for you', RequestId: 'r-2' };
      gateway.reply = (_request, response) => json(response, body, 403);
      const error = await errorOf(gateway.client().call(operation(differs), {}));
      expect(error).toMatchObject({
        name: 'ServerError',
        code: 'Gateway.OperationNotAllowed',
        status: 403,
        requestId: 'r-2',
        product: 'Ecs',
        action: 'DescribeThings',
        attempts: [{ status: 403, code: 'Gateway.OperationNotAllowed' }],
      });
    },
  );

  it.each([
    ['JSON', { query: 'Password:s' }, { Password: 'hunter2hunter2' }],
    [
      'a frame',
      { query: 'Password:s', body: 'body=a', bodyType: 'bytes' },
      { Password: 'hunter2hunter2', body: Buffer.of(1) },
    ],
  ] as const)('shows no secret of a request that was %s', async (_kind, differs, request) => {
    const body = { Code: 'Invalid', Message: 'You sent hunter2hunter2', RequestId: 'r' };
    gateway.reply = (_request, response) => json(response, body, 400);
    const client = gateway.client();
    const told: CallEvent[] = [];
    client.events$.subscribe((event) => told.push(event));
    const error = await errorOf(client.call(operation(differs), request as Record<string, unknown>));
    expect(
      inspect([error, told.map((event) => ('request' in event ? event.request : event))], { depth: 9 }),
    ).not.toContain('hunter2');
    expect(told.map(({ type }) => type)).toEqual(['started', 'attempt', 'response', 'failed']);
  });

  it('is read page by page', async () => {
    gateway.reply = ({ body }, response) => {
      const { PageNumber = 1 } = (JSON.parse(String(body)) as { request: { PageNumber?: number } }).request;
      json(response, { TotalCount: 3, PageNumber, PageSize: 2, Things: PageNumber === 1 ? [1, 2] : [3] });
    };
    const paged = operation({
      query: 'PageNumber:n,PageSize:n',
      response: '{TotalCount:n,PageNumber:n,PageSize:n,Things:[n]}',
      pages: 'Things page=PageNumber size=PageSize total=TotalCount',
    }) as unknown as PagedOperation<object, unknown, number>;
    expect(await lastValueFrom(gateway.client().items(paged, {}).pipe(toArray()))).toEqual([1, 2, 3]);
  });

  it('comes in channels and callbacks, in the async mode', async () => {
    gateway.reply = (_request, response) => json(response, { Ok: true });
    const client = gateway.client({ enableAsync: true, poolSize: 2 });
    const [responses, errors] = client.callWithChan(operation(), {});
    expect(await responses.receive()).toEqual({ Ok: true });
    expect(await errors.receive()).toBeUndefined();
    const called = new Promise((resolve) => client.callWithCallback(operation(), {}, (response) => resolve(response)));
    expect(await called).toEqual({ Ok: true });
    await lastValueFrom(client.shutdown());
  });

  it('passes interceptors of calls and of attempts, which see the call and the id of the attempt', async () => {
    const seen: HttpRequest[] = [];
    const around: CallInterceptor = (next) => (call) => next({ ...call, request: { Name: 'changed' } });
    const within: AttemptInterceptor = (next) => (request) => {
      seen.push(request.http);
      return next({ ...request, http: { ...request.http, headers: { ...request.http.headers, 'x-csrf': 't' } } });
    };
    const client = gateway.client({ interceptors: [around], attemptInterceptors: [within] });
    const called = operation({ query: 'Name:s' });
    await firstValueFrom(client.call(called, { Name: 'given' }));
    const [received] = gateway.received;
    expect(gateway.json()).toMatchObject({ request: { Name: 'changed' } });
    expect(received?.headers['x-csrf']).toBe('t');
    expect(seen).toMatchObject([
      {
        call: { operation: called, request: { Name: 'changed' } },
        attemptId: received?.headers['x-rx-alicloud-attempt'],
      },
    ]);
  });
});
