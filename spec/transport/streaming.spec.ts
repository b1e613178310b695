import axios from 'axios';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { firstValueFrom, lastValueFrom, Subject, tap, toArray } from 'rxjs';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import type { HttpHead, HttpRequest, Transport } from '../../lib/transport/transport.js';
import { fetchAdapter } from '../../lib/platform/browser/fetch-adapter.js';
import { Loopback, send, transports } from './support.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
type Part = HttpHead | Uint8Array;

const makers: readonly (readonly [string, () => Transport])[] = [
  ...transports,
  ["axios' fetch", () => axiosTransport({ axios: axios.create({ adapter: 'fetch' }) })],
  ['fetch, as in browsers', () => axiosTransport({ axios: axios.create({ adapter: fetchAdapter }) })],
];

describe.each(makers)('a body as it comes, over %s', (_name, make) => {
  let loopback: Loopback;
  let transport: Transport;
  let url: string;

  async function begin(answer: Answer): Promise<void> {
    loopback = new Loopback(answer);
    url = await loopback.listen();
    transport = make();
  }

  afterEach(async () => {
    transport.closeIdle?.();
    await loopback.close();
  });

  const stream = () => transport.stream!({ method: 'POST', url, headers: {}, body: 'b' });

  function textOf(parts: readonly Part[]): string {
    return Buffer.concat(parts.filter((part) => part instanceof Uint8Array)).toString();
  }

  describe('whose reader is waited for', () => {
    const body = 'x'.repeat(4 << 20);
    const other: HttpRequest = { method: 'POST', url: '', headers: { 'x-other': '1' }, body: 'b' };

    it('goes on when the reader has caught up', async () => {
      await begin((request, response) => void response.end(request.headers['x-other'] ? 'other' : body));
      let release = (): void => undefined;
      let asked = 0;
      const waitForReader = (): Promise<void> | undefined =>
        ++asked > 1 ? undefined : new Promise((resolve) => (release = resolve));
      let received = '';
      let pieces = 0;
      const ended = lastValueFrom(
        transport.stream!({ method: 'POST', url, headers: {}, body: 'b', waitForReader }).pipe(
          tap((part) => {
            if (!(part instanceof Uint8Array)) return;
            pieces++;
            received += Buffer.from(part).toString();
          }),
        ),
      );
      while (asked === 0) await new Promise(setImmediate);
      // Others are answered meanwhile, and nothing of this one comes.
      for (let time = 0; time < 5; time++) await send(transport, { ...other, url });
      expect(pieces).toBe(1);
      release();
      await ended;
      expect(received === body).toBe(true);
      expect(asked).toBe(pieces);
    });

    it('is left while it is waited for', async () => {
      let isClosed = false;
      await begin((_request, response) => {
        response.once('close', () => (isClosed = true));
        response.write(body);
      });
      const asked = new Subject<void>();
      const isAsked = firstValueFrom(asked);
      const waitForReader = (): Promise<void> => (asked.next(), new Promise(() => undefined));
      const subscription = transport.stream!({ method: 'POST', url, headers: {}, body: 'b', waitForReader }).subscribe({
        error: () => undefined,
      });
      await isAsked;
      subscription.unsubscribe();
      while (!isClosed) await new Promise(setImmediate);
    });
  });

  it('is the head, then the pieces', async () => {
    await begin((_request, response) => {
      response.writeHead(418, { 'X-Acs-Request-Id': 'r' });
      response.end('杭州');
    });
    const [head, ...pieces] = await lastValueFrom(stream().pipe(toArray()));
    expect(head).toMatchObject({ status: 418, headers: { 'x-acs-request-id': 'r' } });
    expect(textOf(pieces)).toBe('杭州');
    expect(loopback.seen[0]?.body.toString()).toBe('b');
  });

  it('is there before its end', async () => {
    let response: ServerResponse | undefined;
    await begin((_request, started) => {
      response = started;
      started.write('one');
    });
    const parts: Part[] = [];
    await new Promise<void>((resolve) => {
      stream().subscribe({
        next: (part) => {
          parts.push(part);
          if (textOf(parts) === 'one') response?.end('two');
        },
        complete: resolve,
      });
    });
    expect(textOf(parts)).toBe('onetwo');
  });

  it('is decoded', async () => {
    await begin((_request, response) => {
      response.setHeader('content-encoding', 'gzip');
      response.end(gzipSync('x'.repeat(1000)));
    });
    expect(textOf(await lastValueFrom(stream().pipe(toArray())))).toBe('x'.repeat(1000));
  });

  it('ends in an error where the connection breaks', async () => {
    await begin((_request, response) => void response.write('one', () => setImmediate(() => response.destroy())));
    await expect(lastValueFrom(stream())).rejects.toMatchObject({ code: 'SDK.NetworkError' });
  });

  it.each<[when: string, answer: (response: ServerResponse) => unknown]>([
    ['before the head', () => undefined],
    ['behind the head', (response) => response.flushHeaders()],
    ['between pieces', (response) => response.write('one')],
  ])('closes the connection when it is unsubscribed from %s', async (_when, answer) => {
    await begin((_request, response) => void answer(response));
    const subscription = stream().subscribe();
    while (loopback.seen.length === 0) await new Promise(setImmediate);
    subscription.unsubscribe();
    await loopback.allClosed();
  });

  it('closes the connection when a piece is unsubscribed on', async () => {
    await begin((_request, response) => void response.write('one'));
    await new Promise<void>((resolve) => {
      const subscription = stream().subscribe((part) => {
        if (!(part instanceof Uint8Array)) return;
        subscription.unsubscribe();
        resolve();
      });
    });
    await loopback.allClosed();
  });
});

describe('bytes', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

  it.each(makers)('come back as they were sent, over %s', async (_name, make) => {
    const loopback = new Loopback((_request, response) => response.end(bytes));
    const transport = make();
    const response = await send(transport, { url: await loopback.listen(), responseType: 'bytes', body: bytes });
    expect(response).toMatchObject({ status: 200, body: '' });
    expect(response.bytes?.constructor).toBe(Uint8Array);
    expect([...(response.bytes ?? [])]).toEqual([...bytes]);
    expect([...(loopback.seen[0]?.body ?? [])]).toEqual([...bytes]);
    transport.closeIdle?.();
    await loopback.close();
  });
});

it.each(transports)('tells how much of a body has been sent, over %s', async (_name, make) => {
  const loopback = new Loopback();
  const transport = make();
  const told: number[] = [];
  const body = new Uint8Array(1_000_000);
  await send(transport, { url: await loopback.listen(), body, onUploaded: (sent) => told.push(sent) });
  expect(told.at(-1)).toBe(body.length);
  expect([...told].sort((a, b) => a - b)).toEqual(told);
  expect(loopback.seen[0]?.headers).toMatchObject({ 'content-length': '1000000' });
  transport.closeIdle?.();
  await loopback.close();
});
