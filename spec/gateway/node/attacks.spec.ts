/** The attack list over sockets: each is refused before anything is sent to the cloud, and the server stays well. */
import { randomUUID } from 'node:crypto';
import { BehaviorSubject, Subject, delayWhen, filter, firstValueFrom, map } from 'rxjs';
import { attacks, wireText, type Wire } from '../attacks.js';
import { openRaw, sendRaw, type RawAnswer } from './raw-client.js';
import { startGateway, type RealGateway, type RealGatewayOptions } from './real-gateway.js';

const codeOf = ({ body }: RawAnswer): unknown => (JSON.parse(body) as { Code?: unknown }).Code;
const withHeader = (wire: Wire, name: string, value: string): Wire => ({
  ...wire,
  headers: [...wire.headers.filter(([each]) => each !== name), [name, value]],
});
const call = (wire: Wire, action: string, request: string): Wire => ({
  ...wire,
  target: `/api/alicloud/Ecs/2014-05-26/${action}`,
  body: `{"request":${request},"regionId":"cn-hangzhou"}`,
});

describe('an attack', () => {
  let gateway: RealGateway;
  beforeAll(async () => (gateway = await startGateway()));
  afterAll(() => gateway.close());

  it('is none: the call that all of them are made of is let in', async () => {
    const answer = await sendRaw(gateway.port, wireText(gateway.good()));
    expect(answer).toMatchObject({ status: 200 });
    expect(JSON.parse(answer.body)).toMatchObject({ Instances: { Instance: [] } });
    expect(gateway.sent).toHaveLength(1);
  });

  it.each(attacks.map((attack): [string, (typeof attacks)[number]] => [`${attack.group}: ${attack.name}`, attack]))(
    'is refused: %s',
    async (_name, { change, bytes = (text) => text, status, code }) => {
      const before = gateway.sent.length;
      const client = await openRaw(gateway.port);
      client.send(bytes(wireText(change(gateway.good()))));
      const answer = await client.answer();
      expect([answer.status, codeOf(answer)]).toEqual([status, code]);
      // Whatever else was in its bytes is not executed either.
      client.socket.end();
      await client.closed;
      expect(gateway.sent).toHaveLength(before);
      // Nothing of the inside is told.
      expect(answer.body).not.toMatch(/emulator|at .*\.[jt]s|node:/);
      expect(await sendRaw(gateway.port, wireText(gateway.good()))).toMatchObject({ status: 200 });
    },
  );
});

describe('an attack by time, by size or by number', () => {
  let gateway: RealGateway;
  afterEach(async () => {
    // The server is well afterwards, and nothing is left. Where it is told to be impatient, a busy machine may take too long.
    for (let status = 0; status !== 200;) ({ status } = await sendRaw(gateway.port, wireText(gateway.good())));
    await gateway.close();
    expect(gateway.openConnections).toBe(0);
  });
  const start = async (options?: RealGatewayOptions): Promise<void> => void (gateway = await startGateway(options));
  const chunked = (): string => wireText(withHeader({ ...gateway.good(), body: '' }, 'transfer-encoding', 'chunked'));

  it('a body without an end', async () => {
    await start();
    const client = await openRaw(gateway.port);
    client.send(chunked());
    const piece = Buffer.from(`10000\r\n${' '.repeat(65_536)}\r\n`);
    let isOver = false;
    const send = (): void => {
      while (!isOver && client.socket.write(piece));
    };
    client.socket.on('drain', send);
    send();
    const answer = await client.answer();
    isOver = true;
    expect(codeOf(answer)).toBe('Gateway.RequestTooLarge');
    client.close();
    expect(gateway.sent).toEqual([]);
  });

  it('a head that does not come', async () => {
    await start({ server: { headersTimeout: 200 } });
    const client = await openRaw(gateway.port);
    client.send(wireText(gateway.good()).slice(0, 100));
    expect(codeOf(await client.answer())).toBe('Gateway.RequestTimeout');
    client.close();
    expect(gateway.sent).toEqual([]);
  });

  it('a body that does not come', async () => {
    await start({ gateway: { limits: { idleTimeout: 200 } } });
    const client = await openRaw(gateway.port);
    client.send(wireText(gateway.good()).slice(0, -1));
    expect(codeOf(await client.answer())).toBe('Gateway.RequestTimeout');
    client.close();
    expect(gateway.sent).toEqual([]);
  });

  it('a body that comes byte by byte', async () => {
    await start({ gateway: { limits: { bodyTimeout: 200 } } });
    const client = await openRaw(gateway.port);
    client.send(chunked());
    // A byte more whenever the last one is gone, for ever.
    let isOver = false;
    const drip = (): void => void (isOver || client.socket.write('1\r\n \r\n', () => setImmediate(drip)));
    drip();
    expect(codeOf(await client.answer())).toBe('Gateway.RequestTimeout');
    isOver = true;
    client.close();
    expect(gateway.sent).toEqual([]);
  });

  it('150 calls at once of one session', async () => {
    const release = new BehaviorSubject(false);
    const isReleased = release.pipe(filter(Boolean));
    await start({ through: (send) => (request) => send(request).pipe(delayWhen(() => isReleased)) });
    const clients = await Promise.all(Array.from({ length: 150 }, () => openRaw(gateway.port)));
    const refused: RawAnswer[] = [];
    const allRefused = new Subject<void>();
    const isRefused = firstValueFrom(allRefused);
    const answers = clients.map(async (client) => {
      client.send(wireText(gateway.good()));
      const answer = await client.answer();
      if (answer.status !== 200) refused.push(answer);
      if (refused.length === 150 - 32) allRefused.next();
      return answer.status;
    });
    await isRefused;
    // Those of others are let in meanwhile.
    const others = await openRaw(gateway.port);
    others.send(wireText(withHeader(gateway.good(), 'cookie', 'session=bob')));
    while (gateway.sent.length < 33) await new Promise(setImmediate);
    release.next(true);
    expect(await others.answer()).toMatchObject({ status: 200 });
    const statuses = await Promise.all(answers);
    expect(statuses.filter((status) => status === 200)).toHaveLength(32);
    expect(new Set(refused.map(codeOf))).toEqual(new Set(['Gateway.TooManyRequests']));
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
    for (const client of [...clients, others]) client.close();
    expect(gateway.sent).toHaveLength(33);
  });
});

