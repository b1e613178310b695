import type { Service } from '../service.js';
import { parseEndpoint } from './host-names.js';
import { overridden, type EndpointOverrides } from './overrides.js';

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

/**
 * The origin of a product in a region: from its region map, else by its rule. The map names hosts of the public network,
 * so that in another network the rule alone counts. `undefined` where neither says it, and the location service may be asked.
 */
export function knownOriginOf(
  { product, endpoints: own }: Service,
  { regionId, scheme = 'https', network, endpoints }: Place,
): string | undefined {
  const { prefix, rule, regions } = overridden(product, own, endpoints);
  const isPublic = network === undefined || network === 'public';
  const listed = regionId === undefined || !isPublic ? undefined : ownValue(regions, regionId);
  if (listed !== undefined) return parseEndpoint(listed, scheme);
  const name = isPublic ? prefix : `${prefix}-${network}`;
  if (rule === 'central') return parseEndpoint(`${name}.aliyuncs.com`, scheme);
  if (rule === 'none' || regionId === undefined) return undefined;
  return parseEndpoint(`${name}.${regionId}.aliyuncs.com`, scheme);
}

/** A region called `constructor` is not in the map. */
function ownValue<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
