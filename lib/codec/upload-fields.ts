/** The fields of a request that hold the content of a file where the operation takes its URL. */
import { isObject } from '../schema/values.js';
import type { AnyOperation, Content } from '../service.js';
import { isContent } from './content.js';

export interface FileField {
  /** Where it stands: `['Tasks', 0, 'ImageURL']`. */
  readonly keys: readonly (string | number)[];
  readonly content: Content;
}

/** A text is the URL of a file that is somewhere already. */
export function fileFieldsOf({ upload }: AnyOperation, request: unknown): readonly FileField[] {
  return (upload?.fields ?? []).flatMap((path) => find(request, path.replaceAll('[]', '.[]').split('.'), []));
}

function find(value: unknown, path: readonly string[], keys: FileField['keys']): readonly FileField[] {
  const [key, ...rest] = path;
  if (key === undefined) return typeof value !== 'string' && isContent(value) ? [{ keys, content: value }] : [];
  if (key === '[]') {
    return Array.isArray(value) ? value.flatMap((item: unknown, index) => find(item, rest, [...keys, index])) : [];
  }
  return isObject(value) ? find(value[key], rest, [...keys, key]) : [];
}

/** A copy with another value in one place. */
export function replaced(value: unknown, [key, ...rest]: FileField['keys'], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (index === key ? replaced(item, rest, by) : item));
  }
  return isObject(value) ? { ...value, [key]: replaced(value[key], rest, by) } : value;
}

/** `Tasks[0].ImageURL` */
export function nameOf({ keys }: FileField): string {
  return keys.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('');
}
