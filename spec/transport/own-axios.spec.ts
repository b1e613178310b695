import axios from 'axios';
import { Agent } from 'node:http';
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
    at.transport = axiosTransport(instance);
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
    at.transport = axiosTransport(axios.create({ proxy: { protocol: 'http', host: hostname, port: Number(port) } }));
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
