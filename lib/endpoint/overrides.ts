/** The option `endpoints`: what is different about the hosts of products. */
import { checkOptions, oneOf, plainObject, checkOption, type Rules } from '../schema/options.js';
import { plain } from '../schema/meant.js';
import type { Endpoints } from '../service.js';
import { checkPrefix, checkRegionId, parseEndpoint, refuse } from './host-names.js';

/** By the product's code such as `Ecs`, whatever the case of its letters. */
export type EndpointOverrides = Readonly<
  Record<string, { readonly [Key in keyof Endpoints]?: Endpoints[Key] | undefined }>
>;

const rules: Rules<Endpoints> = {
  prefix: checkPrefix,
  rule: oneOf('regional', 'central', 'none'),
  regions(value, path) {
    checkOption(path, value, plainObject);
    for (const [regionId, host] of Object.entries(value as Record<string, unknown>)) {
      const place = `${path}.${regionId}`;
      checkRegionId(regionId, place);
      if (typeof host === 'string') parseEndpoint(host, 'https', place);
      else refuse(place, 'a host', host);
    }
  },
};

export function checkEndpoints(value: unknown, path: string): void {
  checkOption(path, value, plainObject);
  const seen = new Set<string>();
  for (const [product, overrides] of Object.entries(value as Record<string, unknown>)) {
    const place = `${path}.${product}`;
    if (!/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/i.test(product)) refuse(place, "under a product's code such as Ecs", overrides);
    if (seen.size === seen.add(plain(product)).size) refuse(place, 'there once, as case does not count', overrides);
    checkOptions(overrides, rules, `${place}.`);
  }
}

/** A product's own endpoints with the user's in their place. */
export function overridden(product: string, own: Endpoints, endpoints: EndpointOverrides | undefined): Endpoints {
  const name = Object.keys(endpoints ?? {}).find((each) => plain(each) === plain(product));
  const { prefix, rule, regions } = endpoints?.[name ?? ''] ?? {};
  return { prefix: prefix ?? own.prefix, rule: rule ?? own.rule, regions: { ...own.regions, ...regions } };
}
