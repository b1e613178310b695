import { ClientError, ConfigurationError } from '../errors.js';
import type { Service } from '../service.js';

/** Reads an endpoint as users write it, a host, `host:port` or an origin, into an origin. HTTPS unless it says `http://`. */
export function parseEndpoint(endpoint: string): string {
  const match = /^(https?:\/\/)?((?:[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::\d{1,5})?)\/?$/i.exec(
    endpoint,
  );
  const origin = match?.[2]?.includes('..') === false ? originIn(`${match[1] ?? 'https://'}${match[2]}`) : undefined;
  if (origin !== undefined) return origin;
  throw new ConfigurationError({
    path: 'endpoint',
    expected: 'a host, host:port or an origin such as https://ecs.aliyuncs.com',
    // A password may stand before an @.
    received: endpoint.includes('@') ? 'a text with @ in it' : JSON.stringify(endpoint),
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

/** The origin of a product in a region: from its region map, else by its rule. */
export function originOf({ product, endpoints }: Service, regionId: string | undefined): string {
  const listed = regionId === undefined ? undefined : ownValue(endpoints.regions, regionId);
  if (listed !== undefined) return `https://${listed}`;
  if (endpoints.rule === 'central') return `https://${endpoints.prefix}.aliyuncs.com`;
  if (regionId === undefined) {
    throw new ClientError(
      'SDK.EndpointUnknown',
      `${product} has a host for each region: expected \`regionId\` (such as cn-hangzhou) or \`endpoint\` in the client's options, got neither`,
    );
  }
  return `https://${endpoints.prefix}.${regionId}.aliyuncs.com`;
}

/** A region called `constructor` is not in the map. */
function ownValue(map: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
