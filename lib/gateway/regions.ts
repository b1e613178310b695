/** Where a request names regions: by its own field, and wherever else a field of it is called one. */
import { isAbsent, isObject } from '../schema/values.js';
import { GatewayRefusal } from './refusal.js';

/**
 * Whether a field holds the id of a region, or several: `RegionId`, `SourceRegionId`, `DestinationRegion`, `regionIds`,
 * `ReplicaRegion`, `RegionNo`. It is the end of the name that says so: `RegionName` and `RegionalService` do not.
 */
export function isRegionNaming(name: string): boolean {
  return /region(?:[-_]?(?:id|no|code))?(?:s|[-_]?list)?$/i.test(name);
}

/** Refuses a request that names a region other than these, however deep, and in lists and texts of several. */
export function checkRegions(value: unknown, regions: readonly string[], path = 'request'): void {
  for (const [at, name, item] of membersOf(value, path)) {
    if (name !== undefined && isRegionNaming(name)) checkNamed(item, regions, at);
    checkRegions(item, regions, at);
  }
}

/** Refuses a region that is not among these. */
export function checkRegion(region: string, regions: readonly string[], path: string): void {
  if (!regions.includes(region)) throw notAllowed(path);
}

function checkNamed(value: unknown, regions: readonly string[], path: string): void {
  if (Array.isArray(value)) value.forEach((item: unknown, index) => checkNamed(item, regions, `${path}[${index}]`));
  // An object under such a name has names of its own; a number or a boolean is no region.
  else if (typeof value === 'string' && value !== '') checkText(value, regions, path);
}

/** One region, a list with commas, or a list as JSON. */
function checkText(text: string, regions: readonly string[], path: string): void {
  const named = text.split(/[\s,;|"'[\]{}]+/).filter((part) => part !== '');
  if (named.length === 0 || !named.every((each) => regions.includes(each))) throw notAllowed(path);
}

function notAllowed(path: string): GatewayRefusal {
  return new GatewayRefusal('Gateway.Forbidden', `The region in \`${path}\` is not allowed`);
}

type Member = readonly [path: string, name: string | undefined, value: unknown];

function membersOf(value: unknown, path: string): readonly Member[] {
  if (Array.isArray(value)) return value.map((item, index): Member => [`${path}[${index}]`, undefined, item]);
  if (!isObject(value) || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    isAbsent(item) ? [] : [[`${path}.${name}`, name, item] as const],
  );
}
