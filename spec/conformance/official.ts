/** The official packages, called with the same values. They are JavaScript to us: what is used of them is typed here. */
import { createRequire } from 'node:module';
import type { AnyOperation } from '../../lib/service.js';
import { pathVariables } from './samples.js';

interface ModelClass {
  new (map?: object): { toMap(): unknown };
  names(): Record<string, string>;
  types(): Record<string, ModelType>;
}

type ModelType = string | ModelClass | { type: 'array'; itemType: ModelType } | { type: 'map'; valueType: ModelType };

export type OfficialClient = Record<string, Method>;

type Method = (...args: unknown[]) => Promise<{ body?: unknown }>;

export interface OfficialPackage {
  readonly default: new (config: object) => OfficialClient;
  readonly [model: string]: unknown;
}

interface Core {
  readonly $OpenApiUtil: { readonly Config: new (config: object) => object };
  readonly OpenApiUtil: { getTimestamp(): string; getNonce(): string };
}

interface Dara {
  readonly RuntimeOptions: new (options: object) => object;
}

const require = createRequire(`${process.cwd()}/package.json`);
const core = require('@alicloud/openapi-core') as Core;
const dara = require('@darabonba/typescript') as Dara;

export function loadOfficial(name: string): OfficialPackage {
  return require(name) as OfficialPackage;
}

/** Stops the clock and the nonces of every official client. */
export function freezeOfficial(timestamp: string, nonce: string): void {
  core.OpenApiUtil.getTimestamp = () => timestamp;
  core.OpenApiUtil.getNonce = () => nonce;
}

export function officialClient(official: OfficialPackage, config: object): OfficialClient {
  return new official.default(new core.$OpenApiUtil.Config(config));
}

/** Calls the official method for the operation; gives the body, with the names it has on the wire. */
export async function callOfficial(
  official: OfficialPackage,
  client: OfficialClient,
  methodName: string,
  operation: AnyOperation,
  request: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const method = client[`${methodName}WithOptions`];
  if (method === undefined) throw new Error(`The official client has no ${methodName}WithOptions`);
  const variables = new Set(pathVariables(operation));
  const args = parametersOf(method).map((parameter) => {
    if (parameter === 'runtime') return new dara.RuntimeOptions({});
    if (parameter === 'headers') return {};
    if (parameter === 'request' || parameter === 'tmpReq') {
      return toModel(official[requestClassOf(operation, official)] as ModelClass, request);
    }
    if (!variables.has(parameter)) throw new Error(`${methodName} takes an unknown parameter ${parameter}`);
    return request[parameter];
  });
  const { body } = await method.apply(client, args);
  return toPlain(body);
}

function requestClassOf(operation: AnyOperation, official: OfficialPackage): string {
  const wanted = `${operation.action}Request`.toLowerCase();
  const name = Object.keys(official).find((key) => key.toLowerCase() === wanted);
  if (name === undefined) throw new Error(`The official package has no ${operation.action}Request`);
  return name;
}

function parametersOf(method: Method): string[] {
  const list = /\(([^)]*)\)/.exec(method.toString())?.[1] ?? '';
  return list.split(',').map((name) => name.trim());
}

/** An official model from values under their wire names. */
function toModel(type: ModelType, value: unknown): unknown {
  if (typeof type === 'function') {
    const values = value as Readonly<Record<string, unknown>>;
    const types = type.types();
    const members = Object.entries(type.names())
      .filter(([, wireName]) => values[wireName] !== undefined)
      .map(([name, wireName]) => [name, toModel(types[name] ?? 'any', values[wireName])]);
    return new type(Object.fromEntries(members) as object);
  }
  if (typeof type === 'string') return value;
  if (type.type === 'array') return (value as unknown[]).map((item) => toModel(type.itemType, item));
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, toModel(type.valueType, item)]));
}

function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  const { toMap } = value as { toMap?: () => object };
  const members = Object.entries<unknown>(typeof toMap === 'function' ? { ...toMap.call(value) } : { ...value });
  return Object.fromEntries(members.map(([name, item]) => [name, toPlain(item)]));
}
