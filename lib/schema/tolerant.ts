/** io-ts types that put right what drifted, and hand on the rest as it came. */
import * as t from 'io-ts';
import { isWrittenOtherwise, parseRounding, parseWritten, withNumbers } from './json.js';
import { asItCame, handedOn, newNotes, type Notes, type Read } from './read-drifted.js';

/** What became of a text. */
export interface ReadJson {
  readonly value: unknown;
  /** The first ten values that are not what the table says, looked for when asked; absent where there is none. */
  readonly drift: (() => t.Errors) | undefined;
}

/** Adds what is not what the table says, with its place; `path` is the value's own. */
export type Explain = (value: unknown, path: t.ContextEntry[], errors: t.ValidationError[]) => void;

/** Who asks where an answer drifted needs no list of a million places. */
export const mostErrors = 10;

export interface TolerantParts {
  readonly read: Read;
  /** Whether a value that came without its list is an item of one. Not asked for nothing. */
  readonly isItem: (value: unknown) => boolean;
  /** Where there is something to look for within a value. */
  readonly explain?: Explain | undefined;
  /** What `typeof` says of values that need no reading. */
  readonly plain?: 'string' | 'number' | 'boolean' | undefined;
}

/** Its `decode` refuses what has drifted beyond reading, and `readJson` hands it on. */
export class Tolerant extends t.Type<unknown> {
  readonly read: Read;
  readonly isItem: TolerantParts['isItem'];
  readonly explain: Explain;
  readonly plain: TolerantParts['plain'];

  constructor(name: string, { read, isItem, explain, plain }: TolerantParts) {
    super(
      name,
      (value): value is unknown => {
        const notes = newNotes();
        return read(value, notes) === value && !notes.drifted;
      },
      (value, context) => {
        const notes = newNotes();
        const result = read(value, notes);
        return notes.drifted ? t.failures(errorsIn(this, value, [...context])) : t.success(result);
      },
      t.identity,
    );
    this.read = read;
    this.isItem = isItem;
    this.plain = plain;
    this.explain =
      explain ??
      ((value, path, errors) => {
        const notes = newNotes(true);
        read(value, notes);
        if (notes.drifted) errors.push(errorOf(value, path));
      });
  }

  /**
   * Parses JSON and reads it, in one walk over what `JSON.parse` gives. Digits are kept.
   *
   * @throws SyntaxError where it is no JSON.
   */
  readJson(text: string): ReadJson {
    const { value, json } = parseRounding(text);
    const notes = newNotes();
    const result = readWhole(this, value, notes);
    if (!notes.rounded && !(notes.quoted && isWrittenOtherwise(json))) return readOf(this, value, result, notes);
    const written = parseWritten(json);
    const exact = newNotes(true);
    return readOf(this, written, readWhole(this, written, exact), exact);
  }
}

function readWhole({ read }: Tolerant, value: unknown, notes: Notes): unknown {
  try {
    return read(value, notes);
  } catch {
    // Nothing else can fail: it is nested so deeply that the stack has come to its end.
    return handedOn(value, notes);
  }
}

function readOf(type: Tolerant, came: unknown, value: unknown, { drifted }: Notes): ReadJson {
  return { value, drift: drifted ? () => errorsIn(type, came, [{ key: '', type, actual: came }]) : undefined };
}

function errorsIn(type: Tolerant, value: unknown, path: t.ContextEntry[]): t.Errors {
  const errors: t.ValidationError[] = [];
  try {
    type.explain(value, path, errors);
  } catch {
    // As in `readWhole`.
  }
  return errors.length > 0 ? errors : [errorOf(value, [{ key: '', type: shallow, actual: value }])];
}

export function errorOf(value: unknown, path: readonly t.ContextEntry[]): t.ValidationError {
  return { value: withNumbers(value), context: [...path] };
}

/** Explains what a value holds. */
export function explainMember(
  type: Tolerant,
  key: string,
  value: unknown,
  path: t.ContextEntry[],
  errors: t.ValidationError[],
): void {
  path.push({ key, type, actual: value });
  type.explain(value, path, errors);
  path.pop();
}

/** What nothing is known of. */
export const anything = new Tolerant('anything', { read: asItCame, isItem: () => true });
const shallow = new Tolerant('nested less deeply', anything);
