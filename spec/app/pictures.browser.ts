/** Each page in light and dark, on a desktop and a phone: looked at by axe, and kept in `.cache/screenshots` for people. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from '../browser/chromium.js';
import { desktop, hydrated, newContext, paths, phone, reset, startExplorer, visit } from './explorer.js';

const folder = '.cache/screenshots';
const axe = readFileSync(join(process.cwd(), 'node_modules/axe-core/axe.min.js'), 'utf8');

let app: Awaited<ReturnType<typeof startExplorer>>;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  [app, browser] = await Promise.all([startExplorer(), launchChromium()]);
});

afterAll(async () => {
  await browser.close();
  await app.stop();
});

/** What is done on a page before it is looked at, so that there is something to see. */
const scenes: Readonly<Record<keyof typeof paths | 'down', (page: Page) => Promise<void>>> = {
  async instances(page) {
    await page.getByRole('switch', { name: 'Break the connection after execution' }).check();
    await page.getByRole('button', { name: 'Stop web-02' }).click();
    await page.locator('[data-fact=replayed]').filter({ hasText: '1' }).waitFor();
    await page.locator('tr[data-name=web-02] .pill').filter({ hasText: 'Stopped' }).waitFor();
    await page.getByRole('button', { name: 'Stop api-01' }).click();
    await page.getByRole('searchbox').pressSequentially('0');
    await page.locator('tr[data-name=api-01] .pill').filter({ hasText: 'Stopping' }).waitFor();
  },
  async launch(page) {
    await page.getByRole('button', { name: /^Launch \d+ instances$/ }).click();
    await page
      .locator('.counts [data-state=done] dd')
      .filter({ hasText: /^(6|7|8|9|1\d)$/ })
      .waitFor();
    await page.getByRole('button', { name: 'Cancel waiting' }).click();
    await page.getByRole('switch', { name: 'Throttle the cloud' }).check();
    await page.getByRole('button', { name: /^Launch \d+ instances$/ }).click();
    await page
      .locator('[data-held]')
      .filter({ hasText: /^[1-9]/ })
      .waitFor();
  },
  async upload(page) {
    await page.getByRole('button', { name: 'Send 16 MB of noise' }).click();
    await page.locator('.pill').filter({ hasText: 'the same' }).waitFor();
  },
  async events(page) {
    await page.getByRole('button', { name: 'Ask' }).click();
    await page
      .locator('[data-words]')
      .filter({ hasText: /^[2-9]\d$/ })
      .waitFor();
  },
  async numbers(page) {
    await page.locator('[data-number=parsed]').filter({ hasText: '9223372036854776000' }).waitFor();
  },
  async attacks(page) {
    await page.getByRole('button', { name: /^Fire all/ }).click();
    await page
      .getByRole('button', { name: /^Fire all/ })
      .and(page.locator(':enabled'))
      .waitFor();
  },
  async down(page) {
    await page.route(/\/(api|demo)\//, (route) => route.abort());
    await page.getByRole('switch').click();
    await page.getByText(/The server can’t be reached/).waitFor();
    await page.getByText('Singapore').click();
    await page.getByRole('button', { name: 'Try again' }).nth(1).waitFor();
  },
};

const devices = {
  desktop: { viewport: desktop },
  phone: { viewport: phone, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
} as const;

describe.each(Object.keys(devices) as (keyof typeof devices)[])('on a %s', (device) => {
  let context: BrowserContext;

  beforeAll(async () => {
    // axe is run in the page, which the page's own policy would not allow.
    context = await newContext(browser, app.origin, { bypassCSP: true, ...devices[device] });
  });

  afterAll(() => context.close());

  it.each(Object.keys(scenes) as (keyof typeof scenes)[])('axe finds nothing wrong with %s', async (name) => {
    const { page } = await visit(context, app.origin);
    await reset(context);
    await page.goto(name === 'down' ? '/' : paths[name]);
    await hydrated(page);
    await scenes[name](page);
    await page.evaluate(axe);
    // Of what axe looks at, only colours differ in the dark.
    for (const [colorScheme, options] of [
      ['light', {}],
      ['dark', { runOnly: ['color-contrast'] }],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(() => scrollTo(0, 0));
      await page.screenshot({ path: join(folder, `${name}-${device}-${colorScheme}.png`), fullPage: true });
      const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(options)})`);
      const found = violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ target }) => String(target)) }));
      expect({ colorScheme, found }).toEqual({ colorScheme, found: [] });
    }
    await page.close();
  });
});

/** What the documentation shows: written where it is asked for, as no two machines draw the same letters. */
if (process.env.UPDATE_PICTURES === 'true')
  it('draws the pictures of the documentation', async () => {
    for (const [name, colorScheme] of [
      ['instances', 'light'],
      ['launch', 'dark'],
      ['attacks', 'light'],
    ] as const) {
      const context = await newContext(browser, app.origin, { colorScheme, viewport: { width: 1180, height: 820 } });
      const { page } = await visit(context, app.origin);
      await reset(context);
      await page.goto(paths[name]);
      await hydrated(page);
      await scenes[name](page);
      await page.evaluate(() => scrollTo(0, 0));
      const session = await context.newCDPSession(page);
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82 });
      mkdirSync('docs/pictures', { recursive: true });
      writeFileSync(`docs/pictures/explorer-${name}.webp`, Buffer.from(data, 'base64'));
      await context.close();
    }
  });
