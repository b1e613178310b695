/** The path of an operation, with its variables filled in. */
import { InvalidRequestError } from '../errors.js';
import type { Field } from '../schema/grammar.js';
import { percentEncode } from '../signature/percent-encode.js';
import type { Values } from './encode-parameters.js';

export interface PathTemplate {
  /** Its variables. */
  readonly fields: readonly Field[];
  /** What stands behind a `?` in it. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Throws where a variable's value would make another path of it. */
  write(action: string, values: Values): string;
}

export function parsePath(template = '/'): PathTemplate {
  const [path = '', query = ''] = template.split(/\?(.*)/s);
  const parts = path.split(/\{([^}]*)\}/);
  const names = parts.filter((_, index) => index % 2 === 1);
  return {
    fields: names.map((name) => ({ name, schema: { kind: 'string' }, required: true })),
    query: [...new URLSearchParams(query)],
    write(action, values) {
      for (const name of names) checkSegment(action, name, String(values[name]));
      return parts.map((part, index) => (index % 2 === 0 ? part : percentEncode(String(values[part])))).join('');
    },
  };
}

/** An empty segment or one of dots would make another path of it, and a URL parser takes dots for what they look like even when encoded. */
function checkSegment(action: string, path: string, value: string): void {
  if (value !== '' && value !== '.' && value !== '..') return;
  const refusal = { path, expected: 'a non-empty string other than . and ..', received: JSON.stringify(value) };
  throw new InvalidRequestError(action, [refusal]);
}
