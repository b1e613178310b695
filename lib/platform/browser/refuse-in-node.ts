import { ConfigurationError } from '../../errors.js';
import type { ConnectionOptions } from '../connections.js';

interface Realm {
  readonly process?: {
    readonly versions?: { readonly node?: string };
    readonly env?: Record<string, string | undefined>;
  };
  readonly document?: unknown;
}

/**
 * A bundler that is told of a browser takes this side into a server, too: there, what is said of connections would be lost
 * without a word.
 *
 * @throws ConfigurationError where it would be.
 */
export function refuseInNode({ proxy, tls, idleTimeout, maxConnections }: ConnectionOptions): void {
  const { process, document } = globalThis as Realm;
  if (process?.versions?.node === undefined) return;
  const lost = namesGiven({ proxy: proxy === false ? undefined : proxy, tls, idleTimeout, maxConnections });
  // A page in Node, as tests have it, is none of the environment's business.
  if (proxy === undefined && document === undefined) {
    lost.push(...namesGiven(process.env ?? {}).filter((name) => /^(https?|all)_proxy$/i.test(name)));
  }
  const [path] = lost;
  if (path === undefined) return;
  const received =
    "its side for browsers: bundle with the condition `node` (esbuild: platform 'node'; vite: build.ssr; rollup: exportConditions ['node'])";
  throw new ConfigurationError({ path, expected: "read by this package's side for Node", received });
}

function namesGiven(values: object): string[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [name]));
}
