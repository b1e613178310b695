/** Requests and responses that fit an operation's tables. */
import { parseBody, parseFields, parseType, type Field, type Schema } from '../../lib/schema/grammar.js';
import type { AnyOperation } from '../../lib/service.js';
import type { Choices } from './choices.js';

export type Sample = Readonly<Record<string, unknown>>;

export function sampleRequest(operation: AnyOperation, choices: Choices): Sample {
  const body = operation.body === undefined ? [] : parseBody(operation.body);
  const fields = [
    ...parseFields(operation.query ?? ''),
    ...('whole' in body ? [body.whole] : 'fields' in body ? body.fields : []),
  ];
  const headers: Choices = { ...choices, text: choices.headerText };
  // A file or a text that is sent as it is.
  const contents: Choices =
    operation.bodyType === 'bytes' ? { ...choices, anything: () => choices.text('body') } : choices;
  return {
    ...Object.fromEntries(pathVariables(operation).map((name) => [name, choices.pathText(name)])),
    ...sampleFields(parseFields(operation.header ?? ''), headers, []),
    ...sampleFields(fields, contents, []),
  };
}

export function pathVariables(operation: AnyOperation): string[] {
  return [...(operation.path ?? '').matchAll(/\{([^}]*)\}/g)].map((match) => match[1] ?? '');
}

/** What a server would answer; `undefined` for an operation that answers without a body. */
export function sampleResponse({ response, responseType }: AnyOperation, choices: Choices): unknown {
  if (responseType === 'bytes') return choices.text('body');
  return response === undefined ? undefined : sample(parseType(response), 'body', choices, []);
}

function sampleFields(fields: readonly Field[], choices: Choices, above: readonly Schema[]): Sample {
  const there = fields.filter((field) => field.required || choices.takes());
  return Object.fromEntries(there.map(({ name, schema }) => [name, sample(schema, name, choices, above)]));
}

function sample(schema: Schema, name: string, choices: Choices, above: readonly Schema[]): unknown {
  // A type that contains itself: once around is enough.
  if (above.filter((one) => one === schema).length > 1) return undefined;
  const below = [...above, schema];
  switch (schema.kind) {
    case 'string':
      return choices.text(name);
    case 'number':
      return choices.number();
    case 'long':
      return choices.integer();
    case 'boolean':
      return choices.flag();
    case 'any':
      return choices.anything();
    case 'array':
      return several(choices, () => sample(schema.items, name, choices, below)).filter((item) => item !== undefined);
    case 'map':
      return Object.fromEntries(
        several(choices, (index) => [
          index === 0 ? 'other-key' : choices.text(`key${index}`),
          sample(schema.values, name, choices, below),
        ]),
      );
    case 'struct':
      return sampleFields(schema.fields, choices, below);
  }
}

function several<T>(choices: Choices, make: (index: number) => T): T[] {
  return Array.from({ length: choices.size() }, (_, index) => make(index));
}
