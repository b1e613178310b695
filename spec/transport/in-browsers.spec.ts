/** The transport as browsers have it: over `fetch`, and over `XMLHttpRequest` where somebody wants to know how far an upload is. */
import axios, { AxiosHeaders } from 'axios';
import { lastValueFrom, toArray } from 'rxjs';
import { fetchAdapter } from '../../lib/platform/browser/fetch-adapter.js';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import { failure, send, Setting } from './support.js';

jest.mock('#platform', () => {
  // axios looks for it when it is loaded.
  Object.assign(globalThis, jest.requireActual<object>('./xml-http-request'));
  return jest.requireActual<object>('../../lib/platform/browser');
});

describe('in a browser', () => {
  const at = new Setting(() => axiosTransport({ proxy: 'http://127.0.0.1:1', tls: { ca: 'none' }, idleTimeout: 1 }));
  afterEach(() => at.end());

  it('a request is sent as given, and the answer comes back as it is', async () => {
    await at.begin((_request, response) => {
      response.writeHead(404, { 'X-Acs-Request-Id': 'r', 'content-type': 'application/json' });
      response.end('{"id":9007199254740993,"é":1}');
    });
    const headers = { 'x-acs-action': 'A', authorization: 'ACS3', 'content-type': 'text/plain' };
    const url = `${at.url}/a%2Fb?c=%20`;
    const response = await send(at.transport, { url, headers, body: new Uint8Array([1, 255]) });
    expect(response).toMatchObject({ status: 404, body: '{"id":9007199254740993,"é":1}' });
    expect(response.headers).toMatchObject({ 'x-acs-request-id': 'r' });
    expect(Object.getPrototypeOf(response.headers)).toBe(Object.prototype);
    expect(at.loopback.seen[0]).toMatchObject({
      method: 'POST',
      url: '/a%2Fb?c=%20',
      headers,
      body: Buffer.from([1, 255]),
    });
  });

  it('bytes are bytes', async () => {
    await at.begin((_request, response) => response.end(Buffer.from([0, 255, 10])));
    const { bytes } = await send(at.transport, { url: at.url, responseType: 'bytes' });
    expect([...(bytes ?? [])]).toEqual([0, 255, 10]);
  });

  it('the limits of time count together', async () => {
    await at.begin(() => undefined);
    const error = await failure(at.transport, { url: at.url, connectTimeout: 20, readTimeout: 30 });
    expect(error).toMatchObject({ code: 'SDK.Timeout', phase: 'read', timeout: 50, origin: at.url });
    await at.loopback.allClosed();
  });

  it('the silence in the midst of an answer has its limit', async () => {
    await at.begin((_request, response) => void response.write('one'));
    const error = await failure(at.transport, { url: at.url, readTimeout: 50 });
    expect(error).toMatchObject({ code: 'SDK.Timeout', phase: 'read', timeout: 50, origin: at.url });
    await at.loopback.allClosed();
  });

  it('an answer that is too long is refused before its end', async () => {
    await at.begin((_request, response) => void response.write('x'.repeat(101)));
    const error = await failure(at.transport, { url: at.url, maxResponseSize: 100 });
    expect(error).toMatchObject({ code: 'SDK.ResponseTooLarge' });
    await at.loopback.allClosed();
  });

  it('what a browser does not tell is told as it is', async () => {
    await at.begin((request) => request.socket.destroy());
    const error = await failure(at.transport, { url: `${at.url}/?Signature=hunter2` });
    expect(error).toMatchObject({
      code: 'SDK.NetworkError',
      message: `The request to ${at.url} failed: fetch failed (ERR_NETWORK)`,
    });
  });

  it('unsubscribing aborts', async () => {
    await at.begin(() => undefined);
    const subscription = at.transport.send({ method: 'GET', url: at.url, headers: {} }).subscribe();
    while (at.loopback.seen.length === 0) await new Promise(setImmediate);
    subscription.unsubscribe();
    await at.loopback.allClosed();
  });

  it('of what was unsubscribed from in the midst, nothing more is read', async () => {
    await at.begin((_request, response) => void response.write('one'));
    const subscription = at.transport.send({ method: 'GET', url: at.url, headers: {} }).subscribe();
    while (at.loopback.seen.length === 0) await new Promise(setImmediate);
    subscription.unsubscribe();
    await at.loopback.allClosed();
  });

  it('interceptors are told of a cancellation as axios has it, and what is cancelled before it is sent is not sent', async () => {
    await at.begin(() => undefined);
    const aborter = new AbortController();
    const failures: unknown[] = [];
    const instance = axios.create();
    instance.interceptors.response.use(undefined, (error: unknown) => {
      failures.push(error);
      throw error;
    });
    const request = instance.get(at.url, { adapter: fetchAdapter, signal: aborter.signal }).catch(() => undefined);
    while (at.loopback.seen.length === 0) await new Promise(setImmediate);
    aborter.abort();
    await request;
    await fetchAdapter({ url: at.url, headers: new AxiosHeaders(), signal: aborter.signal }).catch((error: unknown) =>
      failures.push(error),
    );
    expect(failures.map(axios.isCancel)).toEqual([true, true]);
    expect(at.loopback.seen).toHaveLength(1);
  });

  it('an upload tells how far it is, and is sent and answered like the rest', async () => {
    await at.begin((_request, response) => response.writeHead(201, { 'X-Acs-Request-Id': 'r' }).end('{}'));
    const told: number[] = [];
    const onUploaded = (bytes: number): void => void told.push(bytes);
    const response = await send(at.transport, { url: at.url, body: new Uint8Array([1, 255]), onUploaded });
    expect(response).toMatchObject({ status: 201, body: '{}' });
    expect(response.headers).toMatchObject({ 'x-acs-request-id': 'r' });
    expect(told).toEqual([2]);
    expect(at.loopback.seen[0]?.body).toEqual(Buffer.from([1, 255]));
  });

  it('a body comes in pieces, whose silence has its limit', async () => {
    await at.begin((_request, response) => void response.write('one'));
    const parts: unknown[] = [];
    const parts$ = at.transport.stream!({ method: 'GET', url: at.url, headers: {}, readTimeout: 50 });
    const error: unknown = await new Promise((resolve) => {
      parts$.subscribe({ next: (part) => parts.push(part), error: resolve });
    });
    expect(parts).toEqual([expect.objectContaining({ status: 200 }), new Uint8Array(Buffer.from('one'))]);
    expect(error).toMatchObject({ code: 'SDK.Timeout', phase: 'read', timeout: 50, origin: at.url });
    await at.loopback.allClosed();
  });

  it('a redirect is not followed', async () => {
    await at.begin((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    const parts$ = at.transport.stream!({ method: 'GET', url: at.url, headers: {} });
    await expect(lastValueFrom(parts$.pipe(toArray()))).rejects.toMatchObject({ code: 'SDK.NetworkError' });
    expect(await failure(at.transport, { url: at.url })).toMatchObject({ code: 'SDK.NetworkError' });
    expect(at.loopback.seen).toHaveLength(2);
  });
});
