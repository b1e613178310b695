/** Where else than in an ordinary page: under a strict policy with Trusted Types, and in workers of each kind. */
import { parseJson } from '../../lib/index.js';
import { inBrowser } from './chromium.js';
import { crossOrigin, respond, type Exchange, type Lab as Server } from './lab.js';
import { schemes, Setting } from './setting.js';
import type { Failed, Tour } from './page/tour.js';

/** What a page needs that runs the SDK: its own scripts, and leave to call the host. */
const policyFor = (api: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `connect-src 'self' ${api}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

inBrowser('the SDK', () => {
  const at = new Setting();

  beforeAll(() => at.begin('page-tour.ts', 'worker-tour.ts', 'start-workers.ts', 'whole/worker-tour.ts'), 120_000);
  afterAll(() => at.end());

  /** Everything that a tour asks for. */
  function answer({ request, response }: Exchange): void {
    switch (request.headers['x-acs-action']) {
      case 'DeleteZone':
        return respond(response, '{"Code":"Forbidden","Message":"No."}', { status: 403 });
      case 'Watch':
        response.writeHead(200, { 'content-type': 'text/event-stream', ...crossOrigin });
        return void response.write('data: {"N":1}\n\n');
      default:
        return respond(response, '{"N":9007199254740993}');
    }
  }

  async function toursOf(server: Server, script: string, headers: object, count: number): Promise<(Tour | Failed)[]> {
    server.forget();
    server.answer = answer;
    const url = server.serve('tour', { scripts: [script], headers: { ...headers } });
    const page = await at.page(`${url}?api=${encodeURIComponent(server.api)}`);
    const tours: (Tour | Failed)[] = [];
    while (tours.length < count) tours.push(parseJson(await server.reports.next()) as Tour | Failed);
    await Promise.all(server.exchanges.all.map(({ ended }) => ended));
    expect(server.open).toBe(0);
    await page.context().close();
    return tours.sort((a, b) => a.where.localeCompare(b.where));
  }

  const tourIn = (where: string): Tour => ({
    where,
    numbers: [9007199254740993n],
    refusal: 'Forbidden',
    events: [1],
    upload: ['uploadProgress', 'response'],
    pooled: 10,
    complaints: [],
  });

  it.each(schemes)('runs under a strict policy with Trusted Types, over %s', async (scheme) => {
    const server = at.lab(scheme);
    const headers = { 'content-security-policy': policyFor(server.api) };
    expect(await toursOf(server, 'page-tour.js', headers, 1)).toEqual([tourIn('page')]);
    expect(at.takeComplaints()).toEqual([]);
  });

  it('runs in workers, in shared workers and in service workers', async () => {
    const tours = await toursOf(at.lab('https'), 'start-workers.js', {}, 4);
    expect(tours).toEqual([
      tourIn('DedicatedWorkerGlobalScope'),
      // It may not `import()`, so that what is loaded on demand is out of its reach.
      { where: 'ServiceWorkerGlobalScope', failure: 'SDK.NotLoaded' },
      tourIn('ServiceWorkerGlobalScope, of one file'),
      tourIn('SharedWorkerGlobalScope'),
    ]);
    expect(at.takeComplaints()).toEqual([]);
  });
});
