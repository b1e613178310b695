/** The fields of a request, by an operation's tables, and which of them take bytes. */
import { parseBodyTemplate } from '../codec/encode-body.js';
import { parsePath } from '../codec/encode-path.js';
import { parseFields } from '../schema/grammar.js';
import type { AnyOperation } from '../service.js';

export function fieldNamesOf(operation: AnyOperation): ReadonlySet<string> {
  const fields = [
    ...parsePath(operation.path).fields,
    ...parseFields(operation.query ?? ''),
    ...parseFields(operation.header ?? ''),
    ...parseBodyTemplate(operation).fields,
  ];
  return new Set(fields.map(({ name }) => name));
}

/** Where a request may hold bytes, with `[]` for any index: `body`, `Tasks[].ImageURL`. */
export function contentPathsOf(operation: AnyOperation): ReadonlySet<string> {
  const { bytes } = parseBodyTemplate(operation);
  return new Set([...(bytes === undefined ? [] : [bytes.name]), ...(operation.upload?.fields ?? [])]);
}
