/** The first page of the built site in a real browser, whose time is the spec's: the pool at work, and the search. */
import type { Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { inBrowser, launchChromium } from '../browser/chromium.js';
import { requireFreshSite, serve, site } from './serve.js';

inBrowser('the first page', () => {
  let server: Server;
  let origin: string;
  let browser: Browser;
  let page: Page;
  /** What is wrong: the console's errors and warnings, exceptions, and requests to elsewhere. */
  let complaints: string[];

  beforeAll(async () => {
    requireFreshSite();
    ({ server, origin } = await serve(site));
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser.close();
    server.close();
    server.closeAllConnections();
  });

  beforeEach(() => {
    complaints = [];
  });

  afterEach(async () => {
    await page.context().close();
    expect(complaints).toEqual([]);
  });

  async function open(options: Parameters<Browser['newContext']>[0] = {}): Promise<void> {
    const context = await browser.newContext(options);
    page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) complaints.push(`A request to ${url}`);
    });
    await page.clock.install({ time: 0 });
    await page.goto(`${origin}/`);
    await page.locator('.live-pool[data-ready=true]').waitFor();
    // However long this machine takes, no time passes from here on but the spec's.
    await page.clock.pauseAt(24 * 60 * 60 * 1000);
  }

  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

  /** What the picture says of itself, and readers of screens read. */
  async function summary(): Promise<string> {
    return (await page.getByRole('img', { name: /running/ }).getAttribute('aria-label')) ?? '';
  }

  /** Lets time pass until the picture says it. */
  async function until(expected: RegExp): Promise<void> {
    for (let seconds = 0; seconds < 60 && !expected.test(await summary()); seconds += 1) await page.clock.runFor(1000);
    expect(await summary()).toMatch(expected);
  }

  const marblesOn = (lane: string): Promise<string[]> =>
    page.locator(`[data-lane="${lane}"] .marble text, [data-lane="${lane}"] .bar text`).allTextContents();

  it('says what this is, and the two commands', async () => {
    await open();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(/rx-alicloud.*SDK for Alibaba Cloud/);
    const commands = page.locator('.language-sh');
    expect(await commands.textContent()).toMatch(/npm ci && npm start[^]*npm ci && npm test/);
  });

  it('answers calls, fills the queue, and refuses the rest', async () => {
    await open();
    await press('Call 20');
    await until(/^10 waiting, 3 running, 0 answered, 7 refused, 0 cancelled$/);
    expect(await marblesOn('refused')).toEqual(['14', '15', '16', '17', '18', '19', '20']);
    expect((await marblesOn('waiting')).slice(0, 2)).toEqual(['4', '5']);
    await press('Cancel a waiting one');
    await until(/9 waiting, 3 running, 0 answered, 7 refused, 1 cancelled/);
    expect(await marblesOn('cancelled')).toEqual(['13']);
    await until(/^0 waiting, 0 running, 12 answered, 7 refused, 1 cancelled$/);
    await page.clock.runFor(2000);
    expect(await page.getByRole('status').textContent()).toBe(await summary());
    expect((await page.locator('.log').textContent()) ?? '').toMatch(/#12 \d+ regions/);
  });

  it('shuts the pool down, and enables another', async () => {
    await open();
    await press('Call once');
    await press('Shut down');
    expect(await page.locator('.state').textContent()).toMatch(/intake is closed, 1 running and 0 waiting/);
    // Nothing is called while the pool is off.
    await page.getByRole('button', { name: 'Call once' }).click({ force: true });
    await until(/^0 waiting, 0 running, 1 answered, 0 refused, 0 cancelled$/);
    expect(await page.locator('.state').textContent()).toMatch(/Shut down: nothing runs/);
    await page.getByLabel('maxTaskQueueSize').fill('0');
    await page.getByLabel('poolSize').fill('1');
    await press('Call 20');
    await until(/^0 waiting, 1 running, 1 answered, 19 refused, 0 cancelled$/);
  });

  it('works by the keyboard, on a phone, in the dark and without motion', async () => {
    const viewport = { width: 390, height: 844 };
    await open({ viewport, hasTouch: true, isMobile: true, colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.getByRole('button', { name: 'Call once' }).focus();
    await page.keyboard.press('Enter');
    await until(/^0 waiting, 0 running, 1 answered/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await until(/12 answered|13 answered|14 answered/);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
    expect(await page.evaluate(() => document.documentElement.classList.contains('dark'))).toBe(true);
  });

  it('is searched in the browser, API reference included', async () => {
    await open();
    await page.getByRole('button', { name: 'Search' }).click();
    const results = page.locator('.VPLocalSearchBox .result');
    for (const [words, link] of [
      ['AsyncQueueFull', '/async'],
      ['mergeMapFrom', '/api/rx-alicloud/functions/mergeMapFrom'],
    ] as const) {
      await page.locator('.VPLocalSearchBox input').fill(words);
      const found = page.locator(`.VPLocalSearchBox .result[href^="${link}"]`);
      // The index is loaded in real time, however long that takes, and what is typed is looked up a while after that.
      while ((await found.count()) === 0) await page.clock.runFor(1000);
    }
    expect(await results.count()).toBeGreaterThan(1);
  });
});
