/** What the core needs of the platform, in Node. `browser.ts` is its twin; the package's `imports` choose between them. */
import { randomUUID as uuid } from 'node:crypto';
import { ClientError, messageOf } from '../errors.js';
import { connectionDefaults, type ConnectionOptions, type Connections } from './connections.js';
import { admissionUpTo } from './node/admission.js';
import { proxiesOf, proxiesOfEnvironment } from './node/proxy.js';
import { realTimers } from './node/real-timers.js';
import { checkTls } from './node/tls-options.js';
import { asZoneTask } from './node/zone-task.js';

export function randomUUID(): string {
  return uuid();
}

/** Where the SDK runs, for the user agent. */
export function platformName(): string | undefined {
  return `Node.js/${process.version}; ${process.platform}; ${process.arch}`;
}

/**
 * Keep-alive connections of one client, over undici, which is loaded with the first request. There are never more of them
 * than requests, and never more than `maxConnections` to an origin; an idle one keeps no process alive.
 *
 * @throws ConfigurationError where the proxy is no URL of one, or a certificate is not in PEM.
 */
export function openConnections(options: ConnectionOptions = {}): Connections {
  const { proxy, tls = {}, idleTimeout = connectionDefaults.idleTimeout, maxConnections } = options;
  const given = proxy === undefined || proxy === false ? undefined : proxiesOf(proxy);
  checkTls(tls);
  if (tls.insecure === true) {
    const what =
      "the option tls.insecure is on: certificates are not checked, and anybody may answer in a server's place";
    process.emitWarning(what, { type: 'SecurityWarning', code: 'RX_ALICLOUD_INSECURE' });
  }
  let most = maxConnections ?? connectionDefaults.maxConnections;
  const bound = (): number => most;
  const { admit, update } = admissionUpTo(bound);
  let opened: Connections | undefined;
  let opening: Promise<Connections> | undefined;

  async function open(): Promise<Connections> {
    const { connectionsOf } = await import('./node/connections.js').catch((cause: unknown) => {
      // What could not be loaded may be there the next time.
      opening = undefined;
      throw notLoaded(cause);
    });
    const proxies = proxy === undefined ? proxiesOfEnvironment(process.env) : given;
    return (opened = connectionsOf({ proxies, tls, idleTimeout, bound, timers: realTimers }));
  }

  return {
    // The first request waits for undici, and Zone.js for a promise.
    exchange: (request, listener) => ('Zone' in globalThis ? undefined : opened?.exchange?.(request, listener)),
    adapter: (config) =>
      asZoneTask(() => {
        if (opened !== undefined) return opened.adapter(config);
        opening ??= open();
        return opening.then(({ adapter }) => adapter(config));
      }),
    closeIdle: () => opened?.closeIdle(),
    admit,
    reserve(requests) {
      if (maxConnections === undefined && requests > most) most = requests;
      update();
    },
  };
}

function notLoaded(cause: unknown): ClientError {
  const advice =
    'bundle with the condition `module`, or leave the package `undici` out and install it beside the bundle';
  const message = `undici, over which requests travel in Node, could not be loaded (${messageOf(cause)}): ${advice}`;
  return new ClientError('SDK.NotLoaded', message, { cause });
}

export { AsyncScope } from './node/async-scope.js';
export { networkFailure } from './network-failure.js';
export { machine } from './node/diagnostics.js';