describe('an attempt that comes again', () => {
  let gateway: RealGateway;
  afterEach(() => gateway.close());

  const attempt = (wire: Wire): Wire => withHeader(wire, 'x-rx-alicloud-attempt', id);
  const id = randomUUID();
  const launch = (): Wire => attempt(call(gateway.good(), 'RunInstances', '{"Amount":1,"ClientToken":"a"}'));
  const executed = (): number => gateway.emulator.executions.length;

  it('gets the first answer where its own was lost on the way, and is executed once', async () => {
    const release = new Subject<void>();
    const executedThere = new Subject<void>();
    const isExecuted = firstValueFrom(executedThere);
    gateway = await startGateway({
      through: (send) => (request) =>
        send(request).pipe(
          delayWhen(() => {
            executedThere.next();
            return release;
          }),
        ),
    });
    const bytes = wireText(launch());
    const first = await openRaw(gateway.port);
    first.send(bytes);
    await isExecuted;
    // The browser's connection breaks: it sends the same bytes again, of its own accord, on another.
    first.socket.resetAndDestroy();
    await first.closed;
    const again = await openRaw(gateway.port);
    again.send(bytes);
    release.next();
    const answer = await again.answer();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-rx-alicloud-replayed')).toBe('true');
    again.close();
    const third = await sendRaw(gateway.port, bytes);
    expect(third.body).toBe(answer.body);
    expect(third.headers.get('x-rx-alicloud-replayed')).toBe('true');
    expect(executed()).toBe(1);
    expect(gateway.emulator.requests.get('RunInstances')).toBe(1);
  });

  it('gets it where the answer was written, and never read', async () => {
    gateway = await startGateway();
    const bytes = wireText(launch());
    const first = await openRaw(gateway.port);
    first.socket.pause();
    first.send(bytes);
    while (executed() === 0) await new Promise(setImmediate);
    first.socket.resetAndDestroy();
    for (let i = 0; i < 2; i++) expect(await sendRaw(gateway.port, bytes)).toMatchObject({ status: 200 });
    expect(executed()).toBe(1);
  });

  it('is refused with other bytes, or for another operation', async () => {
    gateway = await startGateway();
    await sendRaw(gateway.port, wireText(launch()));
    for (const other of [
      { ...launch(), body: launch().body.replace('1', '2') },
      attempt(call(gateway.good(), 'StopInstance', '{"InstanceId":"i-1"}')),
    ]) {
      expect(codeOf(await sendRaw(gateway.port, wireText(other)))).toBe('Gateway.AttemptMismatch');
    }
    expect(executed()).toBe(1);
  });

  it('of another session is another: nobody gets the answer to somebody else', async () => {
    gateway = await startGateway();
    const first = await sendRaw(gateway.port, wireText(launch()));
    const other = await sendRaw(
      gateway.port,
      wireText(withHeader({ ...launch(), body: launch().body.replace('"a"', '"b"') }, 'cookie', 'session=bob')),
    );
    expect(other.status).toBe(200);
    expect(other.headers.has('x-rx-alicloud-replayed')).toBe(false);
    expect(other.body).not.toBe(first.body);
  });
});

describe('what comes from the cloud', () => {
  it('can’t split an answer, nor set what is not passed on', async () => {
    const headers = {
      'x-acs-request-id': 'a\r\nset-cookie: session=mallory\r\n\r\nHTTP/1.1 200 OK',
      'set-cookie': 'session=mallory',
      location: 'https://attacker.example',
      'content-type': 'text/html\r\nx-a: b',
      'transfer-encoding': 'chunked',
      'access-control-allow-origin': '*',
    };
    const gateway = await startGateway({
      through: (send) => (request) =>
        send(request).pipe(map((response) => ({ ...response, headers: { ...response.headers, ...headers } }))),
    });
    const client = await openRaw(gateway.port);
    client.send(wireText(gateway.good()));
    const answer = await client.answer();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:4200');
    for (const name of ['set-cookie', 'location', 'x-a', 'x-acs-request-id'])
      expect(answer.headers.has(name)).toBe(false);
    client.socket.end();
    expect((await client.closed).match(/HTTP\/1\.1/g)).toHaveLength(1);
    await gateway.close();
  });
});

describe('a connection that is half closed', () => {
  it.each(['in front of a request', 'within a head', 'within a body', 'behind a request'])(
    '%s harms nobody',
    async (where) => {
      const gateway = await startGateway();
      const text = wireText(gateway.good());
      const length =
        { 'in front of a request': 0, 'within a head': 50, 'within a body': text.length - 5 }[where] ?? text.length;
      const client = await openRaw(gateway.port);
      client.socket.end(text.slice(0, length));
      await client.closed;
      if (length < text.length) expect(gateway.sent).toEqual([]);
      expect(await sendRaw(gateway.port, text)).toMatchObject({ status: 200 });
      await gateway.close();
      expect(gateway.openConnections).toBe(0);
    },
  );
});
