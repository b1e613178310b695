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
export function refuseInNode(options: ConnectionOptions): void {
  const { process, document } = globalThis as Realm;
  if (process?.versions?.node === undefined) return;
  // A page in Node, as tests have it, is none of the environment's business.
  const env = options.proxy === undefined && document === undefined ? process.env : undefined;
  const path =
    nameIn(options, /^(proxy|tls|idleTimeout|maxConnections)$/) ?? nameIn(env ?? {}, /^(https?|all)_proxy$/i);
  if (path === undefined) return;
  const received = 'its side for browsers: bundle with the condition `node` (esbuild: --platform=node)';
  throw new ConfigurationError({ path, expected: "read by this package's side for Node", received });
}

function nameIn(values: object, names: RegExp): string | undefined {
  return Object.entries(values).find(([name, value]) => names.test(name) && (Boolean(value) || value === 0))?.[0];
}
