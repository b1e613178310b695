/** Says in words what an io-ts type found wrong. */
import type * as t from 'io-ts';
import type { Refusal } from '../errors.js';
import { isSecretName } from '../secret-names.js';
import { meant } from './meant.js';
import type { Strict } from './request-types.js';

/** The name of the type of a field that does not exist. */
export const noSuchField = 'no such field';

/** Nobody reads more of them, and there may be a million. */
export const mostErrors = 10;

/**
 * One refusal for each error, of the first ten. `whole` is what the value itself is called, such as `request`; `hide` is
 * over all that came from elsewhere, before it is shortened.
 */
export function report(errors: t.Errors, whole: string, hide: (text: string) => string = identity): Refusal[] {
  return errors.slice(0, mostErrors).map(({ value, context }) => {
    const path = hide(pathOf(context)) || whole;
    const expected = context[context.length - 1]?.type.name ?? 'something else';
    // A field that does not exist may be `Password`, misspelt.
    if (expected === noSuchField) return { path, expected: absent(context), received: kindInWords(value) };
    return { path, expected, received: mayBeSecret(path) ? kindInWords(value) : inWords(value, hide) };
  });
}

function identity(text: string): string {
  return text;
}

/** `Tag[0].Key` */
function pathOf(context: t.Context): string {
  const keys = context.slice(1).map(({ key }, index) => {
    if (Array.isArray(context[index]?.actual)) return `[${key}]`;
    return index === 0 ? key : `.${key}`;
  });
  return keys.join('');
}

function absent(context: t.Context): string {
  const key = context[context.length - 1]?.key ?? '';
  const parent = context[context.length - 2]?.type as Partial<Strict> | undefined;
  return `absent, as there is no such field${meant(key, [...(parent?.parts?.members?.keys() ?? [])])}`;
}

/** Wider than what is masked: whoever has misspelt a name knows the value. */
function mayBeSecret(path: string): boolean {
  return sensitive.test(path) || isSecretName(path.replace(/\[\d+\]/g, ''));
}

const sensitive =
  /secret|password|passwd|passphrase|pwd|token|credential|private|access_?key|api_?key|signature|userdata/i;

/** What came, without its value. */
function kindInWords(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  // Every API has its own way to write a time.
  if (tag === 'Date') return 'a Date (give it as the API writes it, such as date.toISOString())';
  const name = tag === 'Object' ? value.constructor?.name : tag;
  if (typeof name !== 'string' || name === 'Object') return 'an object';
  return `a ${name}${/^(?:String|Number|Boolean)$/.test(name) ? ' object' : ''}`;
}

/** What came, with its value where that is plain, or its beginning where it is long. */
function inWords(value: unknown, hide: (text: string) => string): string {
  const kind = typeof value;
  if (kind !== 'string' && kind !== 'number' && kind !== 'bigint' && kind !== 'boolean') return kindInWords(value);
  const shown = hide(String(value));
  const text = kind === 'string' ? JSON.stringify(shown) : shown;
  return `the ${kind} ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`;
}
