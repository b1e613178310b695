import { configure } from './support.js';
import {
  HttpClient,
  HttpEventType,
  HttpXsrfTokenExtractor,
  provideHttpClient,
  withFetch,
  withInterceptors as withHttpInterceptors,
  type HttpInterceptorFn,
  type HttpRequest,
} from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting, type TestRequest } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { firstValueFrom, lastValueFrom, retry, throwError, toArray } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import {
  ALICLOUD_CALL,
  httpClientTransport,
  injectAlicloud,
  provideAlicloud,
  withGateway,
  withHttpClient,
  withCredentials,
} from '../../lib/angular/index.js';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { AlicloudError } from '../../lib/errors.js';
import { describeInstances, EcsClient } from '../../lib/services/ecs.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import { Gateway, json, opened, operation } from '../gateway-client/support.js';

const events = operation<Record<string, never>, string>({ responseType: 'events', response: 's' });
const bytes = operation<Record<string, never>, Uint8Array>({ responseType: 'bytes' });
const put = operation<{ body: Uint8Array }>({ body: 'body=a', bodyType: 'bytes' });

const once = { retry: false } as const;

describe('over HTTP', () => {
  let gateway: Gateway;
  let client: AlicloudClient;
  const seen: HttpRequest<unknown>[] = [];
  const look: HttpInterceptorFn = (request, next) => {
    seen.push(request);
    return next(request.clone({ setHeaders: { 'x-app': 'yes' } }));
  };
  beforeEach(async () => {
    seen.length = 0;
    gateway = await Gateway.open();
    configure(
      provideHttpClient(withFetch(), withHttpInterceptors([look])),
      provideAlicloud({ regionId: 'cn-hangzhou', ...once }, withGateway(gateway.url)),
    );
    client = TestBed.runInInjectionContext(() => injectAlicloud(AlicloudClient));
  });
  afterEach(() => gateway.close());

  it("passes the app's interceptors, with the call in the request's context", async () => {
    const request = { PageSize: 10 };
    expect(await firstValueFrom(client.call(describeInstances, request))).toEqual({});
    expect(gateway.received).toMatchObject([{ headers: { 'x-app': 'yes', 'content-type': 'application/json' } }]);
    const attemptId = gateway.received[0]?.headers['x-rx-alicloud-attempt'];
    const call = seen[0]?.context.get(ALICLOUD_CALL);
    expect(call).toEqual({
      operation: describeInstances,
      request: expect.objectContaining(request) as object,
      attemptId,
    });
    expect(attemptId).toMatch(/^[\da-f-]{36}$/);
    // Of another request of the app's, there is none.
    await firstValueFrom(TestBed.inject(HttpClient).get(gateway.url, { responseType: 'text' }));
    expect(seen[1]?.context.get(ALICLOUD_CALL)).toBeUndefined();
  });

  it('gives the answer with its status and its headers', async () => {
    gateway.reply = (_request, response) => json(response, '{"TotalCount":9007199254740993}', 201, { 'x-two': 'a' });
    const { status, headers, body } = await firstValueFrom(client.call(describeInstances, {}, { observe: 'response' }));
    expect({ status, two: headers['x-two'] }).toEqual({ status: 201, two: 'a' });
    expect(body).toEqual({ TotalCount: 9007199254740993n });
  });

  it("makes a typed error of a server's, whatever the type of the answer", async () => {
    gateway.reply = (_request, response) =>
      json(response, { Code: 'Gateway.OperationNotAllowed', Message: 'no', RequestId: 'r-1' }, 403);
    for (const call$ of [client.call(describeInstances), client.call(bytes), client.call(events)]) {
      await expect(firstValueFrom<unknown>(call$)).rejects.toMatchObject({
        kind: 'server',
        code: 'Gateway.OperationNotAllowed',
        status: 403,
        requestId: 'r-1',
      });
    }
  });

  it('makes a network error of a connection that breaks, before the answer and within it', async () => {
    gateway.reply = (_request, response, index) => {
      if (index === 0) return response.destroy();
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
      response.write('{');
      setImmediate(() => response.destroy());
      return undefined;
    };
    for (const _ of [1, 2]) {
      await expect(firstValueFrom(client.call(describeInstances))).rejects.toMatchObject({ code: 'SDK.NetworkError' });
    }
    expect(gateway.received).toHaveLength(2);
    await gateway.close();
    const refused = firstValueFrom(client.call(describeInstances));
    await expect(refused).rejects.toMatchObject({ code: 'SDK.NetworkError', systemCode: 'ECONNREFUSED' });
    gateway = await Gateway.open();
  });

  it("keeps the attempt's id where an interceptor of the app's sends it again, and where the client does", async () => {
    let again = true;
    const resend: HttpInterceptorFn = (request, next) => next(request).pipe(retry(again ? 1 : 0));
    gateway.reply = (_request, response, index) => (index % 2 === 0 ? response.destroy() : json(response, {}));
    TestBed.resetTestingModule();
    configure(
      provideHttpClient(withFetch(), withHttpInterceptors([resend])),
      provideAlicloud({ regionId: 'cn-hangzhou', retry: { baseDelay: 0 } }, withGateway(gateway.url)),
    );
    client = TestBed.inject(AlicloudClient);
    await firstValueFrom(client.call(describeInstances));
    again = false;
    await firstValueFrom(client.call(describeInstances));
    const ids = gateway.received.map(({ headers }) => headers['x-rx-alicloud-attempt']);
    expect(ids).toHaveLength(4);
    expect([ids[0] === ids[1], ids[2] === ids[3], ids[0] === ids[2]]).toEqual([true, true, false]);
  });

  it('takes no answer from elsewhere', async () => {
    gateway.reply = ({ path }, response) =>
      path === '/login'
        ? json(response, { TotalCount: 1 })
        : void response.writeHead(303, { location: '/login' }).end();
    await expect(firstValueFrom(client.call(describeInstances))).rejects.toMatchObject({
      code: 'SDK.NetworkError',
      message: expect.stringContaining('it redirects elsewhere') as string,
    });
  });

  it('aborts the request of a call that nobody waits for', async () => {
    const arrived = new Promise<void>((resolve) => (gateway.reply = () => resolve()));
    const gone = gateway.cutOff();
    const subscription = client.call(describeInstances).subscribe({ error: () => undefined });
    await arrived;
    subscription.unsubscribe();
    await gone;
  });

  it('sends and receives bytes as they are', async () => {
    gateway.reply = ({ body }, response) =>
      void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(body);
    // A part of a larger buffer.
    const part = new Uint8Array([9, 9, 0, 255, 128, 9]).subarray(2, 5);
    await firstValueFrom(client.call(put, { body: part }, { observe: 'response' })).catch(() => undefined);
    expect(opened(gateway.received[0]?.body ?? Buffer.of()).contents).toEqual(Buffer.from(part));
    const url = `${gateway.url}/raw`;
    await firstValueFrom(
      httpClientTransport(TestBed.inject(HttpClient)).send({ method: 'POST', url, headers: {}, body: part }),
    );
    expect(gateway.received[1]?.body).toEqual(Buffer.from(part));
    gateway.reply = (_request, response) => void response.writeHead(200).end(Buffer.from([0, 255, 128]));
    expect(await firstValueFrom(client.call(bytes))).toEqual(new Uint8Array([0, 255, 128]));
  });

  it('gives events as they come, and ends the request when nobody listens', async () => {
    let write = (_text: string): void => undefined;
    gateway.reply = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      write = (text) => void response.write(text);
      write('data: é1\n\n');
    };
    const gone = gateway.cutOff();
    const got: string[] = [];
    await new Promise<void>((resolve) => {
      const subscription = client.call(events).subscribe((event) => {
        got.push(event);
        // Each comes before the next is written.
        if (got.length === 3) {
          subscription.unsubscribe();
          resolve();
        } else write(`data: é${got.length + 1}\n\n`);
      });
    });
    await gone;
    expect(got).toEqual(['é1', 'é2', 'é3']);
    expect(seen[0]?.context.get(ALICLOUD_CALL)?.operation).toBe(events);
  });

  it('gives bytes as they come, past the interceptors', async () => {
    gateway.reply = (_request, response) => void response.writeHead(200).end('some bytes');
    const pieces = await lastValueFrom(client.call(bytes, {}, { observe: 'stream' }).pipe(toArray()));
    expect(Buffer.concat(pieces).toString()).toBe('some bytes');
    expect(seen).toEqual([]);
    expect(gateway.received[0]?.headers['x-app']).toBeUndefined();
  });

  it.each([
    ['a text', describeInstances, 'body'],
    ['bytes', bytes, 'body'],
    ['pieces', bytes, 'stream'],
  ] as const)('stops at maxResponseSize: %s', async (_what, described, observe) => {
    gateway.reply = (_request, response) => void response.writeHead(200).end(' '.repeat(100) + '{}');
    const small = new AlicloudClient({
      gateway: gateway.url,
      regionId: 'cn-hangzhou',
      maxResponseSize: 100,
      transport: httpClientTransport(TestBed.inject(HttpClient)),
    });
    const call$ = small.call(described as typeof bytes, {}, { observe } as { observe: 'stream' });
    await expect(lastValueFrom(call$)).rejects.toMatchObject({ code: 'SDK.ResponseTooLarge' });
  });

  it('carries signed calls, too, where it is told to', async () => {
    const { accessKeyId, accessKeySecret } = emulatorCredentials;
    const emulator = createEmulator();
    const { url: endpoint } = await emulator.listen();
    TestBed.resetTestingModule();
    configure(
      provideHttpClient(withFetch(), withHttpInterceptors([look])),
      provideAlicloud(
        { regionId: 'cn-hangzhou', endpoint },
        withCredentials(accessKey(accessKeyId, accessKeySecret)),
        withHttpClient(),
      ),
    );
    const ecs = TestBed.runInInjectionContext(() => injectAlicloud(EcsClient));
    expect((await firstValueFrom(ecs.describeRegions({}))).RequestId).toEqual(expect.any(String));
    expect(seen[0]?.context.get(ALICLOUD_CALL)?.operation.action).toBe('DescribeRegions');
    await emulator.close();
  });
});

