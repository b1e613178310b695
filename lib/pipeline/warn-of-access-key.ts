/** Tells whoever writes a page that what it signs with is open to all who open it. */

const told = Symbol.for('rx-alicloud.access-key-in-browser');

interface Page {
  readonly process?: { readonly versions?: { readonly node?: string } };
  /** In the page itself, as several copies of the package may run in it. */
  [told]?: true;
}

/** Once a page, of a key that is good until it is taken back. A page that tests have in Node is none, and neither is an emulator's. */
export function warnOfAccessKey(origin: string): void {
  const page = globalThis as Page;
  if (page[told] === true || page.process?.versions?.node !== undefined || isLoopback(origin)) return;
  page[told] = true;
  console.warn(
    'rx-alicloud: a long-lived access key signs the calls of this page, and whoever opens the page can read it. Call through ' +
      'a gateway (option `gateway`) or sign with a token of STS: see docs/browser-security.md. Where it is meant, ' +
      '`allowAccessKeyInBrowser: true` says so.',
  );
}

function isLoopback(origin: string): boolean {
  return /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/.test(origin);
}
