/** Types that put right what drifted, and hand on the rest as it came. */
import { isWrittenOtherwise, parseRounding, parseWritten, withNumbers } from './json.js';
import { asItCame, handedOn, newNotes, type Notes, type Coerce } from './coerce.js';

/** A step on the way to a value: what io-ts calls an entry of a context. */
export interface Place {
  readonly key: string;
  readonly type: { readonly name: string };
  readonly actual?: unknown;
}

/** A value that does not fit, and the way to it. */
export interface Misplaced {
  readonly value: unknown;
  readonly context: readonly Place[];
}

/** What became of a text. */
export interface ReadJson {
  readonly value: unknown;
  /** Where there are values that are not what the table says: looked for by `misplacedIn`, when asked. */
  readonly drift: Drift | undefined;
}

/** A value that has drifted beyond reading somewhere. */
export interface Drift {
  readonly type: LenientType;
  readonly value: unknown;
  /** As of {@link Notes}. */
  readonly written: boolean;
}

/** Adds what is not what the table says, with its place; `path` is the value's own. */
export type Explain = (value: unknown, path: Place[], errors: Misplaced[]) => void;

/** Who asks where an answer drifted needs no list of a million places. */
export const mostErrors = 10;

export interface LenientTypeParts {
  readonly read: Coerce;
  /** Whether a value that came without its list is an item of one. Not asked for nothing. */
  readonly isItem: (value: unknown) => boolean;
  /** Where there is something to look for within a value. */
  readonly explain?: Explain | undefined;
  /** What `typeof` says of values that need no reading. */
  readonly plain?: 'string' | 'number' | 'boolean' | undefined;
}

/** What reads a value, and hands on what has drifted beyond reading. `response-codec.ts` makes an io-ts codec of one, which refuses that. */
export class LenientType {
  readonly read: Coerce;
  readonly isItem: LenientTypeParts['isItem'];
  readonly explain: Explain;
  readonly plain: LenientTypeParts['plain'];

  constructor(
    readonly name: string,
    { read, isItem, explain, plain }: LenientTypeParts,
  ) {
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

function readWhole({ read }: LenientType, value: unknown, notes: Notes): unknown {
  try {
    return read(value, notes);
  } catch {
    // Nothing else can fail: it is nested so deeply that the stack has come to its end.
    return handedOn(value, notes);
  }
}

function readOf(type: LenientType, came: unknown, value: unknown, { drifted, written }: Notes): ReadJson {
  return { value, drift: drifted ? { type, value: came, written } : undefined };
}

export function errorOf(value: unknown, path: readonly Place[]): Misplaced {
  return { value: withNumbers(value), context: [...path] };
}

/** Explains what a value holds. */
export function explainMember(
  type: LenientType,
  key: string,
  value: unknown,
  path: Place[],
  errors: Misplaced[],
): void {
  path.push({ key, type, actual: value });
  type.explain(value, path, errors);
  path.pop();
}

/** What nothing is known of. */
export const anything = new LenientType('anything', { read: asItCame, isItem: () => true });
