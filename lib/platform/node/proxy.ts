import { ConfigurationError } from '../../errors.js';
import type { ProxyOptions } from '../connections.js';

/** A forward proxy. */
export interface Proxy {
  readonly isSecure: boolean;
  readonly hostname: string;
  readonly port: number;
  /** As it may be shown: without who uses it. */
  readonly host: string;
  /** The value of the header `proxy-authorization`. */
  readonly authorization: string | undefined;
}

/** The proxies for the URLs of each scheme, and the hosts that need none. */
export interface Proxies {
  readonly http: Proxy | undefined;
  readonly https: Proxy | undefined;
  readonly no: string;
  /** Whether this machine itself is spoken to without a proxy. */
  readonly skipsLoopback: boolean;
}

/** @throws ConfigurationError where a proxy is no URL of one. */
export function proxiesOf(options: Exclude<ProxyOptions, false>): Proxies {
  const isOne = typeof options === 'string';
  const { http, https, no = '' } = isOne ? { http: options, https: options } : options;
  const path = (name: string): string => (isOne ? 'proxy' : `proxy.${name}`);
  return {
    http: proxyAt(http, path('http')),
    https: proxyAt(https, path('https')),
    no,
    skipsLoopback: false,
  };
}

/**
 * What the environment says. In a CGI program `HTTP_PROXY` is a header of the request that is being answered, so that
 * only the lower case counts there.
 */
export function proxiesOfEnvironment(environment: Readonly<Record<string, string | undefined>>): Proxies {
  const read = (name: string): string | undefined => environment[name] ?? environment[name.toUpperCase()];
  const http = environment.REQUEST_METHOD === undefined ? read('http_proxy') : environment.http_proxy;
  return {
    http: proxyAt(http, 'HTTP_PROXY'),
    https: proxyAt(read('https_proxy'), 'HTTPS_PROXY'),
    no: read('no_proxy') ?? '',
    skipsLoopback: true,
  };
}

/** Reads the URL of a proxy, HTTP where it names no scheme. */
function proxyAt(text: string | undefined, path: string): Proxy | undefined {
  if (text === undefined || text === '') return undefined;
  const url = urlIn(text.includes('://') ? text : `http://${text}`);
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new ConfigurationError({
      path,
      expected: 'the URL of a proxy such as http://proxy:3128',
      // A password may stand before an @.
      received: text.includes('@') ? 'a text with @ in it' : JSON.stringify(text),
    });
  }
  const isSecure = url.protocol === 'https:';
  return {
    isSecure,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (isSecure ? 443 : 80),
    host: url.host,
    authorization: url.username === '' && url.password === '' ? undefined : basic(url, path),
  };
}

function urlIn(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function basic({ username, password }: URL, path: string): string {
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(pair).toString('base64')}`;
  } catch {
    const expected = 'a URL whose user and password are percent-encoded';
    throw new ConfigurationError({ path, expected, received: 'one with a % that begins no escape' });
  }
}
