/** Cloud Explorer in Chromium, against its gateway and the emulator: everything that its pages promise. */
import { expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page, Request, Route } from 'playwright-core';
import { launchChromium } from '../browser/chromium.js';
import {
  hydrated,
  newContext,
  paths,
  phone,
  reset,
  startExplorer,
  untilServer,
  visit,
  type Visit,
} from './explorer.js';

let app: Awaited<ReturnType<typeof startExplorer>>;
let browser: Browser;
/** For all specs that need no browser of another kind: what was loaded once is loaded. */
let shared: BrowserContext;
let current: Visit;
let page: Page;

beforeAll(async () => {
  [app, browser] = await Promise.all([startExplorer(), launchChromium()]);
  shared = await newContext(browser, app.origin);
});

afterAll(async () => {
  await browser.close();
  await app.stop();
});

/** A visitor, before the first page, with nothing left of the specs before. */
async function arrive(options?: BrowserContextOptions): Promise<void> {
  const context = options === undefined ? shared : await newContext(browser, app.origin, options);
  await context.clearCookies();
  current = await visit(context, app.origin);
  page = current.page;
  await reset(context);
}

/** A page of the app, ready to be used. */
async function open(path: string, options?: BrowserContextOptions): Promise<void> {
  await arrive(options);
  await page.goto(path);
  if (options?.javaScriptEnabled !== false) await hydrated(page);
}

/** The instances boot for a while after the reset, and a page that sees them do so reads its list sooner. */
async function untilBooted(): Promise<void> {
  const context = await newContext(browser, app.origin, { javaScriptEnabled: false });
  const seen = await context.newPage();
  do await seen.goto('/');
  while ((await seen.locator('tbody .pill', { hasText: 'Pending' }).count()) > 0);
  await context.close();
}

afterEach(async () => {
  if (current.context === shared) await Promise.all(shared.pages().map((each) => each.close()));
  else await current.context.close();
  expect(current.complaints).toEqual([]);
});

/** Takes out of the complaints what has to be among them: the line that Chromium itself writes for each answer like this. */
function takeComplaints(text: RegExp): string[] {
  const taken = current.complaints.filter((complaint) => text.test(complaint));
  const others = current.complaints.filter((complaint) => !text.test(complaint));
  current.complaints.splice(0, Infinity, ...others);
  return taken;
}

const button = (name: string | RegExp): Locator => page.getByRole('button', { name, exact: true });
const row = (name: string): Locator => page.locator(`tr[data-name="${name}"]`);
const stateOf = (name: string): Locator => row(name).locator('.pill');
const figure = (name: string): Locator => page.locator(`[data-figure="${name}"]`);
const fact = (name: string): Locator => page.locator(`[data-fact="${name}"]`);
const count = (state: string): Locator => page.locator(`.counts [data-state="${state}"] dd`);

/** What moves in the state of an instance. */
const motionOf = (name: string): Promise<string> =>
  stateOf(name).evaluate((pill) => getComputedStyle(pill, '::before').animationName);

/** Waits until the element says this and nothing else. */
async function says(element: Locator, text: string | RegExp): Promise<void> {
  const expected = typeof text === 'string' ? new RegExp(`^\\s*${text}\\s*$`) : text;
  await element.filter({ hasText: expected }).first().waitFor();
}

async function slide(name: string, value: number): Promise<void> {
  await page.getByRole('slider', { name }).fill(String(value));
}

/** Holds back the calls of an operation, until they are let go. */
async function hold(
  action: string,
): Promise<{ readonly held: Promise<Request>; readonly release: () => Promise<void> }> {
  const routes: Route[] = [];
  let isOpen = false;
  let tell: (request: Request) => void;
  const held = new Promise<Request>((resolve) => (tell = resolve));
  await page.route(`**/${action}`, (route) => {
    if (isOpen) return route.continue();
    routes.push(route);
    tell(route.request());
  });
  return {
    held,
    release: async () => {
      isOpen = true;
      // Those that the page has aborted meanwhile can't be.
      await Promise.all(routes.map((route) => route.continue().catch(() => undefined)));
    },
  };
}

