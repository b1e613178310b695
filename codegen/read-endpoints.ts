/** Reads where a product's hosts are, and how its calls are signed, from the constructor of its client. */
import ts from 'typescript';
import { entriesOf } from './entries.js';
import { expression, member, statement, stringIn, type Captures, type Pattern } from './pattern.js';
import { Refusal } from './refusal.js';
import type { Endpoints, Operation } from './model.js';

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
const algorithmLine = statement('this._signatureAlgorithm = $$algorithm;');
const others = [statement('super(config);'), statement('this.checkConfig(config);')];

export interface Construction {
  readonly endpoints: Endpoints;
  /** Of the operations that don't say it themselves. */
  readonly protocol: Operation['protocol'];
}

/** `product` is the product's code, for clients that leave their name in hosts to it. */
export function readConstructor(constructor: ts.ConstructorDeclaration, product: string): Construction {
  let found: Captures = {};
  for (const line of constructor.body?.statements ?? []) {
    const lines = [ruleLine, mapLine, prefixLine, olderPrefixLine, algorithmLine, ...others];
    const captures = lines.map((pattern) => pattern(line)).find(Boolean);
    if (!captures) throw new Refusal(line, 'not a known statement of a constructor');
    found = { ...found, ...captures };
  }
  if (!found.rule || !found.prefix) throw new Refusal(constructor, 'the constructor does not say where the product is');
  const ruleText = stringIn(found, 'rule');
  const rule = ruleText === '' ? 'none' : ruleText;
  if (rule !== 'regional' && rule !== 'central' && rule !== 'none')
    throw new Refusal(found.rule, 'not a known rule of endpoints');
  const prefix = ownName(found.prefix) ? product.toLowerCase() : stringIn(found, 'prefix');
  const endpoints = { prefix, rule, regions: found.map ? readRegions(found.map) : {} } as const;
  return { endpoints, protocol: found.algorithm && readAlgorithm(found.algorithm) };
}

/** What the library calls v2 is the protocol that was before this one. */
function readAlgorithm(node: ts.Node): Operation['protocol'] {
  if (ts.isStringLiteral(node) && node.text === 'v2') return 'V1';
  throw new Refusal(node, 'not a known algorithm of signatures');
}

function readRegions(node: ts.Node): Record<string, string> {
  const regions: Record<string, string> = {};
  for (const [region, host] of entriesOf(node)) {
    if (!ts.isStringLiteral(host)) throw new Refusal(host, 'not a host');
    regions[region] = host.text;
  }
  return regions;
}
