/** Which host a call goes to: by the official client, by ours, and by the list that Alibaba Cloud publishes for its command line. */
import { knownOriginOf } from '../../lib/endpoint/endpoint.js';
import type { Service } from '../../lib/service.js';
import type { Official } from './official.js';
import published from './published-hosts.json' with { type: 'json' };

/** A product in a region; a host is absent where there is none. */
export interface HostRow {
  /** The product's name in the catalog. */
  readonly product: string;
  readonly region: string;
  readonly official: string | undefined;
  readonly ours: string | undefined;
  readonly published: string | undefined;
}

/** By product, the hosts with `{region}` in them, and the regions, separated by blanks. */
const publishedHosts: Readonly<Record<string, Readonly<Record<string, string>>>> = published;

/** Every region that any product or the list knows, and one that nobody knows. */
export function regionsOf(services: readonly Service[]): readonly string[] {
  const own = services.flatMap(({ endpoints }) => Object.keys(endpoints.regions));
  const listed = Object.values(publishedHosts).flatMap((hosts) =>
    Object.values(hosts).flatMap((each) => each.split(' ')),
  );
  return [...new Set([...own, ...listed, 'xx-nowhere-1'])].sort();
}

export function hostsOf(product: string, service: Service, official: Official, regions: readonly string[]): HostRow[] {
  return regions.map((region) => ({
    product,
    region,
    official: official.hostIn(region),
    ours: ourHost(service, region),
    published: publishedHost(product, region),
  }));
}

export function ourHost(service: Service, region: string): string | undefined {
  return knownOriginOf(service, { regionId: region })?.replace('https://', '');
}

export function publishedHost(product: string, region: string): string | undefined {
  const hosts = Object.entries(publishedHosts[product] ?? {});
  const found = hosts.find(([, regions]) => regions.split(' ').includes(region));
  return found?.[0].replace('{region}', region);
}

interface KnownHosts {
  readonly products: readonly string[];
  readonly reason: string;
}

const placeholder =
  'The official client has a placeholder for the account in its hosts; ours are those that are published.';
const unnamed = 'The official client has no name for the product in its host.';
const inEach = 'The package leaves it open; the published hosts are one in each region.';
const inThese = 'The package leaves it open; these hosts are published.';
const central =
  'The package leaves it open, newer ones of the product or those that call it have one host for all regions.';

export const knownHosts: readonly KnownHosts[] = [
  { products: ['fc-20210406'], reason: placeholder },
  { products: ['kms', 'viapiutils'], reason: unnamed },
  {
    products: [
      'eci',
      'fc',
      'imagesearch-20200212',
      'imagesearch-20210120',
      'imagesearch-20210501',
      'rocketmq',
      'swas-open',
    ],
    reason: inEach,
  },
  {
    products: [
      'bailian',
      'captcha',
      'contactcenterai',
      'devs',
      'dm',
      'es-serverless',
      'es-serverless-20220822',
      'esa',
      'ocr-api',
      'paillmtrace',
      'retailadvqa',
      'sasrasp',
      'superappnlp',
      'tingwu-20220930',
      'viapi',
    ],
    reason: inThese,
  },
  {
    products: ['cms-20150420', 'intelligentcreation-20240118', 'intelligentcreation-20241107', 'openplatform'],
    reason: central,
  },
];

/** Why a host that is not the official client's is right; `undefined`: nobody has said. */
export function reasonForHost({ product }: Pick<HostRow, 'product'>): string | undefined {
  return knownHosts.find(({ products }) => products.includes(product))?.reason;
}

export interface HostGroup {
  readonly product: string;
  /** With `{region}` in place of the region. */
  readonly official: string;
  readonly ours: string;
  readonly regions: number;
  readonly reason: string | undefined;
}

/** Rows in which ours is not the official client's host, by what they have in common. */
export function hostGroups(rows: readonly HostRow[]): HostGroup[] {
  const groups = new Map<string, HostGroup>();
  for (const row of rows.filter(({ official, ours }) => official !== ours)) {
    const [official, ours] = [patternOf(row.official, row.region), patternOf(row.ours, row.region)];
    const key = `${row.product} ${official} ${ours}`;
    const regions = (groups.get(key)?.regions ?? 0) + 1;
    groups.set(key, { product: row.product, official, ours, regions, reason: reasonForHost(row) });
  }
  return [...groups.values()];
}

function patternOf(host: string | undefined, region: string): string {
  return host?.replace(region, '{region}') ?? 'none';
}

export function hostsInWords(rows: readonly HostRow[]): string {
  const products = new Set(rows.map(({ product }) => product)).size;
  const same = rows.filter(({ official, ours }) => official === ours).length;
  const listed = rows.filter((row) => row.published !== undefined);
  const asListed = listed.filter((row) => row.published === row.ours).length;
  return `products: ${products}, hosts: ${rows.length}, as the official client: ${same}, different: ${rows.length - same}; published: ${listed.length}, as published: ${asListed}`;
}
