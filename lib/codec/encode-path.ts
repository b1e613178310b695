/** The path of an operation, with its variables filled in. */
import { InvalidRequestError } from '../errors.js';
import type { Field } from '../schema/grammar.js';
import { percentEncode } from './percent-encode.js';
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
  // One variable and nothing else is a path already.
  const [whole] = path === `{${names[0]}}` ? names : [];
  return {
    fields: names.map((name) => ({ name, schema: { kind: 'string' }, required: true })),
    query: [...new URLSearchParams(query)],
    write(action, values) {
      if (whole !== undefined) return checkedPath(action, whole, String(values[whole]));
      for (const name of names) checkSegment(action, name, String(values[name]));
      const written = parts
        .map((part, index) => (index % 2 === 0 ? part : percentEncode(String(values[part]))))
        .join('');
      return checkedPath(action, 'path', written.startsWith('/') ? written : `/${written}`);
    },
  };
}

/** An empty segment or one of dots would make another path of it, and a URL parser takes dots for what they look like even when encoded. */
function checkSegment(action: string, path: string, value: string): void {
  if (value !== '' && value !== '.' && value !== '..') return;
  refuse(action, path, 'a non-empty string other than . and ..', value);
}

/** As it is signed: what a URL parser would change, or take for another part of the URL, is in none. */
const isPath = /^\/(?!\/)(?:[\w.~!$&'()*+,;=:@/-]|%[\da-f]{2})*$/i;
const dots = /\/(?:\.|%2e){1,2}(?:\/|$)/i;

function checkedPath(action: string, path: string, value: string): string {
  if (isPath.test(value) && !dots.test(value)) return value;
  return refuse(action, path, "a path that begins with one '/', percent-encoded, without . and .. in it", value);
}

function refuse(action: string, path: string, expected: string, value: string): never {
  throw new InvalidRequestError(action, [{ path, expected, received: JSON.stringify(value) }]);
}
