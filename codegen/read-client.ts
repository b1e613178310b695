/** Reads the client class of a package: its endpoints, and its operations. */
import ts from 'typescript';
import { statement } from './pattern.js';
import { getEndpoint, readEndpoints } from './read-endpoints.js';
import { isDefaultExport } from './read-models.js';
import { readOperation, type Read } from './read-operation.js';
import { readUpload } from './read-upload.js';
import { reasonOf, Refusal } from './refusal.js';
import type { Api, Endpoints, Models, Operation, Refused, Upload } from './model.js';

/** `product` is the product's code. */
export function readClient(file: ts.SourceFile, models: Models, product: string): Api {
  const client = file.statements.filter(ts.isClassDeclaration).find(isDefaultExport);
  if (!client) throw new Refusal(file, 'no client class');
  const methods = new Map<string, ts.MethodDeclaration>();
  let endpoints: Endpoints | undefined;
  for (const part of client.members) {
    if (ts.isConstructorDeclaration(part)) endpoints = readEndpoints(part, product);
    else if (!ts.isMethodDeclaration(part)) throw new Refusal(part, 'not a known part of a client');
    else if (!getEndpoint(part) && part.name.getText() !== '_postOSSObject') methods.set(part.name.getText(), part);
  }
  if (!endpoints) throw new Refusal(client, 'no constructor');
  return { endpoints, ...readOperations(client, methods, models) };
}

function readOperations(
  client: ts.ClassDeclaration,
  methods: ReadonlyMap<string, ts.MethodDeclaration>,
  models: Models,
): Pick<Api, 'version' | 'operations' | 'refused'> {
  const operations: Operation[] = [];
  const refused: Refused[] = [];
  const versions = new Set<string>();
  for (const [name, method] of methods) {
    if (isPartOfAnother(name, methods)) continue;
    try {
      const { operation, version } = readMethod(name, method, methods, models);
      versions.add(version);
      operations.push({ ...operation, upload: readUploadOf(operation, methods, models, refused) });
    } catch (error) {
      refused.push({ method: name, reason: reasonOf(error) });
    }
  }
  if (operations.length === 0) throw new Refusal(undefined, refused[0]?.reason ?? 'a client without operations');
  const [version, ...others] = versions;
  if (version === undefined || others.length > 0)
    throw new Refusal(client, `expected one version, got ${[...versions].join()}`);
  // Where an action is there in both forms, whoever looks for it finds the ordinary one first.
  const emitsEvents = ({ responseType }: Operation): boolean => responseType === 'events';
  const plain = operations.filter((operation) => !emitsEvents(operation));
  return { version, operations: [...plain, ...operations.filter(emitsEvents)], refused };
}

/** `fooWithOptions`, `fooEx` and `fooAdvance` are read with `foo`. */
function isPartOfAnother(name: string, methods: ReadonlyMap<string, unknown>): boolean {
  const other = /^(.+)(?:WithOptions|Ex|Advance)$/.exec(name)?.[1];
  return other !== undefined && methods.has(other);
}

/** The call itself stands in the method with all arguments; in the oldest packages there is only that one. */
function readMethod(
  name: string,
  method: ts.MethodDeclaration,
  methods: ReadonlyMap<string, ts.MethodDeclaration>,
  models: Models,
): Read {
  const full = methods.get(`${name}WithOptions`) ?? methods.get(`${name}Ex`);
  if (full) checkShortForm(method, full);
  return readOperation(full ?? method, name, models);
}

function readUploadOf(
  { method: name, requestModel }: Operation,
  methods: ReadonlyMap<string, ts.MethodDeclaration>,
  models: Models,
  refused: Refused[],
): Upload | undefined {
  const method = methods.get(`${name}Advance`);
  if (!method || requestModel === undefined) return undefined;
  try {
    return readUpload(method, requestModel, models);
  } catch (error) {
    refused.push({ method: `${name}Advance`, reason: reasonOf(error) });
    return undefined;
  }
}

const shortForm = [
  statement('let runtime = new $dara.RuntimeOptions({ });'),
  statement('let headers : {[key: string ]: string} = { };'),
  statement('let headers = new $_model.$$Headers({ });'),
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
