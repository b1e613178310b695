/** Large bodies are hashed beside the page's own work; how long its tasks are, `npm run bench:hashing` measures. */
import { createHash } from 'node:crypto';
import { inBrowser } from './chromium.js';
import type { Lab } from './page/lab.js';
import { schemes, Setting } from './setting.js';

declare const lab: Lab;

inBrowser('a page that sends 8 MB', () => {
  const at = new Setting();

  beforeAll(() => at.begin('lab.ts'), 120_000);
  afterAll(() => at.end());
  afterEach(() => expect(at.takeComplaints()).toEqual([]));

  it.each(schemes)('from %s does its other work while they are hashed', async (scheme) => {
    const page = await at.page(at.lab(scheme).serve('lab'));
    const { turns, digested, hash } = await page.evaluate(async (length) => {
      const hashes: (string | undefined)[] = [];
      const transport = {
        send: ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => {
          hashes.push(headers['x-acs-content-sha256']);
          return lab.rx.of({ status: 200, headers: {}, body: '{}' });
        },
      };
      const client = lab.clientOf({ endpoint: 'https://ecs.test', transport, allowAccessKeyInBrowser: true });
      const digested: number[] = [];
      const subtle = crypto.subtle as SubtleCrypto | undefined;
      if (subtle !== undefined) {
        const digest = subtle.digest.bind(subtle);
        subtle.digest = (name, data) => {
          digested.push(data.byteLength);
          return digest(name, data);
        };
      }
      // The page's other work: tasks, each of which is due when the one before is done.
      let turns = 0;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        turns++;
        port2.postMessage(0);
      };
      port2.postMessage(0);
      const body = Uint8Array.from({ length }, (_, index) => index);
      await lab.track(client.call(lab.operations.upload, { body })).ended;
      port1.close();
      return { turns, digested, hash: hashes.join() };
    }, 8_000_000);
    expect(hash).toBe(
      createHash('sha256')
        .update(Uint8Array.from({ length: 8_000_000 }, (_, index) => index))
        .digest('hex'),
    );
    if (scheme === 'https') expect(digested).toContain(8_000_000);
    // A turn for others after each slice.
    else expect(turns).toBeGreaterThan(100);
    await page.context().close();
  });
});
