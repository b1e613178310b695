import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, createServer } from 'node:net';
import { NEVER, Observable } from 'rxjs';
import type { Emulator } from '../../lib/testing/emulator.js';
import { sign } from './support/signer.js';
import { thingsEmulator } from './support/things.js';
import { openHttp, type Wire } from './support/wires.js';

describe('the emulator’s server', () => {
  let emulator: Emulator;

  beforeEach(() => {
    emulator = thingsEmulator();
  });

  afterEach(() => emulator.close());

  const open = (): Promise<Wire> => openHttp(emulator);

  it('keeps connections alive', async () => {
    const wire = await open();
    for (let i = 0; i < 20; i++) expect((await wire.send(sign({ origin: wire.origin }))).status).toBe(200);
    expect([emulator.acceptedConnections, emulator.openConnections]).toEqual([1, 1]);
    await wire.close();
    expect(emulator.openConnections).toBe(0);
  });

  it('answers thousands of calls, each once', async () => {
    const wire = await open();
    const responses = await Promise.all(Array.from({ length: 2000 }, () => wire.send(sign({ origin: wire.origin }))));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(responses.map(({ headers }) => headers['x-acs-request-id'])).size).toBe(2000);
    expect(emulator.requests.get('DescribeThings')).toBe(2000);
    expect(emulator.acceptedConnections).toBe(4);
    expect(emulator.peakActiveRequests).toBeLessThanOrEqual(4);
    await wire.close();
  });

  it('says how long its answers are', async () => {
    const wire = await open();
    emulator.handle('DescribeThings', () => ({ Name: '漢' }));
    const { headers, body } = await wire.send(sign({ origin: wire.origin }));
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
    expect(headers['content-type']).toContain('application/json');
    await wire.close();
  });

  it('lets pages of any origin in', async () => {
    const wire = await open();
    const preflight = await wire.send({
      method: 'OPTIONS',
      url: `${wire.origin}/`,
      headers: {
        origin: 'http://app.example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,x-acs-action',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'authorization,x-acs-action',
      'access-control-allow-methods': expect.stringContaining('PUT') as string,
    });
    const { headers } = await wire.send(sign({ origin: wire.origin }));
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(emulator.requests.size).toBe(1);
    await wire.close();
  });

  it('sends a slow body bit by bit', async () => {
    const wire = await open();
    emulator.inject({ kind: 'slow', duration: 50 });
    const { url, headers, method } = sign({ origin: wire.origin });
    const pieces = await new Promise<string[]>((resolve) => {
      httpRequest(url, { method, headers, agent: false }, (response) => {
        const seen: string[] = [];
        response.on('data', (piece: Buffer) => seen.push(piece.toString()));
        response.on('end', () => resolve(seen));
      }).end();
    });
    expect(pieces.length).toBeGreaterThan(1);
    expect(JSON.parse(pieces.join(''))).toMatchObject({ TotalCount: 1 });
    await wire.close();
  });

  it('sends half of a body that is cut, and says how long it would be', async () => {
    const wire = await open();
    emulator.inject({ kind: 'cut' });
    const { url, headers, method } = sign({ origin: wire.origin });
    const [declared, received] = await new Promise<[number, number]>((resolve) => {
      httpRequest(url, { method, headers, agent: false }, (response: IncomingMessage) => {
        let length = 0;
        response.on('data', (piece: Buffer) => (length += piece.length));
        response.on('error', () => resolve([Number(response.headers['content-length']), length]));
      }).end();
    });
    expect(received).toBe(declared >> 1);
    await wire.close();
  });

  it('gives up what nobody waits for', async () => {
    const { port } = await emulator.listen();
    const started = new Promise<void>((begin) => {
      emulator.handle('DescribeThings', () => {
        begin();
        return new Observable(() => () => givenUp());
      });
    });
    let givenUp: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (givenUp = resolve));

    const { url, headers, method } = sign({ origin: `http://127.0.0.1:${port}` });
    const request = httpRequest(url, { method, headers, agent: false }).on('error', () => undefined);
    request.end();
    await started;
    request.destroy();
    await end;
    expect(emulator.activeRequests).toBe(0);
  });

  it('is unmoved by what isn’t HTTP', async () => {
    const { port } = await emulator.listen();
    await new Promise((resolve) => connect(port, '127.0.0.1').on('close', resolve).resume().end('nonsense\r\n\r\n'));
    const wire = { origin: `http://127.0.0.1:${port}` };
    const { url, headers, method } = sign(wire);
    const response = await fetch(url, { method, headers });
    expect(response.status).toBe(200);
    await response.text();
  });

  describe('closed', () => {
    it('leaves nothing open: no socket, no timer, no request', async () => {
      const before = process.getActiveResourcesInfo().sort();
      emulator = thingsEmulator({ latency: 60_000 });
      const wire = await open();
      emulator.inject({ kind: 'slow', duration: 60_000, times: 1 });
      const waiting = [1, 2, 3].map(() => wire.send(sign({ origin: wire.origin })));
      const outcomes = Promise.allSettled(waiting);
      while (emulator.activeRequests < 3) await new Promise(setImmediate);
      await wire.close();
      expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      expect([emulator.openConnections, emulator.activeRequests]).toEqual([0, 0]);
      await new Promise(setImmediate);
      expect(process.getActiveResourcesInfo().sort()).toEqual(before);
    });

    it('ends connections that do nothing', async () => {
      const { port } = await emulator.listen();
      const socket = connect(port, '127.0.0.1');
      const closed = new Promise((resolve) =>
        socket
          .on('close', resolve)
          .on('error', () => undefined)
          .resume(),
      );
      await new Promise((resolve) => socket.on('connect', resolve));
      await emulator.close();
      await closed;
      expect(emulator.openConnections).toBe(0);
    });

    it('is closed however often it is told, and before it listens', async () => {
      await emulator.close();
      await emulator.listen();
      await Promise.all([emulator.close(), emulator.close()]);
    });

    it('refuses connections until it listens again, and forgets nothing', async () => {
      const { port } = await emulator.listen();
      await emulator.close();
      const { url, headers, method } = sign({ origin: `http://127.0.0.1:${port}` });
      await expect(fetch(url, { method, headers })).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
      expect((await emulator.listen(port)).port).toBe(port);
      expect((await fetch(url, { method, headers })).status).toBe(200);
      expect((await fetch(url, { method, headers })).status).toBe(400);
    });
  });

  describe('does not listen', () => {
    it('twice at a time', async () => {
      await emulator.listen();
      await expect(emulator.listen()).rejects.toMatchObject({ code: 'SDK.NetworkError' });
    });

    it('on a port that is taken, and listens on another then', async () => {
      const other = createServer();
      const port = await new Promise<number>((resolve) => {
        other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
      });
      await expect(emulator.listen(port)).rejects.toMatchObject({
        code: 'SDK.NetworkError',
        message: `Port ${port} of 127.0.0.1 is in use already`,
        cause: { code: 'EADDRINUSE' },
      });
      expect((await emulator.listen()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      await new Promise((resolve) => other.close(resolve));
    });

    it.each([-1, 65_536, 1.5, NaN])('on port %d', async (port) => {
      await expect(emulator.listen(port)).rejects.toMatchObject({
        code: 'SDK.InvalidConfiguration',
        message: `Expected \`port\` to be an integer from 0 to 65535, got ${port}`,
      });
    });
  });

  it('ends a request in process and one over HTTP together', async () => {
    emulator.handle('DescribeThings', () => NEVER);
    const wire = await open();
    const inProcess = new Promise((resolve) => {
      emulator.transport.send(sign({})).subscribe({ error: resolve });
    });
    const overHttp = wire.send(sign({ origin: wire.origin })).catch((error: unknown) => error);
    while (emulator.activeRequests < 2) await new Promise(setImmediate);
    await wire.close();
    expect(await inProcess).toMatchObject({ code: 'SDK.NetworkError' });
    expect(await overHttp).toMatchObject({ code: 'ECONNRESET' });
  });
});