describe('the first page', () => {
  it('is rendered with the answers in it, without a script', async () => {
    await arrive({ javaScriptEnabled: false });
    await untilBooted();
    await page.goto('/');
    expect(await page.locator('tbody tr').count()).toBe(9);
    expect(await stateOf('web-01').textContent()).toBe('Running');
    expect(await page.getByRole('radio').count()).toBeGreaterThanOrEqual(4);
    expect(await page.content()).toContain('Scripts are off.');
    expect(await page.getByRole('link', { name: 'Skip to the content' }).getAttribute('href')).toBe('/#content');
  });

  it('repeats no call when it is hydrated', async () => {
    await arrive();
    await untilBooted();
    // No time passes in the page, so that the list is not read again by its timer.
    await page.clock.install({ time: Date.now() });
    await page.goto('/');
    await page.clock.runFor(1000);
    await hydrated(page);
    expect(current.calls).toEqual([]);
    expect(await page.locator('tbody tr').count()).toBe(9);
    await page.clock.runFor(6000);
    await page.waitForRequest(/DescribeInstances/, { timeout: 1000 }).catch(() => undefined);
    expect(current.calls).toContain('DescribeInstances');
    expect(current.calls).not.toContain('DescribeRegions');
  });

  it('lists the instances of each region', async () => {
    await open('/');
    await page.getByText('Germany (Frankfurt)').click();
    await row('archive-01').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(2);
    await says(figure('total'), '2');
  });

  it('shows nothing of another region while the list is on its way', async () => {
    await open('/');
    const { held, release } = await hold('DescribeInstances');
    await page.getByText('Singapore').click();
    await held;
    await page.getByText('Loading …').waitFor();
    await says(figure('total'), '–');
    expect(await row('web-01').count()).toBe(0);
    await release();
    await row('edge-01').waitFor();
    await says(figure('total'), '3');
  });

  it('is the same in two tabs', async () => {
    await open('/');
    const other = await current.context.newPage();
    await other.goto('/');
    await hydrated(other);
    await button('Stop web-03').click();
    await says(other.locator('tr[data-name=web-03] .pill'), 'Stopped');
    await says(stateOf('web-03'), 'Stopped');
  });

  it('filters while one types, and the server sees the calls that are no longer wanted end', async () => {
    await open('/');
    const search = page.getByRole('searchbox', { name: 'Filter by name' });
    // An answer may be faster than the next key.
    do {
      await search.fill('');
      await search.pressSequentially('worker-02');
    } while (!/[1-9]/.test((await figure('aborted').textContent()) ?? ''));
    await row('web-01').waitFor({ state: 'detached' });
    await row('worker-02').waitFor();
    await row('worker-01').waitFor({ state: 'detached' });
    await says(figure('aborted'), /[1-9]/);
    await page.getByRole('searchbox').fill('nobody');
    await page.getByText('No name has “nobody” in it.').waitFor();
  });

  it('shows a click before its answer, and then what the cloud says', async () => {
    await open('/');
    const { held, release } = await hold('StopInstance');
    await button('Stop web-01').click();
    await held;
    expect(await stateOf('web-01').textContent()).toBe('Stopping');
    expect(await stateOf('web-01').getAttribute('data-optimistic')).toBe('true');
    expect(await motionOf('web-01')).toBe('none');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await motionOf('web-01')).not.toBe('none');
    await release();
    await says(stateOf('web-01'), 'Stopped');
    expect(await stateOf('web-01').getAttribute('data-optimistic')).toBe('false');
    await button('Start web-01').click();
    await says(stateOf('web-01'), 'Running');
  });

  it('takes a row back where the cloud refuses, and says why', async () => {
    await open('/');
    const { held, release } = await hold('StopInstance');
    await button('Stop web-02').click();
    const request = await held;
    // Somebody else is faster.
    const headers = { ...(await request.allHeaders()), 'x-rx-alicloud-attempt': crypto.randomUUID() };
    const other = await current.context.request.post(request.url(), { headers, data: request.postData() ?? '' });
    expect(other.status()).toBe(200);
    await release();
    await says(page.getByRole('alert'), /IncorrectInstanceStatus/);
    await says(stateOf('web-02'), 'Stopped');
    expect(
      takeComplaints(/^error: Failed to load resource: the server responded with a status of 403 \(.*\)$/),
    ).toHaveLength(1);
  });

  it('is executed once, though the connection breaks behind it and the browser sends it again', async () => {
    await open('/');
    await page.getByRole('switch', { name: 'Break the connection after execution' }).check();
    await button('Stop api-01').click();
    await says(fact('broken'), '1');
    await says(stateOf('api-01'), 'Stopped');
    await says(fact('replayed'), '1');
    await says(fact('received'), '2');
    await says(fact('executed'), '1');
    // The page has made one call, and heard of no trouble.
    expect(current.calls.filter((action) => action === 'StopInstance')).toHaveLength(1);
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe('the pool', () => {
  it('runs some, lets some wait, and refuses the rest', async () => {
    await open('/launch');
    await slide('poolSize', 2);
    await slide('maxTaskQueueSize', 3);
    await slide('Launches', 10);
    await button('Launch 10 instances').click();
    await says(count('refused'), '5');
    await says(count('done'), '5');
    await says(page.getByRole('alert'), /SDK\.AsyncQueueFull/);
    await says(
      page.getByRole('status'),
      /0 waiting, 0 running, 0 throttled, 5 answered, 5 refused, 0 cancelled, 0 failed/,
    );
    expect(await page.locator('canvas').count()).toBe(1);
  });

  it('is resized while it works', async () => {
    await open('/launch');
    await slide('poolSize', 1);
    await slide('Launches', 8);
    await button('Launch 8 instances').click();
    await says(count('running'), '1');
    await slide('poolSize', 8);
    await says(count('waiting'), '0');
    await says(count('done'), '8');
  });

  it('cancels what waits, and what runs', async () => {
    await open('/launch');
    await slide('poolSize', 1);
    await slide('Launches', 6);
    const { held, release } = await hold('RunInstances');
    await button('Launch 6 instances').click();
    await held;
    await button('Cancel waiting').click();
    await says(count('cancelled'), '5');
    await says(count('running'), '1');
    await button('Cancel all').click();
    await says(count('cancelled'), '6');
    await says(count('running'), '0');
    await release();
  });

  it('shuts down, and is enabled again', async () => {
    await open('/launch');
    await slide('poolSize', 2);
    await slide('Launches', 4);
    await button('Launch 4 instances').click();
    await button('Shut down').click();
    await button('Enable the async mode').waitFor();
    await says(count('done'), '4');
    await button('Enable the async mode').click();
    const { held, release } = await hold('RunInstances');
    await button('Launch 4 instances').click();
    await held;
    await button('Abort').click();
    await says(count('failed'), '4');
    await says(page.getByRole('alert'), /SDK\.Aborted/);
    await release();
  });

  it('is as one left it, whether one goes back or forward', async () => {
    await open('/launch');
    await slide('poolSize', 2);
    await button('Shut down').click();
    await button('Enable the async mode').waitFor();
    await page.getByRole('link', { name: 'Numbers' }).click();
    await page.getByRole('heading', { level: 1, name: 'Exact numbers' }).waitFor();
    await page.goBack();
    await button('Enable the async mode').waitFor();
    expect(await page.getByRole('slider', { name: 'poolSize' }).inputValue()).toBe('2');
    await page.goForward();
    await page.getByRole('heading', { level: 1, name: 'Exact numbers' }).waitFor();
  });

  it('is slowed down as a whole where the cloud throttles, and nothing fails', async () => {
    await open('/launch');
    await slide('poolSize', 8);
    await slide('Launches', 20);
    await page.getByRole('switch', { name: 'Throttle the cloud' }).check();
    await button('Launch 20 instances').click();
    await says(page.locator('[data-held]'), /^[1-9]/);
    await page.getByRole('switch', { name: 'Throttle the cloud' }).uncheck();
    await says(count('done'), '20');
    await says(count('failed'), '0');
  });

  it('lets go of everything when the page is loaded anew', async () => {
    await open('/launch');
    await slide('poolSize', 3);
    await slide('Launches', 6);
    await button('Launch 6 instances').click();
    await untilServer(app.origin, ({ received }) => received >= 3);
    await page.reload();
    await untilServer(app.origin, ({ aborted }) => aborted >= 3);
    await hydrated(page);
    await says(count('running'), '0');
    await page.getByRole('link', { name: 'Instances' }).click();
    await says(figure('aborted'), '3');
  });
});

/**
 * Writes down each percentage that the page shows, and presses a button, or loads the page anew, with the first one between. Within the page: while
 * 16 MB leave, the browser tells others of little else.
 */
async function watchProgress(press?: string): Promise<() => Promise<number[]>> {
  const seen = await page.evaluateHandle((name) => {
    const shown = document.querySelector('[data-percent]');
    const percents: number[] = [];
    new MutationObserver(() => {
      const percent = parseInt(shown?.textContent ?? '', 10);
      percents.push(percent);
      if (percent === 0 || percent === 100 || name === undefined) return;
      if (name === 'reload') location.reload();
      const buttons = Array.from(document.querySelectorAll('button'));
      buttons.find(({ textContent, disabled }) => textContent.trim() === name && !disabled)?.click();
    }).observe(shown ?? document, { characterData: true, childList: true, subtree: true });
    return percents;
  }, press);
  return () => seen.jsonValue();
}

describe('an upload', () => {
  it('tells how far it is, and arrives as it was sent', async () => {
    await open('/upload');
    const seen = await watchProgress();
    await button('Send 16 MB of noise').click();
    await says(page.locator('.pill'), 'the same');
    await says(page.locator('[data-percent]'), '100 %');
    const percents = await seen();
    expect(percents.some((percent) => percent > 0 && percent < 100)).toBe(true);
    expect(percents).toEqual([...percents].sort((one, other) => one - other));
    expect(await page.locator('[data-received]').textContent()).toMatch(/^[\da-f]{64}$/);
  });

  it('is cancelled on its way', async () => {
    await open('/upload');
    await watchProgress('Cancel');
    await button('Send 16 MB of noise').click();
    await says(page.getByRole('status'), /Cancelled\. The server saw [1-9]/);
    expect(await page.locator('[data-received]').textContent()).toBe('');
  });

  it('ends on the server when the page is loaded anew', async () => {
    await open('/upload');
    await watchProgress('reload');
    await button('Send 16 MB of noise').click();
    await untilServer(app.origin, ({ aborted }) => aborted >= 1);
    await page.getByText('Nothing sent yet').waitFor();
    await hydrated(page);
    await button('Send 16 MB of noise').click();
    await says(page.locator('.pill'), 'the same');
  });

  it('takes a file', async () => {
    await open('/upload');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('A note.') });
    await says(page.locator('.pill'), 'the same');
    await page.getByText('note.txt').waitFor();
  });
});

describe('events', () => {
  it('come one by one, to the end', async () => {
    await open('/events');
    await page.getByRole('textbox', { name: 'Ask something' }).fill('Why?');
    await button('Ask').click();
    await says(page.locator('.pill'), 'streaming');
    await says(page.locator('.text'), /You asked: “Why\?” This/);
    await says(page.locator('.pill'), 'complete');
    await says(page.locator('.text'), /every stage of a call\./);
  });

  it('stop where one stops them, on the server, too', async () => {
    await open('/events');
    await button('Ask').click();
    await says(page.locator('[data-words]'), /^([3-9]|\d\d)/);
    await button('Stop').click();
    await says(page.locator('.pill'), 'stopped');
    await says(page.locator('[data-aborted]'), /^[1-9]/);
    expect(await page.locator('.text').textContent()).not.toMatch(/every stage of a call/);
  });
});

describe('numbers of 64 bits', () => {
  it.each([
    ['9223372036854775807', '9223372036854776000', 'bigint'],
    ['9007199254740993', '9007199254740992', 'bigint'],
  ])('are exact: %s', async (exact, parsed, type) => {
    await open('/numbers');
    await page.getByRole('radio', { name: exact }).check();
    await says(page.locator('[data-number=exact]'), exact);
    await says(page.locator('[data-number=wire]'), exact);
    await says(page.locator('[data-number=parsed]'), parsed);
    await says(page.locator('.good .note'), new RegExp(type));
    await page.getByText('Another order').waitFor();
  });
});

describe('attacks', () => {
  it('are refused one and all, and nothing of them reaches the cloud', async () => {
    await open('/attacks');
    const total = await page.locator('[data-attack]').count();
    await button(`Fire all ${total}`).click();
    await button(`Fire all ${total}`).and(page.locator(':enabled')).waitFor();
    const unrefused = page.locator('[data-attack]:not([data-refused=true])');
    expect(await unrefused.allInnerTexts()).toEqual([]);
    // A single one: the good call whose id is then used for another.
    await says(page.locator('[data-executed]'), '1');
    expect(total).toBeGreaterThanOrEqual(20);
    expect(
      takeComplaints(/^error: Failed to load resource: the server responded with a status of 4\d\d \(.*\)$/),
    ).toHaveLength(total);
  });
});

describe('whoever uses it', () => {
  it('gets everywhere by keyboard, and sees where the focus is', async () => {
    await open('/');
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the content' });
    expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true);
    expect(await outlineOfFocus()).toMatch(/solid/);
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.getByRole('link', { name: 'Launch' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Launch' }).waitFor();
    await page.getByRole('slider', { name: 'Launches' }).focus();
    await page.keyboard.press('Home');
    await button('Launch 1 instance').focus();
    expect(await outlineOfFocus()).toMatch(/solid/);
    await page.keyboard.press('Enter');
    await says(count('done'), '1');
    await page.getByRole('switch', { name: 'Throttle the cloud' }).focus();
    await page.keyboard.press('Space');
    expect(await page.getByRole('switch', { name: 'Throttle the cloud' }).isChecked()).toBe(true);
    await page.getByRole('radio', { name: 'Dark' }).focus();
    await page.keyboard.press('Space');
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
  });

  it('keeps the theme, which the server renders', async () => {
    await open('/');
    await page.getByText('Dark', { exact: true }).click();
    const answer = await current.context.request.get('/');
    expect(await answer.text()).toMatch(/<html[^>]*data-theme="dark"/);
  });

  it.each(Object.entries(paths))('walks through %s by Tab, sees where, and is caught nowhere', async (_name, path) => {
    await open(path);
    const expected = await page.evaluate(() => {
      const radios = new Set<string>();
      return Array.from(document.querySelectorAll<HTMLElement>('a[href], button, input')).filter((each) => {
        if (!(each instanceof HTMLInputElement) || each.type !== 'radio') return !each.matches(':disabled');
        // Of a group, the one that is chosen: the arrow keys lead to the others.
        return each.checked && radios.size < radios.add(each.name).size;
      }).length;
    });
    const walked: string[] = [];
    for (;;) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const active = document.activeElement as HTMLElement | null;
        if (active === null || active === document.body || active.dataset.walked === 'true') return undefined;
        active.dataset.walked = 'true';
        const shown = [active, active.nextElementSibling, active.closest('label')];
        const isSeen = shown.some((each) => each !== null && getComputedStyle(each).outlineStyle === 'solid');
        const isHidden = active.classList.contains('visually-hidden');
        return `${active.outerHTML.slice(0, 80)}: ${isSeen && (!isHidden || shown.slice(1).some(Boolean)) ? 'seen' : 'not seen'}`;
      });
      if (stop === undefined) break;
      walked.push(stop);
    }
    expect(walked.filter((stop) => stop.endsWith('not seen'))).toEqual([]);
    expect(walked).toHaveLength(expected);
    // In the order of the page.
    expect(walked[0]).toContain('class="skip"');
  });

  it('skips to the content of the page where one is', async () => {
    await open('/launch');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('#content:focus').waitFor();
    expect(new URL(page.url()).pathname).toBe('/launch');
    await page.getByRole('link', { name: 'Upload' }).click();
    await page.getByRole('heading', { level: 1, name: 'Upload' }).waitFor();
    expect(await page.getByRole('link', { name: 'Skip to the content' }).getAttribute('href')).toBe('/upload#content');
  });

  it.each(Object.entries(paths))('needs no more than a phone, or a magnified screen, for %s', async (_name, path) => {
    await open(path, { viewport: phone, hasTouch: true, isMobile: true });
    // A phone; 1280 pixels at 200 % and at 400 %.
    for (const width of [phone.width, 640, 320]) {
      await page.setViewportSize({ width, height: phone.height });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(true);
    }
  });
});

