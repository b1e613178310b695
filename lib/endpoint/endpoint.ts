import { ClientError, ConfigurationError } from '../errors.js';
import type { Endpoints, Service } from '../service.js';

/** Reads an endpoint as users write it, a host, `host:port` or an origin, into an origin, whose scheme is `scheme` unless it says its own. */
export function parseEndpoint(endpoint: string, scheme: 'https' | 'http' = 'https'): string {
  const match = /^(https?:\/\/)?((?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::\d{1,5})?)\/?$/i.exec(
    endpoint,
  );
  const origin =
    match?.[2]?.includes('..') === false ? originIn(`${match[1] ?? `${scheme}://`}${match[2]}`) : undefined;
  if (origin !== undefined) return origin;
  throw new ConfigurationError({
    path: 'endpoint',
    expected: 'a host, host:port or an origin such as https://ecs.aliyuncs.com',
    // A password may stand before an @.
    received: endpoint.includes('@') ? 'a text with @ in it' : JSON.stringify(endpoint),
  });
}

/** Checks the name of a network, as it becomes part of a host name. */
export function parseNetwork(network: string): string {
  if (/^[a-z0-9]+(?:-[a-z0-9]+)*$/i.test(network)) return network;
  throw new ConfigurationError({
    path: 'network',
    expected: 'the name of a network such as vpc',
    received: JSON.stringify(network),
  });
}

/** The origin as requests will have it; a port beyond 65535 or an address that is none has none. */
function originIn(url: string): string | undefined {
  try {
    return new URL(url).origin;
  } catch {
    return undefined;
  }
}

/** Checks a region id, as it becomes part of a host name. */
export function parseRegionId(regionId: string): string {
  if (/^[a-z0-9]+(?:-[a-z0-9]+)*$/i.test(regionId)) return regionId;
  throw new ConfigurationError({
    path: 'regionId',
    expected: 'a region id such as cn-hangzhou',
    received: JSON.stringify(regionId),
  });
}

/** Which of a product's hosts are meant. */
export interface Place {
  readonly regionId: string | undefined;
  /** @default 'https' */
  readonly scheme?: 'https' | 'http' | undefined;
  /** Such as `vpc`; `undefined` is the public network. */
  readonly network?: string | undefined;
  /** The user's own endpoint data, by product. */
  readonly endpoints?: EndpointOverrides | undefined;
}

export type EndpointOverrides = Readonly<Record<string, Partial<Endpoints>>>;

/**
 * The origin of a product in a region: from its region map, else by its rule. The map names hosts of the public network,
 * so that in another network the rule alone counts.
 */
export function originOf(service: Service, place: Place): string {
  return knownOriginOf(service, place) ?? refuse(service, place);
}

/** The same, or `undefined` where neither map nor rule says it, and the location service may be asked. */
export function knownOriginOf(
  { product, endpoints: own }: Service,
  { regionId, scheme = 'https', network, endpoints = {} }: Place,
): string | undefined {
  const { prefix, rule, regions } = overridden(own, ownValue(endpoints, product));
  const isPublic = network === undefined || network === 'public';
  const listed = regionId === undefined || !isPublic ? undefined : ownValue(regions, regionId);
  if (listed !== undefined) return parseEndpoint(listed, scheme);
  const name = isPublic ? prefix : `${prefix}-${network}`;
  if (rule === 'central') return parseEndpoint(`${name}.aliyuncs.com`, scheme);
  if (rule === 'none' || regionId === undefined) return undefined;
  return parseEndpoint(`${name}.${regionId}.aliyuncs.com`, scheme);
}

function refuse({ product, endpoints: own }: Service, { regionId, endpoints = {} }: Place): never {
  const { rule } = overridden(own, ownValue(endpoints, product));
  if (rule === 'none')
    throw unknown(`${product} has no rule for its hosts`, '`endpoint`, or a `regionId` whose host is known,', regionId);
  throw unknown(`${product} has a host for each region`, '`regionId` (such as cn-hangzhou) or `endpoint`', regionId);
}

function overridden(own: Endpoints, users: Partial<Endpoints> | undefined): Endpoints {
  return users === undefined ? own : { ...own, ...users, regions: { ...own.regions, ...users.regions } };
}

function unknown(why: string, expected: string, regionId: string | undefined): ClientError {
  const got = regionId === undefined ? 'got neither' : `got the region ${regionId}, whose host is not known`;
  const what = `expected ${expected} in the client's options, ${got}`;
  return new ClientError('SDK.EndpointUnknown', `${why}: ${what}`);
}

/** A region called `constructor` is not in the map. */
function ownValue<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
