/** Reads the client class of a package: its endpoints, and its operations. */
import ts from 'typescript';
import { entriesOf } from './entries.js';
import { member, statement, stringIn, type Captures } from './pattern.js';
import { readOperation } from './read-operation.js';
import { Refusal } from './refusal.js';
import type { Api, Endpoints, Models, Operation } from './model.js';

export function readClient(file: ts.SourceFile, models: Models): Api {
  const client = file.statements.find(ts.isClassDeclaration);
  if (!client) throw new Refusal(file, 'no client class');
  const methods = new Map<string, ts.MethodDeclaration>();
  let endpoints: Endpoints | undefined;
  for (const part of client.members) {
    if (ts.isConstructorDeclaration(part)) endpoints = readEndpoints(part);
    else if (!ts.isMethodDeclaration(part)) throw new Refusal(part, 'not a known part of a client');
    else if (!getEndpoint(part)) methods.set(part.name.getText(), part);
  }
  if (!endpoints) throw new Refusal(client, 'no constructor');

  const operations: Operation[] = [];
  const versions = new Set<string>();
  for (const [name, method] of methods) {
    const full = methods.get(`${name}WithOptions`);
    if (full) {
      checkShortForm(method, full);
      const { operation, version } = readOperation(full, name, models);
      operations.push(operation);
      versions.add(version);
    } else if (!name.endsWith('WithOptions') || !methods.has(name.replace(/WithOptions$/, ''))) {
      throw new Refusal(method, 'not a known method of a client');
    }
  }
  const [version, ...others] = versions;
  if (version === undefined || others.length > 0)
    throw new Refusal(client, `expected one version, got ${[...versions].join()}`);
  return { version, endpoints, operations };
}

const getEndpoint = member(`
  getEndpoint(productId: string, regionId: string, endpointRule: string, network: string, suffix: string,
      endpointMap: {[key: string ]: string}, endpoint: string): string {
    if (!$dara.isNull(endpoint)) {
      return endpoint;
    }
    if (!$dara.isNull(endpointMap) && !$dara.isNull(endpointMap[regionId])) {
      return endpointMap[regionId];
    }
    return OpenApiUtil.getEndpointRules(productId, regionId, endpointRule, network, suffix);
  }`);

const shortForm = [
  statement('let runtime = new $dara.RuntimeOptions({ });'),
  statement('let headers : {[key: string ]: string} = { };'),
];

/** The method without `WithOptions` only fills in what the other one asks for. */
function checkShortForm(method: ts.MethodDeclaration, full: ts.MethodDeclaration): void {
  const values = full.parameters.map(({ name }) => (name.getText() === 'tmpReq' ? 'request' : name.getText()));
  const call = statement(`return await this.${full.name.getText()}(${values.join(', ')});`);
  for (const line of method.body?.statements ?? []) {
    if (![...shortForm, call].some((pattern) => pattern(line)))
      throw new Refusal(line, 'not a known statement of a short form');
  }
}

const rule = statement('this._endpointRule = $$rule;');
const map = statement('this._endpointMap = $$map;');
const prefix = statement(`this._endpoint = this.getEndpoint(
  $$prefix, this._regionId, this._endpointRule, this._network, this._suffix, this._endpointMap, this._endpoint);`);
const others = [statement('super(config);'), statement('this.checkConfig(config);')];

function readEndpoints(constructor: ts.ConstructorDeclaration): Endpoints {
  let found: Captures = {};
  for (const line of constructor.body?.statements ?? []) {
    const captures = rule(line) ?? map(line) ?? prefix(line) ?? others.map((pattern) => pattern(line)).find(Boolean);
    if (!captures) throw new Refusal(line, 'not a known statement of a constructor');
    found = { ...found, ...captures };
  }
  if (!found.rule || !found.prefix) throw new Refusal(constructor, 'the constructor does not say where the product is');
  const ruleText = stringIn(found, 'rule');
  if (ruleText !== 'regional' && ruleText !== 'central') throw new Refusal(found.rule, 'not a known rule of endpoints');
  return { prefix: stringIn(found, 'prefix'), rule: ruleText, regions: found.map ? readRegions(found.map) : {} };
}

function readRegions(node: ts.Node): Record<string, string> {
  const regions: Record<string, string> = {};
  for (const [region, host] of entriesOf(node)) {
    if (!ts.isStringLiteral(host)) throw new Refusal(host, 'not a host');
    regions[region] = host.text;
  }
  return regions;
}