describe('while something is not there', () => {
  const refused =
    /^error: Failed to load resource: net::ERR_(FAILED|CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|CONNECTION_RESET)$/;

  it('says so of the gateway, and reads again when it is asked to', async () => {
    await open('/numbers');
    await says(page.locator('[data-number=wire]'), '9223372036854775807');
    await page.route('**/api/alicloud/**', (route) => route.abort());
    await page.getByRole('radio', { name: '9007199254740993' }).check();
    await says(page.getByRole('alert'), /SDK\.NetworkError|Http failure/);
    await page.unroute('**/api/alicloud/**');
    await button('Try again').click();
    await says(page.locator('[data-number=exact]'), '9007199254740993');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    expect(takeComplaints(refused).length).toBeGreaterThan(0);
  });

  it('says so of the server, and goes on with it when it is back', async () => {
    const first = await startExplorer();
    const context = await newContext(browser, first.origin);
    current = await visit(context, first.origin);
    page = current.page;
    await page.goto('/');
    await hydrated(page);
    await page.getByText('Singapore').click();
    await row('edge-01').waitFor();
    await first.stop();
    await page.getByText(/The server can’t be reached/).waitFor();
    await says(page.getByRole('alert').last(), /SDK\.NetworkError/);
    // What was read stays, and a switch that can't be moved is not moved.
    expect(await page.locator('tbody tr').count()).toBe(3);
    const breaking = page.getByRole('switch', { name: 'Break the connection after execution' });
    await breaking.click();
    await page.waitForFunction((input) => !(input as HTMLInputElement).checked, await breaking.elementHandle());
    const again = await startExplorer(new URL(first.origin).port);
    await button('Try again').first().click();
    await page.getByRole('alert').first().waitFor({ state: 'detached' });
    await button('Stop edge-01').click();
    await says(stateOf('edge-01'), 'Stopped');
    await page.close();
    await again.stop();
    expect(takeComplaints(refused).length).toBeGreaterThan(0);
    // The list that was asked for before the page had its new session.
    takeComplaints(/^error: Failed to load resource: the server responded with a status of 401 \(.*\)$/);
  });
});

