/** The io-ts codec of a response: it reads what has drifted, and says where it has drifted beyond reading. */
import type { Decoder, Errors, ValidationError } from 'io-ts';
import { Type, failures, identity, success, unknown } from '#io-ts';
import { newNotes } from './coerce.js';
import { errorOf, type Drift, type Misplaced, type Place, type LenientType } from './lenient-type.js';

/** `written`: whether numbers are as they were written, in symbols. Its errors are the first ten. */
export class ResponseCodec extends Type<unknown> {
  constructor(type: LenientType, written = false) {
    super(
      type.name,
      (value): value is unknown => {
        const notes = newNotes(written);
        return type.read(value, notes) === value && !notes.drifted;
      },
      (value, context) => {
        const notes = newNotes(written);
        try {
          const result = type.read(value, notes);
          if (!notes.drifted) return success(result);
        } catch {
          // Nothing else can fail: it is nested so deeply that the stack has come to its end.
        }
        return failures(errorsIn(type, value, [...context]).map(asErrorOf));
      },
      identity,
    );
  }
}

/** Where a value has drifted beyond reading. */
export function misplacedIn({ type, value, written }: Drift): Errors {
  const result = new ResponseCodec(type, written).decode(value);
  return result._tag === 'Left' ? result.left : [];
}

function errorsIn(type: LenientType, value: unknown, path: Place[]): readonly Misplaced[] {
  const errors: Misplaced[] = [];
  try {
    type.explain(value, path, errors);
  } catch {
    // Nothing else can fail: it is nested so deeply that the stack has come to its end.
  }
  return errors.length > 0
    ? errors
    : [errorOf(value, [{ key: '', type: { name: 'nested less deeply' }, actual: value }])];
}

function asErrorOf({ value, context }: Misplaced): ValidationError {
  return { value, context: context.map(({ key, type, actual }) => ({ key, type: decoderCalled(type.name), actual })) };
}

/** In a context, a type says no more than its name. */
function decoderCalled(name: string): Decoder<unknown, unknown> {
  return new Type(name, unknown.is, unknown.validate, identity);
}
