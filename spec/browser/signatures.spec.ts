/** What is signed and sent, computed in a page: over HTTP, where there is no `crypto.subtle`, and over HTTPS. */
import fc from 'fast-check';
import type { Page } from 'playwright-core';
import {
  officialRoaV1,
  officialRpcV1,
  officialV3,
  publishedRpcV1,
  roaV1Vectors,
  rpcV1Vectors,
  v3Vectors,
} from '../signature/vectors.js';
import { inBrowser } from './chromium.js';
import { encodeSamples } from './page/encode-samples.js';
import type { Lab } from './page/lab.js';
import { schemes, Setting } from './setting.js';

declare const lab: Lab;

const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);

inBrowser('in a page', () => {
  const at = new Setting();

  beforeAll(() => at.begin('lab.ts'), 120_000);
  afterAll(() => at.end());
  beforeAll(() => console.log(`FC_SEED=${seed}`));

  describe.each(schemes)('over %s', (scheme) => {
    let page: Page;
    beforeAll(async () => {
      page = await at.page(at.lab(scheme).serve('lab'));
    });
    afterAll(() => page.context().close());
    afterEach(() => expect(at.takeComplaints()).toEqual([]));

    it('has what browsers give to such pages', async () => {
      const has = await page.evaluate(() => [isSecureContext, 'subtle' in crypto, 'randomUUID' in crypto]);
      expect(has).toEqual(Array(3).fill(scheme === 'https'));
    });

    it('signatures are those of the official SDK', async () => {
      const options = { numRuns: 50, seed };
      const v3 = fc.sample(v3Vectors, options);
      const rpcV1 = [publishedRpcV1, ...fc.sample(rpcV1Vectors, options)];
      const roaV1 = fc.sample(roaV1Vectors, options);
      const signed = await page.evaluate(
        async (vectors) => [
          await Promise.all(vectors.v3.map(lab.sign.v3)),
          vectors.rpcV1.map(lab.sign.rpcV1),
          vectors.roaV1.map(lab.sign.roaV1),
        ],
        { v3, rpcV1, roaV1 },
      );
      expect(signed).toEqual([v3.map(officialV3), rpcV1.map(officialRpcV1), roaV1.map(officialRoaV1)]);
      expect(signed[1]?.[0]).toBe(publishedRpcV1.signature);
    });

    it('what is sent for 200 operations of six products is what Node sends, byte for byte', async () => {
      const given = { count: 200, text: String(seed) };
      const encoded = await page.evaluate(({ count, text }) => lab.encodeSamples(count, text), given);
      const expected = await encodeSamples(given.count, given.text);
      expect(encoded).toEqual(expected);
      // The samples are requests that can be sent.
      expect(expected.filter(({ url }) => url === undefined).length).toBeLessThan(given.count / 4);
    });

    it('every nonce is another UUID', async () => {
      const { exchanges } = at.lab(scheme);
      await page.evaluate(
        (endpoint) =>
          lab.rx.lastValueFrom(
            lab.rx.range(20).pipe(lab.rx.mergeMap(() => lab.clientOf({ endpoint }).call(lab.operations.read, {}))),
          ),
        at.lab(scheme).api,
      );
      const nonces = exchanges.all.map(({ request }) => request.headers['x-acs-signature-nonce']);
      expect(new Set(nonces).size).toBe(20);
      for (const nonce of nonces)
        expect(nonce).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    });
  });
});
