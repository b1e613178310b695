/** The official packages, called with the same values. They are JavaScript to us: what is used of them is typed here. */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { AnyOperation } from '../../lib/service.js';
import { toModel, toPlain, type ModelType } from './official-models.js';
import { pathVariables, type Sample } from './samples.js';
import { operationMethods, readSignatures, type Parameter } from './signatures.js';

export interface Official {
  /** The names of its operations. */
  readonly operations: readonly string[];
  connect(config: OfficialConfig): OfficialClient;
  /** Which host it takes in a region; `undefined` where it asks for one. */
  hostIn(regionId: string): string | undefined;
}

export interface OfficialConfig {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** `host:port` */
  readonly endpoint: string;
}

export interface OfficialClient {
  /** Calls the method of that name; gives the body with the names that it has on the wire, of events a list. */
  call(name: string, operation: AnyOperation, request: Sample): Promise<unknown>;
}

type Method = (...args: unknown[]) => unknown;

interface Module {
  readonly default: new (config: object) => Readonly<Record<string, Method>>;
  readonly [model: string]: unknown;
}

/** What the layouts of the packages call their library, and where it keeps the class of its options. */
const libraries: Readonly<Record<string, (library: Library) => ConfigClass>> = {
  '@alicloud/openapi-core': ({ $OpenApiUtil }) => $OpenApiUtil.Config,
  '@alicloud/openapi-client': ({ Config }) => Config,
  '@alicloud/rpc-client': ({ Config }) => Config,
};

type ConfigClass = new (config: object) => object;

interface Library {
  readonly $OpenApiUtil: { readonly Config: ConfigClass };
  readonly Config: ConfigClass;
}

/** Loads a package that is installed beside `folder`'s package.json. */
export function loadOfficial(name: string, folder = process.cwd()): Official {
  const main = createRequire(`${folder}/package.json`).resolve(name);
  const require = createRequire(main);
  const module = require(main) as Module;
  const { dependencies } = require(`${name}/package.json`) as { dependencies: Readonly<Record<string, string>> };
  const library = Object.keys(libraries).find((candidate) => candidate in dependencies);
  if (library === undefined) throw new Error(`${name} depends on none of ${Object.keys(libraries).join(', ')}`);
  const Config = libraries[library]!(require(library) as Library);
  const signatures = readSignatures(`${dirname(main)}/client.d.ts`);
  const operations = operationMethods(signatures);
  return {
    operations: [...operations.keys()],
    hostIn(regionId) {
      try {
        const client = new module.default(new Config({ accessKeyId: 'id', accessKeySecret: 'secret', regionId }));
        // The oldest library calls it otherwise.
        return (client._endpoint ?? client._endpointHost) as unknown as string;
      } catch (error) {
        if (String(error).includes('config.endpoint')) return undefined;
        throw error;
      }
    },
    connect(config) {
      const client = new module.default(new Config({ ...config, protocol: 'http', regionId: 'cn-hangzhou' }));
      return {
        async call(name, operation, request) {
          const method = operations.get(name) ?? '';
          const parameters = signatures.get(method);
          if (parameters === undefined) throw new Error(`The official client has no operation ${name}`);
          return responseOf(await client[method]?.(...argumentsOf(parameters, module, operation, request)), operation);
        },
      };
    },
  };
}

function argumentsOf(
  parameters: readonly Parameter[],
  module: Module,
  operation: AnyOperation,
  request: Sample,
): unknown[] {
  const variables = pathVariables(operation);
  return parameters.map(({ name, className }) => {
    if (name === 'runtime') return {};
    if (className !== undefined) return toModel(module[className] as ModelType, request);
    if (name === 'headers') return {};
    const variable = variables.find((candidate) => candidate === name || candidate === `${name}InPath`);
    // What stands in no path must not show anywhere else, either.
    return variable === undefined ? `the unused parameter ${name}` : request[variable];
  });
}

async function responseOf(result: unknown, { responseType }: AnyOperation): Promise<unknown> {
  if (responseType === 'events') {
    const events: unknown[] = [];
    for await (const event of result as AsyncIterable<{ body: unknown }>) events.push(toPlain(event.body));
    return events;
  }
  const plain = toPlain(result) as { body?: unknown; headers?: unknown };
  // The oldest library answers with the body alone.
  const body = 'headers' in plain ? plain.body : plain;
  if (responseType !== 'bytes') return body;
  if (Buffer.isBuffer(body)) return body.toString('hex');
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('hex');
}
