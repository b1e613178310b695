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
  /** @throws ConfigurationError where the environment names no proxy of a kind that can be used. */
  readonly http: () => Proxy | undefined;
  /** @throws ConfigurationError as `http` does. */
  readonly https: () => Proxy | undefined;
  readonly no: string;
  /** Whether this machine itself is spoken to without a proxy. */
  readonly skipsLoopback: boolean;
}

/** @throws ConfigurationError where a proxy is no URL of one. */
export function proxiesOf(options: Exclude<ProxyOptions, false>): Proxies {
  const isOne = typeof options === 'string';
  const { http, https, no = '' } = isOne ? { http: options, https: options } : options;
  const path = (name: string): string => (isOne ? 'proxy' : `proxy.${name}`);
  const [ofHttp, ofHttps] = [proxyAt(http, path('http')), proxyAt(https, path('https'))];
  return {
    http: () => ofHttp,
    https: () => ofHttps,
    no,
    skipsLoopback: false,
  };
}

/**
 * What the environment says: of each scheme, else of all. It is there for every program, so that what is wrong in it
 * counts for nothing until it is used. In a CGI program `HTTP_PROXY` is a header of the request that is being answered, so that
 * only the lower case counts there.
 */
export function proxiesOfEnvironment(environment: Readonly<Record<string, string | undefined>>): Proxies {
  const isCgi = environment.REQUEST_METHOD !== undefined;
  const named = (...names: readonly string[]): Proxy | undefined => {
    const name = names.find((each) => environment[each] !== undefined);
    return name === undefined ? undefined : proxyAt(environment[name], name.toUpperCase());
  };
  const all = ['all_proxy', 'ALL_PROXY'];
  return {
    http: () => named('http_proxy', ...(isCgi ? [] : ['HTTP_PROXY']), ...all),
    https: () => named('https_proxy', 'HTTPS_PROXY', ...all),
    no: environment.no_proxy ?? environment.NO_PROXY ?? '',
    skipsLoopback: true,
  };
}

/** Reads the URL of a proxy, HTTP where it names no scheme. */
function proxyAt(given: string | undefined, path: string): Proxy | undefined {
  const text = given?.trim() ?? '';
  if (text === '') return undefined;
  const url = urlIn(text.includes('://') ? text : `http://${text}`);
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new ConfigurationError({
      path,
      expected: 'the URL of a proxy such as http://proxy:3128',
      received: receivedOf(text),
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

function receivedOf(text: string): string {
  // A password may stand before an @.
  if (text.includes('@')) return 'a text with @ in it';
  return `${JSON.stringify(text)}${/^socks/i.test(text) ? ', and SOCKS is not supported' : ''}`;
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
