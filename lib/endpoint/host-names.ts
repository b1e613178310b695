/** What becomes part of a host name, or is one. */
import { ConfigurationError } from '../errors.js';
import { invalidOption } from '../schema/options.js';

/**
 * Reads an endpoint as users write it, a host, `host:port` or an origin, into an origin, whose scheme is `scheme` unless it
 * says its own. `path` is what the option is called.
 */
export function parseEndpoint(endpoint: string, scheme: 'https' | 'http' = 'https', path = 'endpoint'): string {
  const match = /^(https?:\/\/)?((?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::\d{1,5})?)\/?$/i.exec(
    endpoint,
  );
  const origin =
    match?.[2]?.includes('..') === false ? originIn(`${match[1] ?? `${scheme}://`}${match[2]}`) : undefined;
  return origin ?? refuse(path, 'a host, host:port or an origin such as https://ecs.aliyuncs.com', endpoint);
}

/** The origin as requests will have it; a port beyond 65535 or an address that is none has none. */
export function originIn(url: string): string | undefined {
  try {
    return new URL(url).origin;
  } catch {
    return undefined;
  }
}

/** Whether it can be a part of a host name between dots. */
export function isLabel(value: unknown): value is string {
  return typeof value === 'string' && /^(?!.{64})[a-z0-9]+(?:-[a-z0-9]+)*$/i.test(value);
}

export function checkRegionId(value: unknown, path: string): void {
  if (!isLabel(value)) refuse(path, 'a region id such as cn-hangzhou', value);
}

export function checkNetwork(value: unknown, path: string): void {
  if (!isLabel(value)) refuse(path, 'the name of a network such as vpc', value);
}

/** The part of a host name that is the product's: `_` is in some, and dots are between labels. */
export function checkPrefix(value: unknown, path: string): void {
  if (typeof value === 'string' && value.split('.').every((part) => isLabel(part.replaceAll('_', '-')))) return;
  refuse(path, 'the beginning of a host name such as ecs', value);
}

export function refuse(path: string, expected: string, value: unknown): never {
  if (typeof value !== 'string') throw invalidOption(path, expected, value);
  // A password may stand before an @.
  const received = value.includes('@') ? 'a text with @ in it' : JSON.stringify(value);
  throw new ConfigurationError({ path, expected, received });
}
