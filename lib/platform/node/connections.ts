/** Loaded with the first request, as undici takes its time. */
import type { AxiosResponse } from 'axios';
import { createSecureContext } from 'node:tls';
import { ConfigurationError } from '../../errors.js';
import type { AdapterConfig, Connections, TlsOptions } from '../connections.js';
import { cancellationOf } from '../failure.js';
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

  function begin(
    config: AdapterConfig,
    resolve: (response: AxiosResponse<unknown>) => void,
    reject: (error: unknown) => void,
  ): void {
    if (config.signal?.aborted === true) return reject(cancellationOf(config));
    const { origin, path } = partsOf(config.url ?? '');
    const { route, pool } = origins.get(origin) ?? open(origin);
    const { proxy } = route;
    const isForwarded = proxy !== undefined && !route.isSecure;
    const handler = new DispatchHandler(config, route, resolve, reject);
    const request = dispatchOptions(
      config,
      isForwarded ? `${route.origin}${path}` : path,
      isForwarded ? proxy.authorization : undefined,
      (loaded, total) => handler.onSent(loaded, total),
    );
    pool.run(handler, request);
  }

  return {
    adapter: (config) => new Promise((resolve, reject) => begin(config, resolve, reject)),
    closeIdle: () => {
      for (const { pool } of [...origins.values()]) pool.closeIdle();
    },
  };
}

/** More are forgotten as soon as no connection to them is left. */
const rememberedOrigins = 100;

interface Origin {
  readonly route: Route;
  readonly pool: ConnectionPool;
}

/** The origin as it is written, which is what the routes are known by, and the rest without a fragment. */
function partsOf(url: string): { origin: string; path: string } {
  const origin = /^https?:\/\/[^/?#\\]*/i.exec(url)?.[0];
  if (origin === undefined) throw noUrl();
  const rest = url.slice(origin.length);
  const end = rest.indexOf('#');
  const path = end < 0 ? rest : rest.slice(0, end);
  return { origin, path: path.startsWith('/') ? path : `/${path}` };
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
