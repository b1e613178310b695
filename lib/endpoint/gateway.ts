/** The option `gateway`: where calls are sent that a gateway signs and passes on. */
import { ConfigurationError } from '../errors.js';
import { invalidOption } from '../schema/options.js';
import { originIn } from './host-names.js';

/** The options of a client that are a gateway's own affair, or say where and how calls are sent without one. */
const notBeside = [
  'credentials',
  'endpoint',
  'network',
  'endpoints',
  'signature',
  'scheme',
  'locationService',
  'rateLimiter',
  'proxy',
  'dispatcher',
] as const;

/** The same of the options of a call: none of them travels. */
const notThrough = ['credentials', 'endpoint', 'headers', 'query'] as const;

type Options<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

interface GatewayOptions extends Options<(typeof notBeside)[number]> {
  readonly gateway?: string | undefined;
  /** Either takes a path for what it likes; without them, it is the page's. */
  readonly transport?: unknown;
  readonly axios?: unknown;
}

/**
 * The URL of the gateway, without a slash at its end; its path alone where that is for the user's own transport, or where there
 * is no page: a server that renders pages makes their clients, too, and then no call of theirs. `undefined` where there is none.
 *
 * @throws ConfigurationError where it is neither a URL nor a path, and beside what it excludes.
 */
export function gatewayOf(options: GatewayOptions): string | undefined {
  const { gateway, transport, axios } = options;
  if (gateway === undefined) return undefined;
  refuseOthers(options, notBeside);
  const [, server = '', path = ''] = /^(https?:\/\/[^/?#@\\]+)?(\/.*|)$/is.exec(gateway) ?? [];
  const base = path.replace(/\/$/, '');
  const origin = server === '' ? '' : originIn(server);
  if (origin === undefined || server + path === '' || !isPath.test(base) || dots.test(base)) {
    const expected = 'a path such as /api/alicloud, or an http(s) URL without query, fragment and user';
    // A password may stand before an @, and a token behind a question mark.
    const received = /[@?#]/.test(gateway) ? 'a text with @, ? or # in it' : JSON.stringify(gateway);
    throw new ConfigurationError({ path: 'gateway', expected, received });
  }
  if (origin !== '' || transport !== undefined || axios !== undefined) return origin + base;
  return (pageOrigin() ?? '') + base;
}

/** @throws ConfigurationError where a call would go to a path, and nothing knows of which server. */
export function requireServer({ gateway, transport, axios }: GatewayOptions): void {
  if (transport !== undefined || axios !== undefined || gateway?.startsWith('/') !== true || pageOrigin() !== undefined)
    return;
  const expected = 'a URL, as there is no page that a path could be of (or a `transport` of your own)';
  throw new ConfigurationError({ path: 'gateway', expected, received: JSON.stringify(gateway) });
}

/** @throws ConfigurationError for an option of a call that can't travel. */
export function refuseBesideGateway(options: Options<(typeof notThrough)[number]>): void {
  refuseOthers(options, notThrough);
}

function refuseOthers<Name extends string>(options: Options<Name>, names: readonly Name[]): void {
  for (const name of names) {
    const given = options[name];
    if (given !== undefined) throw invalidOption(name, "absent, as it is the gateway's affair", given);
  }
}

/** What a URL parser would change, or take for another part of the URL, is in none. */
const isPath = /^(?:\/[\w.~!$&'()*+,;=:@-]+)*$/;
const dots = /\/\.{1,2}(?:\/|$)/;

/** Of the page, or of the worker's script. */
function pageOrigin(): string | undefined {
  const { location } = globalThis as { readonly location?: { readonly origin?: string } };
  const origin = location?.origin;
  return origin?.startsWith('http') === true ? origin : undefined;
}
