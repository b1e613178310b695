/** Says in words what an io-ts type found wrong. */
import type { Refusal } from '../errors.js';
import { isSecretName } from '../secret-names.js';
import { meant } from './meant.js';
import { mostErrors, noSuchField } from './most-errors.js';
import type { Misplaced, Place } from './tolerant.js';
import type { RequestCodec } from './request-codec.js';

/**
 * One refusal for each error, of the first ten. `whole` is what the value itself is called, such as `request`; `hide` is
 * over all that came from elsewhere, before it is shortened.
 */
export function report(
  errors: readonly Misplaced[],
  whole: string,
  hide: (text: string) => string = identity,
): Refusal[] {
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
function pathOf(context: readonly Place[]): string {
  const keys = context.slice(1).map(({ key }, index) => {
    if (Array.isArray(context[index]?.actual) || context[index]?.type.name === 'an array') return `[${key}]`;
    return index === 0 ? key : `.${key}`;
  });
  return keys.join('');
}

function absent(context: readonly Place[]): string {
  const key = context[context.length - 1]?.key ?? '';
  const parent = context[context.length - 2]?.type as Partial<RequestCodec> | undefined;
  return `absent, as there is no such field${meant(key, [...(parent?.type?.parts.members?.keys() ?? [])])}`;
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
