/** Where a request comes from and where to: checks of its host, its origin, and of headers that came twice. */
import type { RequestInfo } from './request-info.js';
import { GatewayRefusal, invalid } from './refusal.js';

export interface SourceSettings {
  readonly origins: ReadonlySet<string>;
  /** In lower case. */
  readonly hosts: ReadonlySet<string>;
}

/** Refuses a request whose target is not what its URL says, as of the absolute form, and of dots that a URL has lost. */
export function checkTarget(url: URL, { target }: RequestInfo): void {
  if (target !== undefined && target !== url.pathname + url.search)
    throw invalid('The target of the request is no plain path');
}

/**
 * A name that is not the gateway's own may be one that an attacker has made to lead here. It is in the header `Host`, which pages
 * can't set. A framework may make its URL of that header, of a setting or of `localhost`, so that it counts only where the
 * header is missing, as with HTTP/2. `X-Forwarded-Host` is not looked at.
 */
export function checkHost(url: URL, headers: Headers, { hosts }: SourceSettings): void {
  if (hosts.has(withoutOwnPort(headers.get('host') ?? url.host, url.protocol))) return;
  throw new GatewayRefusal('Gateway.HostNotAllowed', 'The host is not one of this gateway');
}

/**
 * The origin of the page that calls. Programs that are no browsers have none, nor do some old browsers: those can't send the header
 * of the attempt across origins unasked.
 */
export function checkOrigin(headers: Headers, { origins }: SourceSettings): string | undefined {
  const origin = headers.get('origin');
  if (origin !== null) {
    if (origins.has(origin)) return origin;
    throw notAllowed();
  }
  // Browsers set it by themselves: `none` is an address that was typed.
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') throw notAllowed();
  return undefined;
}

/** Those of which there may be one: of two, each of two servers may believe another. */
const single = new Set([
  'host',
  'origin',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'expect',
  'authorization',
  'cookie',
  'user-agent',
  'referer',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'x-rx-alicloud-attempt',
]);

/** By the headers as they came; fetch form joins those that came twice. */
export function checkRawHeaders({ rawHeaders = [] }: RequestInfo): void {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (single.has(name) && seen.has(name)) throw invalid(`The header ${name} came twice`);
    seen.add(name);
  }
  if (seen.has('content-length') && seen.has('transfer-encoding')) {
    throw invalid('The header content-length came with transfer-encoding');
  }
}

function notAllowed(): GatewayRefusal {
  return new GatewayRefusal('Gateway.OriginNotAllowed', 'Pages of this origin may not call');
}

function withoutOwnPort(host: string, protocol: string): string {
  const lower = host.toLowerCase();
  return protocol === 'https:' ? lower.replace(/:443$/, '') : lower.replace(/:80$/, '');
}
