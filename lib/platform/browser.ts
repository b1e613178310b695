/** What the core needs of the platform, wherever Node is not. The other side of it is `node.ts`; the package's `imports` choose. */
import { fetchAdapter } from './browser/fetch-adapter.js';
import { hexOf } from './browser/hex.js';
import { refuseInNode } from './browser/refuse-in-node.js';
import { uploadAdapter } from './browser/upload-adapter.js';
import type { ConnectionOptions, Connections } from './connections.js';

export { AsyncScope } from './browser/async-scope.js';
export { networkFailure } from './browser/network-failure.js';

export function randomUUID(): string {
  // Browsers have `randomUUID` in secure contexts only; a page served over plain HTTP must do without.
  return typeof crypto.randomUUID === 'function'
    ? crypto.randomUUID()
    : uuidOf(crypto.getRandomValues(new Uint8Array(16)));
}

/** A browser names itself, and lets nobody else do it. */
export function platformName(): string | undefined {
  return undefined;
}

/**
 * A browser keeps its connections itself, and decides on proxies and certificates.
 *
 * @throws ConfigurationError in Node, where that would be a mistake.
 */
export function openConnections(options: ConnectionOptions = {}): Connections {
  refuseInNode(options);
  return {
    adapter: (config) => (config.onUploadProgress === undefined ? fetchAdapter(config) : uploadAdapter(config)),
    closeIdle: () => undefined,
  };
}

/** Version 4: all bits random, save for the six that say so. */
function uuidOf(random: Uint8Array): string {
  const bits = random.map((byte, i) => (i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte));
  const hex = hexOf(bits);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** What a log may tell of the machine: a browser tells nothing of it. */
export function machine(): { pid: number | undefined; hostname: string | undefined } {
  return { pid: undefined, hostname: undefined };
}
