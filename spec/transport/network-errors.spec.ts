import axios from 'axios';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { NetworkError } from '../../lib/errors.js';
import { failure, Setting, transports, type Answer } from './support.js';

describe.each(transports)('a network error, over %s', (_name, make) => {
  const at = new Setting(make);

  afterEach(() => at.end());

  const secrets = { authorization: 'ACS3 hunter2', 'x-acs-security-token': 'hunter2' };

  function everythingOf(error: Error): string {
    return inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error) + error.stack;
  }

  async function expectFailure(
    systemCode: string | undefined,
    message: (origin: string) => string,
    target = at.url,
  ): Promise<void> {
    const { origin } = new URL(target);
    const error = await failure(at.transport, {
      url: `${target}/?Signature=hunter2`,
      headers: secrets,
      body: 'Password=hunter2',
    });
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ code: 'SDK.NetworkError', origin, systemCode, message: message(origin) });
    expect(everythingOf(error)).not.toContain('hunter2');
  }

  const closed = (origin: string): string =>
    `${origin} closed the connection before the whole answer had come (ECONNRESET)`;

  it('says that nothing listens', async () => {
    await at.begin();
    await at.loopback.close();
    await expectFailure(
      'ECONNREFUSED',
      (origin) => `${origin} refused the connection (ECONNREFUSED): nothing listens there`,
    );
  });

  it('says that the host is not known', async () => {
    await at.begin();
    const error = await failure(at.transport, { url: 'http://ecs.cn-nowhere.invalid/', headers: secrets });
    expect(error).toMatchObject({ code: 'SDK.NetworkError', origin: 'http://ecs.cn-nowhere.invalid' });
    expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(error.systemCode);
    expect(error.message).toBe(
      `The host ecs.cn-nowhere.invalid was not found (${error.systemCode}): check the region id or the endpoint`,
    );
    expect(everythingOf(error)).not.toContain('hunter2');
  });

  it.each<[what: string, answer: Answer]>([
    ['before the answer', (request) => request.socket.destroy()],
    ['by a reset', (request) => request.socket.resetAndDestroy()],
    [
      'after the headers',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.flushHeaders();
        setImmediate(() => response.destroy());
      },
    ],
    [
      'in the middle of the body',
      (_request, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.write('12345', () => setImmediate(() => response.destroy()));
      },
    ],
    [
      'in the middle of a chunked body',
      (_request, response) => {
        response.write('12345', () => setImmediate(() => response.destroy()));
      },
    ],
    [
      'in the middle of the body, by a reset',
      (request, response) => {
        response.write('12345', () => setImmediate(() => request.socket.resetAndDestroy()));
      },
    ],
    [
      'before the length that was declared',
      (request, response) => {
        response.writeHead(200, { 'content-length': '10' });
        response.write('12345', () => request.socket.end());
      },
    ],
    [
      'in the middle of a compressed body',
      (_request, response) => {
        const bytes = gzipSync('x'.repeat(1000));
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': String(bytes.length) });
        response.write(bytes.subarray(0, 15), () => setImmediate(() => response.destroy()));
      },
    ],
  ])('says that the connection was closed %s', async (_what, answer) => {
    await at.begin(answer);
    await expectFailure('ECONNRESET', closed);
    await at.loopback.allClosed();
  });

  it('says what else went wrong', async () => {
    await at.begin((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end('no gzip at all');
    });
    await expectFailure(
      'Z_DATA_ERROR',
      (origin) => `The request to ${origin} failed: incorrect header check (Z_DATA_ERROR)`,
    );
  });

  it('has what lies beneath for its cause', async () => {
    await at.begin();
    await at.loopback.close();
    const error = await failure(at.transport, { url: at.url });
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED', syscall: 'connect' });
    expect(axios.isAxiosError(error.cause)).toBe(false);
  });
});
