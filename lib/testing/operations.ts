/** Which operation a request is for: looked up in the catalog, and its tables parsed, on the operation's first call. */
import { parseBody, parseFields, parseType, type Body, type Field, type Schema } from '../schema/grammar.js';
import type { AnyOperation, HttpMethod, ServiceDefinition } from '../service.js';
import { compilePath, type PathPattern } from './path-pattern.js';
import { sampleOf } from './sample.js';
import { bodyText, type ParsedRequest } from './wire.js';

type AnyDefinition = ServiceDefinition<object>;

/** A generated product, loaded when one of its operations is called. */
export interface CatalogEntry {
  readonly product: string;
  readonly version: string;
  load(): Promise<AnyDefinition>;
}

export interface CompiledOperation {
  readonly descriptor: AnyOperation;
  /** See {@link operationKey}. */
  readonly key: string;
  readonly method: HttpMethod;
  /** Absent: an RPC operation. */
  readonly path: PathPattern | undefined;
  readonly query: readonly Field[];
  readonly header: readonly Field[];
  readonly body: Body;
  readonly response: Schema | undefined;
  /** The made-up answer: made once, so not to be changed. */
  sample(): unknown;
}

export interface Operations {
  /** Settles with `undefined` where there is no such operation. */
  find(version: string, action: string, request: ParsedRequest): Promise<CompiledOperation | undefined>;
}

/** What names an operation on the wire: save for very few, no two products share an action of one version. */
export function operationKey(version: string, action: string): string {
  return `${version} ${action}`;
}

export function createOperations(extra: readonly AnyDefinition[], catalog: readonly CatalogEntry[]): Operations {
  const loading = new Map<CatalogEntry, Promise<AnyDefinition>>();
  // Only what exists is kept: what strangers ask for must not fill the memory.
  const known = new Map<string, Promise<readonly CompiledOperation[]>>();

  async function definitionsOf(version: string): Promise<readonly AnyDefinition[]> {
    const loaded = catalog
      .filter((entry) => entry.version === version)
      .map((entry) => {
        const definition = loading.get(entry) ?? entry.load();
        loading.set(entry, definition);
        return definition;
      });
    return [...extra.filter(({ service }) => service.version === version), ...(await Promise.all(loaded))];
  }

  async function find(version: string, action: string): Promise<readonly CompiledOperation[]> {
    const candidates: CompiledOperation[] = [];
    for (const { operations } of await definitionsOf(version)) {
      // A product's operations are an interface of operations: `object` is as near as its type comes to that.
      const descriptors = (Object.values(operations) as AnyOperation[]).filter((each) => each.action === action);
      candidates.push(...descriptors.map(compile));
    }
    if (candidates.length > 0) known.set(operationKey(version, action), Promise.resolve(candidates));
    return candidates;
  }

  return {
    async find(version, action, request) {
      const candidates = await (known.get(operationKey(version, action)) ?? find(version, action));
      return candidates.length > 1 ? choose(candidates, request) : candidates[0];
    },
  };
}

/**
 * Two products may have an action of the same name in the same version: then the host tells. An operation may have one
 * description for an answer and one for a stream of events: then a parameter called `stream` tells, where there is one.
 */
function choose(candidates: readonly CompiledOperation[], request: ParsedRequest): CompiledOperation | undefined {
  const { host = '' } = request.headers;
  const atHost = candidates.filter(({ descriptor }) => host.startsWith(descriptor.service.endpoints.prefix));
  const [first] = atHost.length > 0 ? atHost : candidates;
  const ofProduct = candidates.filter(({ descriptor }) => descriptor.service === first?.descriptor.service);
  const isStream = /[?&"]stream"?[=:]\s*true/i.test(`${request.target} ${bodyText(request)}`);
  const hasSwitch = /[,{]?stream:b/i.test(`${first?.descriptor.query ?? ''} ${first?.descriptor.body ?? ''}`);
  const wanted = !hasSwitch || isStream;
  return ofProduct.find(({ descriptor }) => (descriptor.responseType === 'events') === wanted) ?? first;
}

function compile(descriptor: AnyOperation): CompiledOperation {
  const response = descriptor.response === undefined ? undefined : parseType(descriptor.response);
  let sample: unknown;
  return {
    descriptor,
    key: operationKey(descriptor.service.version, descriptor.action),
    method: descriptor.method ?? 'POST',
    path: descriptor.path === undefined ? undefined : compilePath(descriptor.path),
    query: parseFields(descriptor.query ?? ''),
    header: parseFields(descriptor.header ?? ''),
    body: parseBody(descriptor.body ?? ''),
    response,
    sample: () => (sample ??= response === undefined ? nothingFor(descriptor) : sampleOf(response, descriptor.action)),
  };
}

function nothingFor({ action, responseType }: AnyOperation): unknown {
  return responseType === 'bytes' || responseType === 'text' ? `What ${action} answers.` : {};
}
