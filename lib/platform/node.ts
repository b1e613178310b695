/** What the core needs of the platform, in Node. `browser.ts` is its twin; the package's `imports` choose between them. */
import { createHmac, hash, randomUUID as uuid } from 'node:crypto';
import type { ConnectionOptions, Connections } from './connections.js';
import { proxiesOf, proxiesOfEnvironment } from './node/proxy.js';
import { checkTls } from './node/tls-options.js';

/** SHA-256 in lower-case hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** HMAC-SHA256 in lower-case hex. */
export function hmacSha256Hex(key: string, data: string): string {
  return createHmac('sha256', key).update(data).digest('hex');
}

export function randomUUID(): string {
  return uuid();
}

/** Where the SDK runs, for the user agent. */
export function platformName(): string | undefined {
  return `Node.js/${process.version}; ${process.platform}; ${process.arch}`;
}

/**
 * Keep-alive connections of one client, over undici, which is loaded with the first request. There are never more of them
 * than requests; an idle one keeps no process alive.
 *
 * @throws ConfigurationError where the proxy is no URL of one, or a certificate is not in PEM.
 */
export function openConnections({ proxy, tls = {}, idleTimeout = 10_000 }: ConnectionOptions = {}): Connections {
  const given = proxy === undefined || proxy === false ? undefined : proxiesOf(proxy);
  checkTls(tls);
  if (tls.insecure === true) {
    const what =
      "the option tls.insecure is on: certificates are not checked, and anybody may answer in a server's place";
    process.emitWarning(what, { type: 'SecurityWarning', code: 'RX_ALICLOUD_INSECURE' });
  }
  let opened: Connections | undefined;
  let opening: Promise<Connections> | undefined;

  async function open(): Promise<Connections> {
    const { connectionsOf } = await import('./node/connections.js');
    const proxies = proxy === undefined ? proxiesOfEnvironment(process.env) : given;
    return (opened = connectionsOf({ proxies, tls, idleTimeout }));
  }

  return {
    adapter: (config) => {
      if (opened !== undefined) return opened.adapter(config);
      opening ??= open();
      return opening.then(({ adapter }) => adapter(config));
    },
    closeIdle: () => opened?.closeIdle(),
  };
}

export { AsyncScope } from './node/async-scope.js';
export { networkFailure } from './network-failure.js';
export { machine } from './node/diagnostics.js';
