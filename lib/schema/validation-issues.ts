/** Says in words what an io-ts type found wrong. */
import type { ValidationIssue } from '../errors.js';
import { isSecretName } from '../secret-names.js';
import { describe } from './describe.js';
import { describeValue } from './describe-value.js';
import { meant } from './meant.js';
import { mostErrors, noSuchField } from './most-errors.js';
import type { Misplaced, Place } from './lenient-type.js';
import type { RequestCodec } from './request-codec.js';

/**
 * One issue for each error, of the first ten. `whole` is what the value itself is called, such as `request`; `hide` is
 * over all that came from elsewhere, before it is shortened.
 */
export function validationIssues(
  errors: readonly Misplaced[],
  whole: string,
  hide: (text: string) => string = identity,
): ValidationIssue[] {
  return errors.slice(0, mostErrors).map(({ value, context }) => {
    const path = hide(pathOf(context)) || whole;
    const expected = context[context.length - 1]?.type.name ?? 'something else';
    // A field that does not exist may be `Password`, misspelt.
    if (expected === noSuchField) return { path, expected: absent(context), received: describe(value) };
    return { path, expected, received: mayBeSecret(path) ? describe(value) : describeValue(value, hide) };
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
