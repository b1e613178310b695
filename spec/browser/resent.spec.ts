/** What Chromium does by itself: a request on a connection that was used before, and that breaks, it sends again. */
import type { Page } from 'playwright-core';
import { inBrowser } from './chromium.js';
import { respond, type Exchange, type Lab as Server } from './lab.js';
import type { Lab } from './page/lab.js';
import { schemes, Setting } from './setting.js';

declare const lab: Lab;

inBrowser('a connection that breaks after the call was executed', () => {
  const at = new Setting();

  beforeAll(() => at.begin('lab.ts'), 120_000);
  afterAll(() => at.end());

  it.each(schemes)(
    'lets the browser execute it twice, over %s, where the service knows no repetitions',
    async (scheme) => {
      const server: Server = at.lab(scheme);
      const page: Page = await at.page(server.serve('lab'));
      const executed: Exchange[] = [];
      server.answer = (exchange) => {
        if (exchange.request.headers['x-acs-action'] === 'StopZone') executed.push(exchange);
        if (executed.length === 1) exchange.reset();
        else respond(exchange.response, '{"N":1}');
      };
      const told = await page.evaluate(async (endpoint) => {
        const client = lab.clientOf({ endpoint, retry: false });
        const attempts: number[] = [];
        client.events$.subscribe((event) => {
          if (event.type === 'attempt') attempts.push(event.attempt);
        });
        await lab.rx.lastValueFrom(client.call(lab.operations.read, {}));
        const error = await lab.track(client.call(lab.operations.write, { Marker: 'once' })).ended;
        return { attempts, error };
      }, server.api);
      // The page sees one attempt of each call, and nothing that failed.
      expect(told).toEqual({ attempts: [1, 1], error: undefined });
      expect(executed).toHaveLength(2);
      const nonces = executed.map(({ request }) => request.headers['x-acs-signature-nonce']);
      expect(nonces[0]).toEqual(nonces[1]);
      expect(at.takeComplaints()).toEqual([]);
      await page.context().close();
    },
  );
});
