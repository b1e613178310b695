/** Loaded with the first request, as undici takes its time. */
import { createSecureContext } from 'node:tls';
import { ConfigurationError } from '../../errors.js';
import type { Connections, ExchangeListener, ExchangeRequest, TlsOptions } from '../connections.js';
import { Timeouts, type TimeoutClock } from '../timeouts.js';
import { axiosAdapterOver } from './axios-adapter.js';
import { connectorOf, type Route, type TlsContexts } from './connector.js';
import { dispatchOptions } from './dispatch-options.js';
import { DispatchHandler } from './dispatch-handler.js';
import { ConnectionPool } from './connection-pool.js';
import { noProxyIn } from './no-proxy.js';
import type { Proxies } from './proxy.js';
import type { realTimers } from './real-timers.js';

export interface ConnectionSettings {
  /** `undefined`: none. */
  readonly proxies: Proxies | undefined;
  readonly tls: TlsOptions;
  /** In milliseconds. */
  readonly idleTimeout: number;
  /** How many connections there may be to an origin. */
  readonly bound: () => number;
  readonly timers: typeof realTimers;
}

export function connectionsOf({ proxies, tls, idleTimeout, bound, timers }: ConnectionSettings): Connections {
  const tlsContexts = tlsContextsOf(tls);
  const needsNone = noProxyIn(proxies?.no ?? '', proxies?.skipsLoopback ?? false);
  const origins = new Map<string, Origin>();
  const timeouts = new Timeouts(readClock);

  function routeTo(text: string): Route {
    const { origin, protocol, hostname, port } = originIn(text);
    const isSecure = protocol === 'https:';
    const address = { hostname: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isSecure ? 443 : 80) };
    const isDirect = proxies === undefined || needsNone(address.hostname, address.port);
    return { origin, isSecure, address, proxy: isDirect ? undefined : isSecure ? proxies.https() : proxies.http() };
  }

  function open(text: string): Origin {
    const route = routeTo(text);
    const connector = connectorOf(route, tlsContexts);
    const pool = new ConnectionPool({ route, connector, idleTimeout, bound, timers, onEmpty: () => forget(text) });
    const opened = { route, pool };
    origins.set(text, opened);
    return opened;
  }

  /** An origin is worth remembering without a connection to it: its TLS session makes the next one faster. */
  function forget(text: string): void {
    if (origins.size > rememberedOrigins) origins.delete(text);
  }

  function begin(request: ExchangeRequest, listener: ExchangeListener): DispatchHandler {
    const { url } = request;
    const origin = originOf(url);
    const { route, pool } = origins.get(origin) ?? open(origin);
    const path = pathOf(url, origin.length);
    const { proxy } = route;
    const isForwarded = proxy !== undefined && !route.isSecure;
    const handler = new DispatchHandler(request, route, listener, timeouts);
    const options = dispatchOptions(
      handler,
      isForwarded ? `${route.origin}${path}` : path,
      isForwarded ? proxy.authorization : undefined,
    );
    pool.run(handler, options);
    return handler;
  }

  return {
    exchange: begin,
    adapter: axiosAdapterOver(begin),
    closeIdle: () => {
      for (const { pool } of [...origins.values()]) pool.closeIdle();
    },
  };
}

/** More are forgotten as soon as no connection to them is left. */
const rememberedOrigins = 100;

/** A process that was busy for long finds its timers due before it has read what came meanwhile. */
const readClock: TimeoutClock = {
  now: () => performance.now(),
  set(work, after) {
    const timer = setTimeout(work, after);
    return () => clearTimeout(timer);
  },
  afterReading: (work) => void setImmediate(work),
};

interface Origin {
  readonly route: Route;
  readonly pool: ConnectionPool;
}

/** The origin as it is written, which is what the routes are known by. */
function originOf(url: string): string {
  const origin = /^https?:\/\/[^/?#\\]*/i.exec(url)?.[0];
  if (origin === undefined) throw noUrl();
  return origin;
}

/** What stands behind the origin, without a fragment. */
function pathOf(url: string, from: number): string {
  const end = url.indexOf('#', from);
  const path = end < 0 ? url.slice(from) : url.slice(from, end);
  return path.startsWith('/') ? path : `/${path}`;
}

function originIn(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw noUrl();
  }
  if (url.username !== '' || url.password !== '') throw noUrl();
  return url;
}

/** What came may hold a signature or a password. */
function noUrl(): ConfigurationError {
  const expected = 'an absolute HTTP or HTTPS URL without a user or a password';
  return new ConfigurationError({ path: 'url', expected, received: 'another text' });
}

/** One context for all connections: making one takes longer than most handshakes. */
function tlsContextsOf({ ca, cert, key, passphrase, insecure }: TlsOptions): TlsContexts {
  const checks = insecure === true ? { rejectUnauthorized: false } : {};
  const authority = ca === undefined ? {} : { ca: [ca].flat().map(bufferOf) };
  const own = {
    ...(cert === undefined ? {} : { cert: bufferOf(cert) }),
    ...(key === undefined ? {} : { key: bufferOf(key) }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
  try {
    return {
      server: { secureContext: createSecureContext({ ...authority, ...own }), ...checks },
      // A proxy is no server that the client's own certificate is for.
      proxy: { secureContext: createSecureContext(authority), ...checks },
    };
  } catch (error) {
    const { code = 'another' } = error as NodeJS.ErrnoException;
    const expected = 'certificates in PEM, and the key and the passphrase that fit them';
    throw new ConfigurationError({ path: 'tls', expected, received: `what OpenSSL refuses (${code})` });
  }
}

function bufferOf(pem: string | Uint8Array): string | Buffer {
  return typeof pem === 'string' ? pem : Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength);
}
