/** Reads where a product's hosts are, from the constructor of its client. */
import type ts from 'typescript';
import { compiler } from './compiler.js';
import { entriesOf } from './entries.js';
import { expression, member, statement, stringIn, type Captures, type Pattern } from './pattern.js';
import { publishedHosts } from './published-hosts.js';
import { Refusal } from './refusal.js';
import { algorithmLine } from './read-protocol.js';
import type { Endpoints } from './model.js';

/** The method that applies what the constructor says; it is the same in all clients. */
export const getEndpoint: Pattern = (node) => newer(node) ?? older(node);

const signature = `getEndpoint(productId: string, regionId: string, endpointRule: string, network: string,
  suffix: string, endpointMap: {[key: string ]: string}, endpoint: string): string`;
const newer = member(`${signature} {
  if (!$dara.isNull(endpoint)) {
    return endpoint;
  }
  if (!$dara.isNull(endpointMap) && !$dara.isNull(endpointMap[regionId])) {
    return endpointMap[regionId];
  }
  return OpenApiUtil.getEndpointRules(productId, regionId, endpointRule, network, suffix);
}`);
const older = member(`${signature} {
  if (!Util.empty(endpoint)) {
    return endpoint;
  }
  if (!Util.isUnset(endpointMap) && !Util.empty(endpointMap[regionId])) {
    return endpointMap[regionId];
  }
  return EndpointUtil.getEndpointRules(productId, regionId, endpointRule, network, suffix);
}`);

const ruleLine = statement('this._endpointRule = $$rule;');
const mapLine = statement('this._endpointMap = $$map;');
const prefixLine = statement(`this._endpoint = this.getEndpoint(
  $$prefix, this._regionId, this._endpointRule, this._network, this._suffix, this._endpointMap, this._endpoint);`);
const olderPrefixLine = statement(`this._endpointHost = this.getEndpoint($$prefix, this._regionId, this._endpointRule,
  this._network, this._suffix, this._endpointMap, this._endpointHost);`);
const ownName = expression('this._productId');
const others = [statement('super(config);'), statement('this.checkConfig(config);'), algorithmLine];

/** `product` is the product's code, for clients that leave their name in hosts to it. */
export function readEndpoints(constructor: ts.ConstructorDeclaration, product: string): Endpoints {
  let found: Captures = {};
  for (const line of constructor.body?.statements ?? []) {
    const lines = [ruleLine, mapLine, prefixLine, olderPrefixLine, ...others];
    const captures = lines.map((pattern) => pattern(line)).find(Boolean);
    if (!captures) throw new Refusal(line, 'not a known statement of a constructor');
    found = { ...found, ...captures };
  }
  if (!found.rule || !found.prefix) throw new Refusal(constructor, 'the constructor does not say where the product is');
  const rule = stringIn(found, 'rule');
  if (!isRule(rule)) throw new Refusal(found.rule, 'not a known rule of endpoints');
  const prefix = ownName(found.prefix) ? product.toLowerCase() : stringIn(found, 'prefix');
  // An empty rule is central to the newer library; the older one asks for an endpoint.
  const isOlder = constructor.parent.members.some((part) => older(part));
  const endpoints: Endpoints = {
    prefix,
    rule: rule === '' ? (isOlder ? 'none' : 'central') : rule,
    regions: found.map ? readRegions(found.map) : {},
  };
  const own = Object.entries(endpoints.regions).filter(([, host]) => !isPlaceholder(host));
  const isOpen = rule === '' || own.length < Object.keys(endpoints.regions).length;
  if (!isOpen) return endpoints;
  const published = publishedHosts(product);
  return { ...endpoints, ...published, regions: { ...published.regions, ...Object.fromEntries(own) } };
}

function isRule(text: string): text is 'regional' | 'central' | '' {
  return text === 'regional' || text === 'central' || text === '';
}

/** `account-id.cn-hangzhou.fc.aliyuncs.com` is no host: the account has to be filled in. */
function isPlaceholder(host: string): boolean {
  return host.startsWith('account-id.');
}

function readRegions(node: ts.Node): Record<string, string> {
  const regions: Record<string, string> = {};
  for (const [region, host] of entriesOf(node)) {
    if (!compiler.isStringLiteral(host)) throw new Refusal(host, 'not a host');
    regions[region] = host.text;
  }
  return regions;
}
