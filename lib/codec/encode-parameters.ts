/** Fields as flat parameters, and as headers. */
import { InvalidRequestError } from '../errors.js';
import { flatten } from '../schema/flatten.js';
import type { Field } from '../schema/grammar.js';
import { isAbsent } from '../schema/values.js';
import { shrink } from '../schema/write-json.js';
import { isHeaderValue } from '../transport/header-value.js';

/** A request's fields, under their names. */
export type Values = Readonly<Record<string, unknown>>;

/** `fixed`: those that there are anyway. */
export function writeParameters(
  fields: readonly Field[],
  values: Values,
  fixed: readonly (readonly [name: string, value: string])[] = [],
): Map<string, string> {
  const parameters = new Map(fixed);
  for (const { name, schema, style } of fields) {
    const value = values[name];
    if (isAbsent(value)) continue;
    if (style === undefined) flatten(parameters, name, value);
    else parameters.set(name, shrink(schema, style, value));
  }
  return parameters;
}

/** Names in lower case. Throws where a value is none that a header can have. */
export function writeHeaders(action: string, parameters: ReadonlyMap<string, string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [path, value] of parameters) {
    if (!isHeaderValue(value)) {
      const refusal = { path, expected: 'text on one line, in Latin-1', received: 'other characters' };
      throw new InvalidRequestError(action, [refusal]);
    }
    headers[path.toLowerCase()] = value;
  }
  return headers;
}