it('gives the browser no key, in whatever it sends', async () => {
  await arrive();
  const bodies: Promise<string>[] = [];
  page.on('response', (response) => {
    if (!response.url().endsWith('state')) bodies.push(response.text().catch(() => ''));
  });
  for (const path of Object.values(paths)) {
    await page.goto(path);
    await hydrated(page);
  }
  await page.goto('/');
  await hydrated(page);
  await button('Stop cache-01').click();
  await says(stateOf('cache-01'), 'Stopped');
  const all = (await Promise.all(bodies)).join('\n');
  expect(all).toContain('web-01');
  expect(all).not.toMatch(/explorer-(key|secret)-on-the-server/);
  expect(all).not.toMatch(/ACS3-HMAC|x-acs-signature/i);
});

it('is served under a policy that lets in no script and no style but its own', async () => {
  await open('/');
  const answer = await current.context.request.get('/');
  const policy = answer.headers()['content-security-policy'] ?? '';
  const html = await answer.text();
  expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'nonce-[^']+'; style-src 'self' 'nonce-[^']+'/);
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toMatch(/unsafe/);
  expect(html).not.toMatch(/ style="/);
  expect(html).not.toContain('csp-nonce-placeholder');
});

/** The outline of what has the focus. */
function outlineOfFocus(): Promise<string> {
  return page.evaluate(() =>
    document.activeElement === null ? '' : getComputedStyle(document.activeElement).outlineStyle,
  );
}
