import * as t from 'io-ts';

/** What is wrong with a member of a larger value, with the member's place in the context. */
export function errorsOf(type: t.Type<unknown>, value: unknown, context: t.Context, key: string): t.Errors {
  const result = type.validate(value, t.appendContext(context, key, type, value));
  return result._tag === 'Left' ? result.left : [];
}