describe('what HttpClient is asked', () => {
  let http: HttpTestingController;
  let client: AlicloudClient;
  let urls: string[];
  let refuse: Error | undefined;
  const look: HttpInterceptorFn = (request, next) => {
    urls.push(request.url);
    return refuse === undefined ? next(request) : throwError(() => refuse);
  };
  beforeEach(() => {
    urls = [];
    refuse = undefined;
    configure(
      provideHttpClient(withHttpInterceptors([look])),
      provideHttpClientTesting(),
      provideAlicloud(
        { regionId: 'cn-hangzhou', connectTimeout: 100, readTimeout: 200, timeout: 0, ...once },
        withGateway('/api'),
      ),
    );
    http = TestBed.inject(HttpTestingController);
    client = TestBed.runInInjectionContext(() => injectAlicloud(AlicloudClient));
  });

  const only = (): TestRequest => http.expectOne(() => true);

  it("is a path where the gateway has one, so that it is the app's own origin for interceptors", () => {
    client.call(describeInstances).subscribe({ error: () => undefined });
    const { request } = only();
    expect(request).toMatchObject({
      method: 'POST',
      responseType: 'text',
      reportProgress: false,
      transferCache: false,
    });
    expect(urls).toEqual(['/api/Ecs/2014-05-26/DescribeInstances']);
  });

  it('is to tell of the upload where somebody wants to know', () => {
    const told: unknown[] = [];
    client.call(put, { body: new Uint8Array(1000) }, { observe: 'events' }).subscribe((event) => {
      if (event.kind === 'uploadProgress') told.push(event.loaded);
    });
    const request = only();
    expect(request.request.reportProgress).toBe(true);
    request.event({ type: HttpEventType.UploadProgress, loaded: 600 });
    request.flush('{}');
    expect(told).toEqual([0, 600, expect.any(Number)]);
  });

  it('tells of the upload where bytes are the answer, too, as only `stream` is read past it', () => {
    const told: unknown[] = [];
    const convert = operation<{ body: Uint8Array }, Uint8Array>({
      body: 'body=a',
      bodyType: 'bytes',
      responseType: 'bytes',
    });
    client.call(convert, { body: new Uint8Array(1000) }, { observe: 'events' }).subscribe((event) => {
      told.push(event.kind === 'uploadProgress' ? event.loaded : event.kind);
    });
    const request = only();
    expect(request.request.responseType).toBe('arraybuffer');
    request.event({ type: HttpEventType.UploadProgress, loaded: 600 });
    request.flush(new Uint8Array([1]).buffer);
    expect(told).toEqual([0, 600, expect.any(Number), 'response']);
  });

  it("has the app's XSRF token at a gateway of the app's own origin, and at no other", () => {
    for (const gateway of ['/api', 'https://gateway.example/api']) {
      TestBed.resetTestingModule();
      configure(
        provideHttpClient(),
        provideHttpClientTesting(),
        { provide: HttpXsrfTokenExtractor, useValue: { getToken: () => 'token' } },
        provideAlicloud({ regionId: 'cn-hangzhou', ...once }, withGateway(gateway)),
      );
      const call = TestBed.inject(AlicloudClient).call(describeInstances).subscribe();
      const { headers } = TestBed.inject(HttpTestingController).expectOne(() => true).request;
      expect(headers.get('x-xsrf-token')).toBe(gateway === '/api' ? 'token' : null);
      expect(headers.get('x-rx-alicloud-attempt')).toMatch(/^[\da-f-]{36}$/);
      call.unsubscribe();
    }
  });

  it('is limited in time: no event for as long as both limits together is the end', () => {
    new TestScheduler(() => undefined).run(({ flush }) => {
      const ends: AlicloudError[] = [];
      client.call(describeInstances).subscribe({ error: (error: AlicloudError) => ends.push(error) });
      const request = only();
      flush();
      expect(ends).toMatchObject([{ code: 'SDK.Timeout', phase: 'read', timeout: 300 }]);
      expect(request.cancelled).toBe(true);
    });
  });

  it("leaves an error of the app's own interceptors what it is", () => {
    const ends: unknown[] = [];
    refuse = new Error('signed out');
    client.call(describeInstances).subscribe({ error: (error: unknown) => ends.push(error) });
    expect(ends).toMatchObject([{ code: 'SDK.Unexpected', message: expect.stringContaining('signed out') as string }]);
    expect(ends).toMatchObject([{ cause: refuse }]);
  });

  it('shows nothing of a failed request but its origin', () => {
    const ends: Error[] = [];
    client
      .call(describeInstances, { InstanceName: 'private' })
      .subscribe({ error: (error: Error) => ends.push(error) });
    only().error({ type: 'error' } as ProgressEvent, { status: 0 });
    expect(JSON.stringify(ends)).not.toContain('private');
    expect(ends[0]?.message).toContain('http://localhost:4200');
  });
});
