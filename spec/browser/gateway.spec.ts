/** Calls over a gateway, and attacks on it: by the scripts of its own pages, of another origin, and of another port. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { defer, lastValueFrom } from 'rxjs';
import type { BrowserContext, Page } from 'playwright-core';
import { accessKey } from '../../lib/index.js';
import { allow, atMost, createGateway, optional, type Gateway } from '../../lib/gateway/index.js';
import { createNodeHandler } from '../../lib/gateway/node/index.js';
import { describeClusterDetail } from '../../lib/services/cs.js';
import { describeInstances, describeRegions, runInstances, stopInstance } from '../../lib/services/ecs.js';
import { createEmulator, emulatorCredentials, type Emulator } from '../../lib/testing/index.js';
import { attacks } from '../gateway/attacks.js';
import { inBrowser } from './chromium.js';
import type { Exchange, Lab as Server } from './lab.js';
import type { Lab } from './page/lab.js';
import { Setting } from './setting.js';
import { recordAnswer, recordRequests } from './traffic.js';

declare const lab: Lab;

inBrowser('a gateway in front of a page', () => {
  const at = new Setting();
  let server: Server;
  let other: Server;
  let emulator: Emulator;
  let gateway: Gateway | undefined;
  /** What came to the gateway, and how many requests it has sent. */
  let asked: Exchange[];
  let upstream: number;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    await at.begin('lab.ts');
    server = at.lab('https');
    other = await at.open('https');
    emulator = createEmulator({ bootTime: 0 });
    gateway = gatewayOf(emulator, server.site, () => upstream++);
    context = await at.context();
    // The worst case: sent along wherever the browser does not keep cookies from other sites altogether.
    const cookie = { name: 'session', value: 'alice', secure: true, sameSite: 'None' } as const;
    await context.addCookies([{ ...cookie, url: server.site }]);
    page = await context.newPage();
  }, 120_000);
  afterAll(async () => {
    if (gateway !== undefined) await lastValueFrom(gateway.close(), { defaultValue: undefined });
    await at.end();
  });

  beforeEach(() => {
    asked = [];
    upstream = 0;
    emulator.reset();
    mount();
  });
  afterEach(() => expect({ open: server.open, complaints: at.takeComplaints() }).toEqual({ open: 0, complaints: [] }));

  /** @param intervene is told of each request before the gateway is */
  function mount(intervene: (exchange: Exchange) => void = () => undefined): void {
    const { path } = gateway!;
    const handler = createNodeHandler(gateway!);
    server.mounted = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
      if (request.url?.startsWith(path) !== true) return next();
      const exchange = server.watch(request, response);
      asked.push(exchange);
      intervene(exchange);
      handler(request, response, next);
    };
  }

  it('makes its calls, and nothing of the access key is in its scripts or its traffic', async () => {
    const watched = await context.newPage();
    const requests = recordRequests(watched);
    const answers: string[] = [];
    mount(({ response }) => recordAnswer(response, answers));
    await watched.goto(server.serve('lab'));
    const told = await watched.evaluate(async () => {
      const client = new lab.ecs.EcsClient({ gateway: '/api/alicloud', regionId: 'cn-hangzhou', retry: false });
      const call = lab.track(client.runInstances({ Amount: 2 }).pipe(lab.rx.concatWith(client.describeInstances())));
      const refused = await lab.failureOf(client.deleteInstance({ InstanceId: 'i-1' }));
      return { error: await call.ended, values: call.values, refused };
    });
    expect(told).toMatchObject({
      values: [{ InstanceIdSets: {} }, { TotalCount: 2 }],
      refused: { name: 'ServerError', code: 'Gateway.OperationNotAllowed', status: 403 },
    });
    expect(told.error).toBeUndefined();
    const all = [at.code, await requests(), ...answers].join('\n');
    // Both what was asked and what was answered.
    expect(all).toContain('/api/alicloud/Ecs/2014-05-26/RunInstances');
    expect(all).toContain('"InstanceIdSets":');
    for (const hidden of Object.values(emulatorCredentials)) expect(all).not.toContain(hidden);
    expect(all).not.toMatch(/ACS3-HMAC-SHA256 Credential=/);
    await watched.close();
  });

  it('executes a call once that the browser sends again after its connection broke', async () => {
    const stops: Exchange[] = [];
    mount((exchange) => {
      if (exchange.request.url?.endsWith('/StopInstance') !== true) return;
      stops.push(exchange);
      // In place of the first answer, when the service has executed the call.
      if (stops.length === 1) Object.assign(exchange.response, { writeHead: exchange.reset });
    });
    await page.goto(server.serve('lab'));
    const told = await page.evaluate(async () => {
      const client = new lab.ecs.EcsClient({ gateway: '/api/alicloud', regionId: 'cn-hangzhou', retry: false });
      const { InstanceIdSets } = await lab.rx.lastValueFrom(client.runInstances({ Amount: 1 }));
      const InstanceId = InstanceIdSets?.InstanceIdSet?.[0] ?? '';
      const call = lab.track(
        client.call(lab.ecs.stopInstance, { InstanceId, ForceStop: true }, { observe: 'response' }),
      );
      return { error: await call.ended, responses: call.values as { headers: Record<string, string> }[] };
    });
    expect(told.error).toBeUndefined();
    expect(stops).toHaveLength(2);
    const [first, second] = stops.map(({ request }) => request.headers['x-rx-alicloud-attempt']);
    expect(second).toBe(first);
    expect(told.responses[0]?.headers['x-rx-alicloud-replayed']).toBe('true');
    expect(emulator.requests.get('StopInstance')).toBe(1);
  });

  it('refuses every attack that its own scripts can try, and sends nothing', async () => {
    await page.goto(server.serve('lab'));
    const good = await page.evaluate(() =>
      lab.attack.send(lab.attack.goodCall(location.host, location.origin, crypto.randomUUID())),
    );
    // What the attacks are made of is let in.
    expect(good).toEqual({ status: 200, code: undefined });
    upstream = 0;
    const expected = attacks
      .filter((attack) => attack.inBrowser)
      .map(({ group, name, status, code }) => ({ name: `${group}: ${name}`, status, code }));
    expect(await page.evaluate(() => lab.attack.tryAttacks())).toEqual(expected);
    expect(upstream).toBe(0);
  });

  /** `cookie`: what the browser sends along. */
  const elsewhere: readonly (readonly [where: string, page: () => string, cookie: string])[] = [
    ['another site', () => server.serve('lab', {}, 'evil.test'), 'no cookie'],
    ['another origin of the same site', () => server.serve('lab', {}, 'evil.app.test'), 'session=alice'],
    ['another port', () => other.serve('lab'), 'session=alice'],
  ];

  it.each(elsewhere)('refuses whatever a page of %s sends, and sends nothing', async (_where, url, cookie) => {
    await page.goto(url());
    const error = await page.evaluate(async (site) => {
      const { postForm, postWithoutPreflight } = lab.attack;
      const target = `${site}/api/alicloud/Ecs/2014-05-26/RunInstances`;
      for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])
        await postForm(target, type);
      await postWithoutPreflight(target);
      // As the client itself calls.
      const client = new lab.ecs.EcsClient({ gateway: `${site}/api/alicloud`, regionId: 'cn-hangzhou', retry: false });
      return lab.failureOf(client.runInstances({ Amount: 1 }));
    }, server.site);
    expect(error).toMatchObject({ code: 'SDK.NetworkError', message: expect.stringContaining('(CORS)') as string });
    await Promise.all(asked.map(({ ended }) => ended));
    const came = asked.map(({ request, response }) => [
      request.method,
      request.headers['content-type']?.replace(/;.*/, ''),
      request.headers.cookie ?? 'no cookie',
      response.statusCode,
    ]);
    // The beacon and the image go side by side.
    expect(came.sort()).toEqual([
      ['GET', undefined, cookie, 403],
      ['OPTIONS', undefined, 'no cookie', 403],
      ['POST', 'application/x-www-form-urlencoded', cookie, 403],
      ['POST', 'multipart/form-data', cookie, 403],
      ['POST', 'text/plain', cookie, 403],
      // `fetch` without CORS, with it, and the beacon.
      ['POST', 'text/plain', cookie, 403],
      ['POST', 'text/plain', cookie, 403],
      ['POST', 'text/plain', cookie, 403],
    ]);
    expect(upstream).toBe(0);
  });
});

/** Lets in who has a session, from one origin, before an emulator. */
function gatewayOf(emulator: Emulator, origin: string, send: () => void): Gateway {
  const { accessKeyId, accessKeySecret } = emulatorCredentials;
  const { transport } = emulator;
  return createGateway({
    client: {
      regionId: 'cn-hangzhou',
      credentials: accessKey(accessKeyId, accessKeySecret),
      transport: {
        ...transport,
        send: (request) =>
          defer(() => {
            send();
            return transport.send(request);
          }),
      },
    },
    origins: [origin],
    authorize: ({ headers }) => (headers.get('cookie') === 'session=alice' ? { id: 'alice' } : undefined),
    allow: [
      ...[describeRegions, describeInstances, stopInstance, describeClusterDetail],
      allow(runInstances, { Amount: optional(atMost(3)) }),
    ],
    regions: ['cn-hangzhou'],
  });
}
