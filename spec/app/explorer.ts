/** The example app as a program, and a browser that looks at it. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

/** The pages of the app, by their names in pictures. */
export const paths = {
  instances: '/',
  launch: '/launch',
  upload: '/upload',
  events: '/events',
  numbers: '/numbers',
  attacks: '/attacks',
} as const;

export const desktop = { width: 1280, height: 860 };
export const phone = { width: 390, height: 844 };

/** Starts the app's own server, with the gateway and the emulator, on a free port or on this one. */
export async function startExplorer(port = '0'): Promise<{ readonly origin: string; stop(): Promise<void> }> {
  const server = spawn(process.execPath, ['examples/angular/server/main.mjs', '--port', port], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const origin = await firstUrl(server);
  return {
    origin,
    async stop() {
      const ended = new Promise((resolve) => server.once('close', resolve));
      server.kill('SIGTERM');
      await ended;
    },
  };
}

function firstUrl(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    server.once('close', (code) => reject(new Error(`The server of the app ended with ${code}: ${output}`)));
    server.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

/** A visitor: a page, and all that is wrong with it. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Whatever the console says, exceptions, and requests to elsewhere. */
  readonly complaints: string[];
  /** The calls that this visitor's browser has begun: their actions. */
  readonly calls: string[];
}

/** What pages share: the session, and the files that were loaded once. */
export async function newContext(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: desktop, reducedMotion: 'reduce', baseURL: origin, ...options });
  // Below that of a spec, so that a failure says what was waited for.
  context.setDefaultTimeout(Number(process.env.APP_TIMEOUT ?? 60_000));
  return context;
}

export async function visit(context: BrowserContext, origin: string): Promise<Visit> {
  const page = await context.newPage();
  const complaints: string[] = [];
  const calls: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'data:') complaints.push(`A request to ${request.url()}`);
    if (url.pathname.startsWith('/api/alicloud/')) calls.push(url.pathname.split('/').at(-1) ?? '');
  });
  return { context, page, complaints, calls };
}

/** Waits until the app answers to the page's controls: what the server has rendered looks the same before. */
export async function hydrated(page: Page): Promise<void> {
  await page.locator('html[data-hydrated]').waitFor({ state: 'attached' });
}

/** Forgets what the specs before have done. */
export async function reset(context: BrowserContext): Promise<void> {
  const answer = await context.request.post('/demo/reset');
  if (answer.status() !== 204) throw new Error(`The demo was not reset: ${answer.status()}`);
}

/** What the server tells the page of itself, as far as specs wait for it. */
export interface ServerState {
  readonly received: number;
  readonly aborted: number;
  readonly throttled: number;
  readonly executed: number;
}

/** Waits until the server says so. */
export async function untilServer(origin: string, isReached: (state: ServerState) => boolean): Promise<ServerState> {
  const leave = new AbortController();
  const { body } = await fetch(`${origin}/demo/state`, { signal: leave.signal });
  let text = '';
  for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += piece;
    const states = [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, json = '']) => JSON.parse(json) as ServerState);
    const state = states.find(isReached);
    if (state === undefined) continue;
    leave.abort();
    return state;
  }
  throw new Error('The server ended before it came so far');
}
