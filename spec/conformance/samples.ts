/** Values that fit a table: every field filled, nested ones too, no two strings alike, all of it the same in every run. */
import { parseBody, parseFields, parseType, type Field, type Schema } from '../../lib/schema/grammar.js';
import type { AnyOperation } from '../../lib/service.js';

export function sampleRequest(operation: AnyOperation): Record<string, unknown> {
  const body = operation.body === undefined ? [] : parseBody(operation.body);
  const fields = [
    ...parseFields(operation.query ?? ''),
    ...parseFields(operation.header ?? ''),
    ...('whole' in body ? [body.whole] : 'fields' in body ? body.fields : []),
  ];
  const counter = { count: 0 };
  return {
    ...Object.fromEntries(pathVariables(operation).map((name) => [name, `${name}/a b+é%`])),
    ...sampleFields(fields, counter, []),
  };
}

export function pathVariables(operation: AnyOperation): string[] {
  return [...(operation.path ?? '').matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '');
}

/** What a server would answer; `undefined` for an operation that answers without a body. */
export function sampleResponse(operation: AnyOperation): unknown {
  return operation.response === undefined ? undefined : sample(parseType(operation.response), 'body', { count: 0 }, []);
}

interface Counter {
  count: number;
}

function sampleFields(fields: readonly Field[], counter: Counter, above: readonly Schema[]): Record<string, unknown> {
  return Object.fromEntries(fields.map(({ name, schema }) => [name, sample(schema, name, counter, above)]));
}

function sample(schema: Schema, name: string, counter: Counter, above: readonly Schema[]): unknown {
  const count = ++counter.count;
  // A type that contains itself: once around is enough.
  if (above.filter((one) => one === schema).length > 1) return undefined;
  const below = [...above, schema];
  switch (schema.kind) {
    case 'string':
      return `${name} ${count} ~é漢😀+%&=/?"'\\`;
    case 'number':
      return count % 3 === 0 ? count + 0.5 : count;
    case 'long':
      return count;
    case 'boolean':
      return count % 2 === 0;
    case 'any':
      return [`any ${count}`, count, true, { Nested: [count, `x${count}`] }][count % 4];
    case 'array':
      return [sample(schema.items, name, counter, below), sample(schema.items, name, counter, below)].filter(
        (item) => item !== undefined,
      );
    case 'map':
      return {
        [`key${count}`]: sample(schema.values, name, counter, below),
        'other-key': sample(schema.values, name, counter, below),
      };
    case 'struct':
      return sampleFields(schema.fields, counter, below);
  }
}
