/** Decides which interfaces a service has, what they are called, and where each stands. */
import { modelOf } from './read-models.js';
import type { Side } from './tables.js';
import type { Api, Models, Operation, Parameter, Type } from './model.js';

/** One interface: a model, as it is in requests or as it is in responses. */
export interface Declaration {
  readonly model: string;
  readonly side: Side;
}

export interface Declarations {
  /** Those that belong to the operation alone. */
  own(operation: Operation): readonly Declaration[];
  /** Those that no single operation owns. */
  readonly shared: readonly Declaration[];
  nameOf(declaration: Declaration): string;
}

/** `DescribeRegions`, after which the types of the operation are named. */
export function baseOf(operation: Operation): string {
  return operation.responseModel.replace(/Response$/, '');
}

/** What every service has by these names. */
export const importedNames = [
  'Client',
  'Content',
  'NoContent',
  'Operation',
  'PagedOperation',
  'Service',
  'ServiceDefinition',
  'Record',
  'defineClient',
];

/** `taken` are the names that the service has beside those. */
export function declare({ operations }: Api, models: Models, taken: readonly string[]): Declarations {
  const sharedName = (model: string): string =>
    [...importedNames, ...taken].includes(model) ? `${model}Model` : model;
  const names = new Map<string, string>();
  const owned = new Map<Operation, Declaration[]>();
  const shared: Declaration[] = [];
  const visit = (type: Type, side: Side, operation: Operation): void => {
    if (type.kind === 'array') return visit(type.items, side, operation);
    if (type.kind === 'map') return visit(type.values, side, operation);
    if (type.kind !== 'model' || names.has(`${side} ${type.name}`)) return;
    const name = ownName(type.name, side, operation);
    names.set(`${side} ${type.name}`, name ?? sharedName(type.name));
    (name === undefined ? shared : owned.get(operation))?.push({ model: type.name, side });
    for (const field of modelOf(models, type.name).fields.values()) visit(field.type, side, operation);
  };
  for (const operation of operations) {
    owned.set(operation, []);
    for (const parameter of parametersOf(operation)) visit(parameter.type, 'request', operation);
    if (operation.response) visit(operation.response, 'response', operation);
  }

  const isOnBothSides = ({ model }: Declaration): boolean =>
    names.has(`request ${model}`) && names.has(`response ${model}`);
  for (const { model } of shared.filter(isOnBothSides)) {
    if (differsBySide(model, models)) names.set(`request ${model}`, `${sharedName(model)}Input`);
  }
  const nameOf = ({ model, side }: Declaration): string => names.get(`${side} ${model}`) ?? model;
  const isFirst = (declaration: Declaration, index: number): boolean =>
    shared.findIndex((other) => nameOf(other) === nameOf(declaration)) === index;
  return { own: (operation) => owned.get(operation) ?? [], shared: shared.filter(isFirst), nameOf };
}

/** All fields of the request but its path variables. What goes to two places is one field. */
export function parametersOf({ query, header, body, wholeBody }: Operation): readonly Parameter[] {
  const all = [...query, ...header, ...body, ...(wholeBody ? [wholeBody] : [])];
  return all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
}

/** The name of a model that belongs to the operation: `DescribeRegionsResponseBodyRegions` is the response's `Regions`. */
function ownName(model: string, side: Side, operation: Operation): string | undefined {
  const base = baseOf(operation);
  if (side === 'request') return model.startsWith(`${base}Request`) ? model : undefined;
  const prefix = `${base}ResponseBody`;
  const isBody = operation.response?.kind === 'model';
  return model.startsWith(prefix)
    ? model.replace(prefix, isBody ? `${base}Response` : `${base}ResponseItem`)
    : undefined;
}

/** Requests have required fields, and take a bigint for a number. */
function differsBySide(model: string, models: Models, seen = new Set<string>()): boolean {
  if (seen.has(model)) return false;
  seen.add(model);
  const differs = (type: Type): boolean => {
    if (type.kind === 'array') return differs(type.items);
    if (type.kind === 'map') return differs(type.values);
    return type.kind === 'model' ? differsBySide(type.name, models, seen) : type.kind === 'number';
  };
  return [...modelOf(models, model).fields.values()].some((field) => field.required || differs(field.type));
}
