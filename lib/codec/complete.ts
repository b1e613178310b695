/** What the client knows stands in for what a request does not say: its region, and a `ClientToken`. */
import { isRead } from '../retry/is-read.js';
import type { Field } from '../schema/grammar.js';
import { entriesOf, isAbsent, isPlainObject } from '../schema/values.js';
import type { AnyOperation } from '../service.js';
import { isTokenName } from './client-token.js';
import { isRegionField } from './region.js';

/** What a request is completed with. */
export interface Completion {
  readonly regionId: string | undefined;
  /** Makes the `ClientToken` that an operation has a field of this name for, and its request none; absent where none is to be filled in. */
  readonly clientToken?: ((name: string) => string) | undefined;
}

/** The fields of an operation by where they go. */
export interface PlacedFields {
  readonly path: readonly Field[];
  readonly query: readonly Field[];
  readonly header: readonly Field[];
  readonly body: readonly Field[];
}

/** The fields that are filled in, where the operation has such, and the one that names the region, filled in or not. */
export interface KnownFields {
  readonly region: Field | undefined;
  readonly token: Field | undefined;
  readonly regionNamed: Field | undefined;
}

export function knownFieldsOf(operation: AnyOperation, { path, query, header, body }: PlacedFields): KnownFields {
  const all = [...path, ...query, ...header, ...body];
  const region = all.find((field) => field.isRegion);
  // One in the body of a GET would not be sent.
  const token = isRead(operation)
    ? undefined
    : [...query, ...header, ...(hasBody(operation) ? body : [])].find(isClientToken);
  return { region, token, regionNamed: region ?? all.find(isRegionField) };
}

export function completed(
  request: unknown,
  { region, token }: KnownFields,
  { regionId, clientToken }: Completion,
): unknown {
  const placed = filledIn(request ?? {}, region, isAbsent, () => regionId);
  return filledIn(placed, token, isBlank, clientToken);
}

export function hasBody({ method }: AnyOperation): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

function isClientToken({ name, schema }: Field): boolean {
  return isTokenName(name) && schema.kind === 'string';
}

function filledIn(
  request: unknown,
  field: Field | undefined,
  isMissing: (value: unknown) => boolean,
  make: ((name: string) => string | undefined) | undefined,
): unknown {
  if (field === undefined || !isPlainObject(request) || !isMissing(request[field.name])) return request;
  const value = make?.(field.name);
  if (value === undefined) return request;
  return Object.fromEntries([...entriesOf(request), [field.name, value]]);
}

/** Nothing that a server could take for a `ClientToken`. */
function isBlank(value: unknown): boolean {
  return isAbsent(value) || (typeof value === 'string' && value.trim() === '');
}
