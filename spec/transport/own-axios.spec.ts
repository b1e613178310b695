import axios from 'axios';
import { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import { lastValueFrom } from 'rxjs';
import { NetworkError } from '../../lib/errors.js';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import { failure, send, Setting, type Answer } from './support.js';

const at = new Setting();

afterEach(() => at.end());

describe("an axios instance of the user's own", () => {
  async function own(
    defaults?: Parameters<typeof axios.create>[0],
    answer?: Answer,
  ): Promise<ReturnType<typeof axios.create>> {
    await at.begin(answer);
    const instance = axios.create(defaults);
    at.transport = axiosTransport({ axios: instance });
    return instance;
  }

  it('has its interceptors run', async () => {
    const instance = await own();
    const log: string[] = [];
    instance.interceptors.request.use((config) => {
      log.push(`to ${config.url}`);
      config.headers.set('x-trace', 't');
      return config;
    });
    instance.interceptors.response.use((response) => {
      log.push(`from ${response.status}`);
      return response;
    });
    await send(at.transport, { url: `${at.url}/a` });
    expect(log).toEqual([`to ${at.url}/a`, 'from 200']);
    expect(at.loopback.seen[0]?.headers).toMatchObject({ 'x-trace': 't' });
  });

  it('keeps text as it is, and redirects and errors as answers, whatever its defaults', async () => {
    const defaults = { responseType: 'json', maxRedirects: 5, timeout: 1, baseURL: 'http://localhost:1' } as const;
    const instance = await own(defaults, (_request, response) => {
      response.writeHead(302, { location: '/', 'content-type': 'application/json' });
      response.end('{"id":9007199254740993}');
    });
    let timeout: number | undefined;
    instance.interceptors.request.use((config) => {
      timeout = config.timeout;
      return config;
    });
    expect(await send(at.transport, { url: at.url, body: '"b"' })).toMatchObject({
      status: 302,
      body: '{"id":9007199254740993}',
    });
    expect(at.loopback.seen[0]?.body.toString()).toBe('"b"');
    expect(timeout).toBe(0);
  });

  it('adds its headers, and no content type or user agent', async () => {
    await own({ headers: { common: { 'x-mine': 'm' } } });
    await send(at.transport, { url: at.url, body: 'b' });
    const names = Object.keys(at.loopback.seen[0]?.headers ?? {});
    expect(names).toContain('x-mine');
    expect(names).not.toContain('content-type');
    expect(names).not.toContain('user-agent');
  });

  it('keeps connections alive, and closes them with closeIdle', async () => {
    await own();
    for (let i = 0; i < 3; i++) await send(at.transport, { url: at.url });
    expect(at.loopback.accepted).toBe(1);
    at.transport.closeIdle?.();
    await at.loopback.allClosed();
  });

  it('keeps a proxy of its own', async () => {
    await at.begin();
    const { hostname, port } = new URL(at.url);
    at.transport = axiosTransport({
      axios: axios.create({ proxy: { protocol: 'http', host: hostname, port: Number(port) } }),
    });
    await send(at.transport, { url: 'http://ecs.cn-nowhere.invalid/a' });
    expect(at.loopback.seen[0]).toMatchObject({ url: 'http://ecs.cn-nowhere.invalid/a' });
  });

  it('keeps agents of its own, and closes none of their connections', async () => {
    const httpAgent = new Agent({ keepAlive: true });
    await own({ httpAgent });
    await send(at.transport, { url: at.url });
    at.transport.closeIdle?.();
    await send(at.transport, { url: at.url });
    expect(at.loopback.accepted).toBe(1);
    httpAgent.destroy();
    await at.loopback.allClosed();
  });

  it('has its own adapter used', async () => {
    const asked: (string | undefined)[] = [];
    await own({
      adapter: (config) => {
        asked.push(config.url);
        return Promise.resolve({ status: 200, statusText: '', headers: { 'X-A': ['1', '2'] }, data: 'mine', config });
      },
    });
    expect(await send(at.transport, { url: `${at.url}/a` })).toEqual({
      status: 200,
      headers: { 'x-a': '1, 2' },
      body: 'mine',
    });
    expect([asked, at.loopback.seen]).toEqual([[`${at.url}/a`], []]);
  });

  it('shows its interceptors the errors that axios has', async () => {
    const instance = await own(undefined, (request) => request.socket.destroy());
    const shown: unknown[] = [];
    instance.interceptors.response.use(undefined, (error: unknown) => {
      shown.push(axios.isAxiosError(error) && [error.code, error.config?.url, error.response]);
      throw error;
    });
    expect(await failure(at.transport, { url: at.url })).toMatchObject({ systemCode: 'ECONNRESET', origin: at.url });
    await at.loopback.close();
    expect(await failure(at.transport, { url: at.url })).toMatchObject({ systemCode: 'ECONNREFUSED', origin: at.url });
    expect(shown).toEqual([
      ['ECONNRESET', at.url, undefined],
      ['ECONNREFUSED', at.url, undefined],
    ]);
  });

  it('is told of limits that were passed as axios tells of them', async () => {
    const instance = await own(undefined, (_request, response) => void response.write('x'.repeat(10)));
    const codes: unknown[] = [];
    instance.interceptors.response.use(undefined, (error: unknown) => {
      codes.push(axios.isAxiosError(error) && error.code);
      throw error;
    });
    await failure(at.transport, { url: at.url, readTimeout: 20 });
    await failure(at.transport, { url: at.url, maxResponseSize: 5 });
    expect(codes).toEqual(['ETIMEDOUT', 'ERR_BAD_RESPONSE']);
  });

  it('is told that a request was cancelled', async () => {
    const instance = await own(undefined, () => undefined);
    const told = new Promise<boolean>((resolve) => {
      instance.interceptors.response.use(undefined, (error: unknown) => {
        resolve(axios.isCancel(error));
        throw error;
      });
    });
    const subscription = at.transport.send({ method: 'GET', url: at.url, headers: {} }).subscribe();
    while (at.loopback.seen.length === 0) await new Promise(setImmediate);
    subscription.unsubscribe();
    expect(await told).toBe(true);
    await at.loopback.allClosed();
  });

  it.each([
    ['as it is', {}],
    ['compressed', { 'content-encoding': 'gzip' }],
  ])('may take its time with a body that breaks meanwhile: %s', async (_what, headers) => {
    const instance = await own(undefined, (_request, response) => {
      response.writeHead(200, headers);
      response.write('one', () => setImmediate(() => response.destroy()));
    });
    instance.interceptors.response.use(async (response) => {
      const { data } = response as { data: Readable };
      while (data.errored === null) await new Promise(setImmediate);
      await new Promise(setImmediate);
      return response;
    });
    const parts$ = at.transport.stream!({ method: 'GET', url: at.url, headers: {} });
    await expect(lastValueFrom(parts$)).rejects.toMatchObject({ code: 'SDK.NetworkError' });
  });

  it('may send a request elsewhere, or take a header away', async () => {
    const instance = await own();
    instance.interceptors.request.use((config) => {
      config.url = `${at.url}/elsewhere`;
      config.headers.set('X-B', 'b');
      config.headers.delete('x-a');
      return config;
    });
    await send(at.transport, { url: 'http://ecs.cn-nowhere.invalid/', headers: { 'x-a': 'a' } });
    expect(at.loopback.seen[0]).toMatchObject({ url: '/elsewhere', headers: { 'x-b': 'b' } });
    expect(at.loopback.seen[0]?.headers).not.toHaveProperty('x-a');
  });

  it('may refuse a request', async () => {
    const instance = await own();
    instance.interceptors.request.use(() => {
      throw new Error('not today');
    });
    const error = await failure(at.transport, { url: at.url });
    expect(error).toBeInstanceOf(NetworkError);
    expect(error.message).toBe(`The request to ${at.url} failed: not today`);
    expect(at.loopback.seen).toEqual([]);
  });

  it.each<[what: string, intercept: (response: { data: unknown }) => unknown]>([
    ['nothing', () => undefined],
    ['the body alone', ({ data }) => data],
    ['a body that was parsed', (response) => ({ ...response, data: { parsed: true } })],
  ])('whose interceptor hands on %s gets a typed error', async (_what, intercept) => {
    const instance = await own();
    instance.interceptors.response.use(intercept as never);
    const error = await failure(at.transport, { url: at.url });
    expect(error).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(
        /^Expected `axios` to be an instance whose interceptors hand on the response, its data a text, got /,
      ) as string,
    });
  });
});
