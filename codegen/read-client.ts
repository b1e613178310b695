/** Reads the client class of a package: its endpoints, and its operations. */
import type ts from 'typescript';
import { compiler } from './compiler.js';
import { statement } from './pattern.js';
import { getEndpoint, readEndpoints } from './read-endpoints.js';
import { isDefaultExport } from './read-models.js';
import { argumentsOf, readOperation } from './read-operation.js';
import { readProtocol } from './read-protocol.js';
import { readUpload } from './read-upload.js';
import { reasonOf, Refusal } from './refusal.js';
import type { Api, Endpoints, Models, Operation, Refused, Upload } from './model.js';

/** `product` is the product's code. */
export function readClient(file: ts.SourceFile, models: Models, product: string): Api {
  const client = file.statements.filter(compiler.isClassDeclaration).find(isDefaultExport);
  if (!client) throw new Refusal(file, 'no client class');
  refuseGateway(file);
  const methods = new Map<string, ts.MethodDeclaration>();
  let endpoints: Endpoints | undefined;
  let protocol: Operation['protocol'];
  for (const part of client.members) {
    if (compiler.isConstructorDeclaration(part)) {
      endpoints = readEndpoints(part, product);
      protocol = readProtocol(part);
    } else if (!compiler.isMethodDeclaration(part)) throw new Refusal(part, 'not a known part of a client');
    else if (!getEndpoint(part) && part.name.getText() !== '_postOSSObject') methods.set(part.name.getText(), part);
  }
  if (!endpoints) throw new Refusal(client, 'no constructor');
  return { endpoints, ...readOperations(client, methods, models, protocol) };
}

/** Whose calls a gateway of its own makes, which signs and writes them in its own way. */
function refuseGateway(file: ts.SourceFile): void {
  for (const line of file.statements.filter(compiler.isImportDeclaration)) {
    const from = compiler.isStringLiteral(line.moduleSpecifier) ? line.moduleSpecifier.text : '';
    if (/^@alicloud\/gateway-(?!spi$)/.test(from))
      throw new Refusal(line, `the product goes through a gateway of its own, ${from}`);
  }
}

function readOperations(
  client: ts.ClassDeclaration,
  methods: Methods,
  models: Models,
  protocol: Operation['protocol'],
): Pick<Api, 'version' | 'operations' | 'refused'> {
  const operations: Operation[] = [];
  const refused: Refused[] = [];
  const versions = new Set<string>();
  for (const [full, names] of operationMethods(methods)) {
    const name = shortest(names);
    try {
      for (const each of names) checkShortForm(methods.get(each), full);
      const { operation, version } = readOperation(full, name, models, protocol);
      versions.add(version);
      operations.push({ ...operation, upload: readUploadOf(operation, full, methods, models, refused) });
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

type Methods = ReadonlyMap<string, ts.MethodDeclaration>;

/**
 * The call itself stands in the method with all arguments, such as `fooWithOptions`; others, such as `foo`, only fill in
 * what that one asks for. Gives the former with the names of all of them. `fooAdvance` is read with `foo`.
 */
function operationMethods(methods: Methods): ReadonlyMap<ts.MethodDeclaration, readonly string[]> {
  const found = new Map<ts.MethodDeclaration, string[]>();
  for (const [name, method] of methods) {
    if (methods.has(name.replace(/Advance$/, '')) && name.endsWith('Advance')) continue;
    const full = methods.get(`${name}WithOptions`) ?? methods.get(`${name}Ex`) ?? calledBy(method, methods) ?? method;
    found.set(full, [...(found.get(full) ?? []), name]);
  }
  return found;
}

/** The method of the same client whose result this one returns. */
function calledBy(method: ts.MethodDeclaration, methods: Methods): ts.MethodDeclaration | undefined {
  const last = method.body?.statements.at(-1)?.getText() ?? '';
  return methods.get(/^return await this\.(\w+)\(/.exec(last)?.[1] ?? '');
}

function shortest(names: readonly string[]): string {
  return names.reduce((one, other) => (other.length < one.length ? other : one));
}

function readUploadOf(
  { method: name, requestModel }: Operation,
  full: ts.MethodDeclaration,
  methods: Methods,
  models: Models,
  refused: Refused[],
): Upload | undefined {
  const method = methods.get(`${name}Advance`);
  if (!method || requestModel === undefined) return undefined;
  try {
    return readUpload(method, full, requestModel, models);
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

/** A method that calls another one fills in no more than what that one asks for. */
function checkShortForm(method: ts.MethodDeclaration | undefined, full: ts.MethodDeclaration): void {
  if (method === full) return;
  const call = statement(`return await this.${full.name.getText()}(${argumentsOf(full).join(', ')});`);
  for (const line of method?.body?.statements ?? []) {
    if (![...shortForm, call].some((pattern) => pattern(line)))
      throw new Refusal(line, 'not a known statement of a short form');
  }
}
