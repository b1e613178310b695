import axios from 'axios';
import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { lastValueFrom, toArray } from 'rxjs';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import { failure, send, Setting, Silent, transports, type Answer } from './support.js';

describe('connectTimeout', () => {
  it.each([
    ['TLS', 'https'],
    ['a proxy', 'proxy'],
  ])('ends the wait for a connection: %s', async (_what, through) => {
    const silent = new Silent();
    const port = await silent.listen();
    const isProxy = through === 'proxy';
    const transport = axiosTransport(isProxy ? { proxy: `http://me:hunter2@127.0.0.1:${port}` } : {});
    const origin = isProxy ? 'https://ecs.example' : `https://127.0.0.1:${port}`;
    const error = await failure(transport, { url: `${origin}/?Signature=hunter2`, connectTimeout: 30 });
    expect(error).toMatchObject({
      code: 'SDK.Timeout',
      phase: 'connect',
      timeout: 30,
      origin,
      message: `The call: no connection to ${origin} within the connectTimeout of 30 ms`,
    });
    await silent.closed();
  });

  it('is no limit for an answer', async () => {
    const at = new Setting();
    await at.begin((_request, response) => void setTimeout(() => response.end('late'), 60));
    expect((await send(at.transport, { url: at.url, connectTimeout: 20 })).body).toBe('late');
    await at.end();
  });

  it('counts for a connection that is made anew', async () => {
    const at = new Setting();
    await at.begin();
    await send(at.transport, { url: at.url, connectTimeout: 20 });
    const [socket] = at.loopback.sockets;
    const closed = once(socket!, 'close');
    socket?.destroy();
    await closed;
    expect((await send(at.transport, { url: at.url, connectTimeout: 1000 })).body).toBe('{}');
    await at.end();
  });
});

describe('readTimeout', () => {
  const at = new Setting();
  afterEach(() => at.end());

  const silences: [string, Answer][] = [
    ['before the head', () => undefined],
    ['behind the head', (_request, response) => response.flushHeaders()],
    ['between pieces', (_request, response) => void response.write('one')],
  ];

  it.each(silences)('ends the wait for an answer %s', async (_what, answer) => {
    await at.begin(answer);
    const error = await failure(at.transport, { url: `${at.url}/?Signature=hunter2`, readTimeout: 30 });
    expect(error).toMatchObject({
      code: 'SDK.Timeout',
      phase: 'read',
      timeout: 30,
      origin: at.url,
      message: `The call: nothing came from ${at.url} for the readTimeout of 30 ms; the request was aborted`,
    });
    await at.loopback.allClosed();
  });

  it.each(silences)('ends the wait for an answer that is passed on as it comes, %s', async (_what, answer) => {
    await at.begin(answer);
    const parts$ = at.transport.stream!({ method: 'GET', url: at.url, headers: {}, readTimeout: 30 });
    await expect(lastValueFrom(parts$.pipe(toArray()))).rejects.toMatchObject({ phase: 'read', timeout: 30 });
    await at.loopback.allClosed();
  });

  it('begins anew with each piece', async () => {
    await at.begin((_request, response) => {
      const next = (left: number): void => {
        if (left === 0) response.end();
        else response.write('x', () => setTimeout(next, 50, left - 1));
      };
      next(10);
    });
    expect((await send(at.transport, { url: at.url, readTimeout: 400 })).body).toBe('x'.repeat(10));
  });

  it('begins when a large body has been sent, however long that takes', async () => {
    await at.begin();
    at.loopback.pause = 20;
    setTimeout(() => (at.loopback.pause = 0), 2500);
    const body = new Uint8Array(16_000_000);
    expect((await send(at.transport, { url: at.url, body, readTimeout: 1500 })).body).toBe('{}');
    expect(at.loopback.seen[0]?.body.length).toBe(body.length);
  });

  it('does not count how long the answer waits for its reader', async () => {
    const body = Buffer.alloc(2_000_000, 'x');
    await at.begin((_request, response) => response.end(body));
    const instance = axios.create();
    instance.interceptors.response.use(async (response) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return response;
    });
    at.transport = axiosTransport({ axios: instance });
    const parts$ = at.transport.stream!({ method: 'GET', url: at.url, headers: {}, readTimeout: 50 });
    const [, ...pieces] = await lastValueFrom(parts$.pipe(toArray()));
    expect(Buffer.concat(pieces as Uint8Array[]).equals(body)).toBe(true);
  });

  it('counts what came while the process was busy', async () => {
    await at.begin((_request, response) => {
      response.write('one');
      busyFor(60);
      setImmediate(() => setImmediate(() => setImmediate(() => response.end('two'))));
    });
    expect((await send(at.transport, { url: at.url, readTimeout: 30 })).body).toBe('onetwo');
  });

  it('does not count what the process itself took too long for', async () => {
    await at.begin();
    const answered = send(at.transport, { url: at.url, readTimeout: 30 });
    while (at.loopback.seen.length === 0) await new Promise(setImmediate);
    busyFor(60);
    expect((await answered).body).toBe('{}');
  });
});

describe.each(transports.slice(2))('the limits of time together, over %s', (_name, make) => {
  it('end the wait for an answer', async () => {
    const at = new Setting(make);
    await at.begin(() => undefined);
    const error = await failure(at.transport, { url: at.url, connectTimeout: 20, readTimeout: 30 });
    expect(error).toMatchObject({ code: 'SDK.Timeout', phase: 'read', timeout: 50, origin: at.url });
    await at.loopback.allClosed();
    await at.end();
  });
});

describe.each(transports)('maxResponseSize, over %s', (_name, make) => {
  const at = new Setting(make);
  afterEach(() => at.end());

  const answers: [string, Answer][] = [
    ['of a known length', (_request, response) => response.end('x'.repeat(101))],
    ['in pieces', (_request, response) => void response.write('x'.repeat(60), () => response.write('x'.repeat(60)))],
    [
      'that is short until it is decompressed',
      (_request, response) => {
        response.setHeader('content-encoding', 'gzip');
        response.end(gzipSync('x'.repeat(10_000)));
      },
    ],
  ];
  const expected = (url: string): object => ({
    code: 'SDK.ResponseTooLarge',
    message: `The answer of ${url} is longer than maxResponseSize, 100 bytes; the request was aborted`,
  });

  it.each(answers)('refuses an answer %s', async (_what, answer) => {
    await at.begin(answer);
    expect(await failure(at.transport, { url: at.url, maxResponseSize: 100 })).toMatchObject(expected(at.url));
    const error = await failure(at.transport, { url: at.url, maxResponseSize: 100, responseType: 'bytes' });
    expect(error).toMatchObject(expected(at.url));
  });

  it.each(answers)('refuses what is passed on as it comes, %s', async (_what, answer) => {
    await at.begin(answer);
    const parts$ = at.transport.stream!({ method: 'GET', url: at.url, headers: {}, maxResponseSize: 100 });
    await expect(lastValueFrom(parts$)).rejects.toMatchObject(expected(at.url));
  });

  it('takes an answer that is just as long', async () => {
    await at.begin((_request, response) => response.end('x'.repeat(100)));
    expect((await send(at.transport, { url: at.url, maxResponseSize: 100 })).body).toHaveLength(100);
  });
});

it('an answer that is too long costs its connection', async () => {
  const at = new Setting();
  await at.begin((_request, response) => void response.write('x'.repeat(101)));
  await failure(at.transport, { url: at.url, maxResponseSize: 100 });
  await at.loopback.allClosed();
  await at.end();
});

/** In milliseconds. */
function busyFor(duration: number): void {
  const until = performance.now() + duration;
  while (performance.now() < until);
}
