/** What the specs of a file share: a browser, what its pages load, and a server for each scheme. */
import { createHash, X509Certificate } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { fixture } from '../transport/support.js';
import { bundlePages, type Bundle } from './bundle.js';
import { launchChromium } from './chromium.js';
import { Lab } from './lab.js';

export type Scheme = 'http' | 'https';

export const schemes: readonly Scheme[] = ['http', 'https'];

/** What a browser writes to the console by itself where a request fails; a page can't help it. */
const ofTheBrowser =
  /^Failed to load resource: |^Access to (fetch|XMLHttpRequest) at .* has been blocked by CORS policy/;

export class Setting {
  private browser: Browser | undefined;
  private readonly labs = new Map<Scheme, Lab>();
  private readonly opened: Lab[] = [];
  private readonly complaints: string[] = [];
  private bundle: Bundle = new Map();

  async begin(...entries: readonly string[]): Promise<void> {
    const [browser, bundle] = await Promise.all([launchChromium(...namesAndCertificates()), bundlePages(...entries)]);
    this.browser = browser;
    this.bundle = bundle;
    await Promise.all(schemes.map(async (scheme) => this.labs.set(scheme, await this.open(scheme))));
  }

  async end(): Promise<void> {
    await this.browser?.close();
    await Promise.all(this.opened.map((lab) => lab.close()));
  }

  lab(scheme: Scheme): Lab {
    const lab = this.labs.get(scheme);
    if (lab === undefined) throw new Error(`Nothing speaks ${scheme}: the setting has not begun`);
    return lab;
  }

  /** What pages load, as it is sent. */
  get code(): string {
    return Array.from(this.bundle.values(), (contents) => Buffer.from(contents).toString()).join('\n');
  }

  /** One more server, on a port of its own. */
  async open(scheme: Scheme): Promise<Lab> {
    const lab = new Lab(this.bundle, scheme);
    this.opened.push(lab);
    await lab.start();
    return lab;
  }

  /** A page in a context of its own, so that nothing of another one's storage or connections is there. */
  async page(url: string): Promise<Page> {
    const page = await (await this.context()).newPage();
    await page.goto(url);
    return page;
  }

  async context(): Promise<BrowserContext> {
    if (this.browser === undefined) throw new Error('There is no browser: the setting has not begun');
    const context = await this.browser.newContext();
    context.on('console', (message) => {
      if (!ofTheBrowser.test(message.text())) this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    // Rejections that nobody handles are among them.
    context.on('weberror', (error) => this.complaints.push(String(error.error())));
    return context;
  }

  /** What pages have said since this was asked last, whether of their own or of the platform: nothing, if all is well. */
  takeComplaints(): readonly string[] {
    return this.complaints.splice(0);
  }
}

/** The hosts of the specs are this machine, and their certificate is trusted in this browser. */
function namesAndCertificates(): readonly string[] {
  const key = new X509Certificate(fixture('server.pem')).publicKey.export({ type: 'spki', format: 'der' });
  const hash = createHash('sha256').update(key).digest('base64');
  return ['--host-resolver-rules=MAP *.test 127.0.0.1', `--ignore-certificate-errors-spki-list=${hash}`];
}
