/** The transport as browsers have it: over `fetch`, and over `XMLHttpRequest` where somebody wants to know how far an upload is. */
import axios, { AxiosHeaders } from 'axios';
import type { ServerResponse } from 'node:http';
import { lastValueFrom, toArray } from 'rxjs';
import type { ConnectionOptions } from '../../lib/platform/connections.js';
import { fetchAdapter } from '../../lib/platform/browser/fetch-adapter.js';
import { failureKindOf, isUnexecuted } from '../../lib/retry/classify.js';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import { failure, send, Setting } from './support.js';

jest.mock('#platform', () => {
  // axios looks for it when it is loaded.
  Object.assign(globalThis, jest.requireActual<object>('./xml-http-request'));
  return jest.requireActual<object>('../../lib/platform/browser');
});

describe('in a browser', () => {
  const at = new Setting();
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
    const expected = {
      code: 'SDK.NetworkError',
      systemCode: 'ERR_REDIRECT',
      message: `The request to ${at.url} failed: it redirects elsewhere, which is not followed: check the endpoint (ERR_REDIRECT)`,
    };
    await expect(lastValueFrom(parts$.pipe(toArray()))).rejects.toMatchObject(expected);
    expect(await failure(at.transport, { url: at.url })).toMatchObject(expected);
    expect(at.loopback.seen).toHaveLength(2);
  });

  it('the answer of where an upload was redirected to is not taken for its own', async () => {
    await at.begin((request, response) =>
      request.url === '/elsewhere' ? response.end('{}') : response.writeHead(302, { location: '/elsewhere' }).end(),
    );
    const upload = { url: `${at.url}/a?b=%2F#c`, body: new Uint8Array(1), onUploaded: () => undefined };
    expect(await failure(at.transport, upload)).toMatchObject({ systemCode: 'ERR_REDIRECT', origin: at.url });
    expect(await send(at.transport, { ...upload, url: `${at.url}/elsewhere` })).toMatchObject({ status: 200 });
  });

  it.each([
    ['before its answer', (_response: ServerResponse) => undefined, undefined],
    ['in the midst of its answer', (response: ServerResponse) => void response.write('{'), undefined],
    ['in an upload', (_response: ServerResponse) => undefined, () => undefined],
  ])('a connection that broke %s is one that passes', async (_when, answer, onUploaded) => {
    await at.begin((request, response) => {
      answer(response);
      setImmediate(() => request.socket.destroy());
    });
    const error = await failure(at.transport, { url: at.url, body: 'a', onUploaded });
    expect(error).toMatchObject({ code: 'SDK.NetworkError', systemCode: 'ERR_NETWORK' });
    expect(failureKindOf(error)).toBe('transient');
    expect(isUnexecuted(error)).toBe(false);
  });

  describe('a failure that nobody is told the reason of', () => {
    const globals = globalThis as { location?: unknown };
    const own = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    afterEach(() => {
      delete globals.location;
      Reflect.deleteProperty(globalThis, 'navigator');
      if (own !== undefined) Object.defineProperty(globalThis, 'navigator', own);
    });

    const messageAt = async (page: string | undefined, isOnline = true): Promise<string> => {
      await at.begin((request) => request.socket.destroy());
      if (page !== undefined) globals.location = { origin: page.replace('same', at.url) };
      Object.defineProperty(globalThis, 'navigator', { value: { onLine: isOnline }, configurable: true });
      const { message } = await failure(at.transport, { url: at.url });
      return message.replace(`The request to ${at.url} failed: fetch failed (ERR_NETWORK)`, '');
    };

    it.each<[string | undefined, boolean, string]>([
      [
        'https://app.example',
        true,
        "Most likely the server does not answer pages of https://app.example (CORS), or can't be reached",
      ],
      ['same', true, ''],
      [undefined, true, ''],
      ['https://app.example', false, 'This device is offline'],
      ['same', false, 'This device is offline'],
    ])('has a likely one, for a page of %s, online: %s', async (page, isOnline, reason) => {
      expect(await messageAt(page, isOnline)).toBe(reason === '' ? '' : `. ${reason}`);
    });
  });
});

describe("the browser's side in Node, as a bundler may take it into a server", () => {
  const variables = ['HTTP_PROXY', 'https_proxy', 'ALL_PROXY'];
  afterEach(() => {
    for (const name of variables) delete process.env[name];
    delete (globalThis as { document?: unknown }).document;
  });

  const refusal = (path: string): Error =>
    expect.objectContaining({
      code: 'SDK.InvalidConfiguration',
      message:
        `Expected \`${path}\` to be read by this package's side for Node, got its side for browsers: ` +
        'bundle with the condition `node` (esbuild: --platform=node)',
    }) as Error;

  it.each<[ConnectionOptions, string]>([
    [{ proxy: 'http://me:hunter2@127.0.0.1:1' }, 'proxy'],
    [{ proxy: { http: 'http://127.0.0.1:1' } }, 'proxy'],
    [{ tls: { insecure: true } }, 'tls'],
    [{ idleTimeout: 0 }, 'idleTimeout'],
    [{ maxConnections: 3 }, 'maxConnections'],
    [{ proxy: false, tls: {} }, 'tls'],
  ])('refuses what it would lose: %j', (options, path) => {
    expect(() => axiosTransport(options)).toThrow(refusal(path));
  });

  it.each(variables)('refuses what the environment says in %s', (name) => {
    process.env[name] = 'http://proxy:3128';
    expect(() => axiosTransport()).toThrow(refusal(name));
    expect(() => axiosTransport({ proxy: false })).not.toThrow();
    // A page in Node, as tests have it.
    Object.assign(globalThis, { document: {} });
    expect(() => axiosTransport()).not.toThrow();
  });

  it('is content where nothing is lost', () => {
    process.env.HTTP_PROXY = '';
    expect(() => axiosTransport({ proxy: false, tls: undefined })).not.toThrow();
  });

  it('leaves a browser alone, which decides on all of it itself', () => {
    const { process } = globalThis;
    for (const other of [undefined, {}, { versions: {} }]) {
      Object.assign(globalThis, { process: other });
      try {
        expect(() => axiosTransport({ proxy: 'http://127.0.0.1:1', tls: {}, idleTimeout: 1 })).not.toThrow();
      } finally {
        Object.assign(globalThis, { process });
      }
    }
  });
});
