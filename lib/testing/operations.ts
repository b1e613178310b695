/** Which operation a request is for: looked up in the catalog, and its tables parsed, on the operation's first call. */
import { from, map, of, type Observable } from 'rxjs';
import { parseBody, parseFields, parseType, type Body, type Field, type Schema } from '../schema/grammar.js';
import { isPlainObject } from '../schema/values.js';
import type { AnyOperation, HttpMethod, Service, ServiceDefinition } from '../service.js';
import { listingOf } from './listing.js';
import { paginationOf } from './paged.js';
import { compilePath, type PathPattern } from './path-pattern.js';
import { sampleOf } from './sample.js';
import type { ParsedRequest } from './wire.js';

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
  /** The made-up answer to a request: not to be changed, as it may be made once for all. */
  readonly sample: (request: Readonly<Record<string, unknown>>) => unknown;
}

export interface Operations {
  /** Emits `undefined` where there is no such operation, and at once where its product has been loaded before. */
  find(version: string, action: string, request: ParsedRequest): Observable<CompiledOperation | undefined>;
}

/** What names an operation on the wire: save for very few, no two products share an action of one version. */
export function operationKey(version: string, action: string): string {
  return `${version} ${action}`;
}

/**
 * `atHand` is there from the start, and stands before what the catalog says of the same product and version.
 *
 * @param listSize how many items a made-up list has that has pages
 */
export function createOperations(
  atHand: readonly AnyDefinition[],
  catalog: readonly CatalogEntry[],
  listSize: number,
): Operations {
  const definitions = [...atHand];
  const unloaded = new Set(catalog.filter((entry) => !atHand.some(({ service }) => isSame(service, entry))));
  const loading = new Map<CatalogEntry, Promise<unknown>>();
  // Only what exists is kept: what strangers ask for must not fill the memory.
  const known = new Map<string, readonly CompiledOperation[]>();

  function load(entry: CatalogEntry): Promise<unknown> {
    const begun = loading.get(entry);
    if (begun !== undefined) return begun;
    const loaded = entry.load().then((definition) => {
      definitions.push(definition);
      unloaded.delete(entry);
    });
    loading.set(entry, loaded);
    return loaded;
  }

  function find(version: string, action: string): readonly CompiledOperation[] {
    const key = operationKey(version, action);
    const candidates =
      known.get(key) ?? definitions.flatMap((definition) => compiled(definition, version, action, listSize));
    if (candidates.length > 0) known.set(key, candidates);
    return candidates;
  }

  return {
    find(version, action, request) {
      const needed = [...unloaded].filter((entry) => entry.version === version);
      const chosen = (): CompiledOperation | undefined => choose(find(version, action), request);
      return needed.length === 0 ? of(chosen()) : from(Promise.all(needed.map(load))).pipe(map(chosen));
    },
  };
}

function isSame(service: Service, { product, version }: CatalogEntry): boolean {
  return service.version === version && service.product === product;
}

function compiled(
  { service, operations }: AnyDefinition,
  version: string,
  action: string,
  listSize: number,
): CompiledOperation[] {
  if (service.version !== version) return [];
  // A product's operations are an interface of operations: `object` is as near as its type comes to that.
  return (Object.values(operations) as AnyOperation[])
    .filter((each) => each.action === action)
    .map((descriptor) => compile(descriptor, listSize));
}

/**
 * Two products may have an action of the same name in the same version: then the host tells. An operation may have one
 * description for an answer and one for a stream of events: then a parameter called `stream` tells, where there is one.
 */
function choose(candidates: readonly CompiledOperation[], request: ParsedRequest): CompiledOperation | undefined {
  if (candidates.length < 2) return candidates[0];
  const first = atHost(candidates, request.headers.host) ?? candidates[0];
  const ofProduct = candidates.filter(({ descriptor }) => descriptor.service === first?.descriptor.service);
  const isStream = /[?&"]stream"?[=:]\s*true/i.test(`${request.target} ${request.text()}`);
  const hasSwitch = /[,{]?stream:b/i.test(`${first?.descriptor.query ?? ''} ${first?.descriptor.body ?? ''}`);
  const wanted = !hasSwitch || isStream;
  return ofProduct.find(({ descriptor }) => (descriptor.responseType === 'events') === wanted) ?? first;
}

/** By the first label of the host's name: `vpcpeer.cn-hangzhou.aliyuncs.com` is not `vpc`, `vpc-vpc.…` is. */
function atHost(candidates: readonly CompiledOperation[], host = ''): CompiledOperation | undefined {
  const label = host.split('.', 1)[0] ?? '';
  const prefixOf = ({ descriptor }: CompiledOperation): string => descriptor.service.endpoints.prefix;
  return (
    candidates.find((candidate) => prefixOf(candidate) === label) ??
    candidates.find((candidate) => label.startsWith(`${prefixOf(candidate)}-`))
  );
}

function compile(descriptor: AnyOperation, listSize: number): CompiledOperation {
  const { response: table, action, pages } = descriptor;
  const response = table === undefined ? undefined : parseType(table);
  const [query, body] = [parseFields(descriptor.query ?? ''), parseBody(descriptor.body ?? '')];
  const made = once(() => (response === undefined ? nothingFor(descriptor) : sampleOf(response, action)));
  const paginate = once(() => paginationOf([...query, ...fieldsOf(body)], response));
  const listing = once(() =>
    pages === undefined || response === undefined ? undefined : listingOf(pages, response, action),
  );
  return {
    descriptor,
    key: operationKey(descriptor.service.version, action),
    method: descriptor.method ?? 'POST',
    path: descriptor.path === undefined ? undefined : compilePath(descriptor.path),
    query,
    header: parseFields(descriptor.header ?? ''),
    body,
    response,
    sample: (request) =>
      listing()?.(request, listSize) ?? paginate()?.({ ...wholeOf(body, request), ...request }, made()) ?? made(),
  };
}

/** Of a body that is one field, that field's own. */
function fieldsOf(body: Body): readonly Field[] {
  if ('fields' in body) return body.fields;
  return body.whole.schema.kind === 'struct' ? body.whole.schema.fields : [];
}

function wholeOf(body: Body, request: Readonly<Record<string, unknown>>): object {
  const whole = 'whole' in body ? request[body.whole.name] : undefined;
  return isPlainObject(whole) ? whole : {};
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function nothingFor({ action, responseType }: AnyOperation): unknown {
  return responseType === 'bytes' || responseType === 'text' ? `What ${action} answers.` : {};
}
