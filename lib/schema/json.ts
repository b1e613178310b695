/** JSON that keeps its digits: integers that a double would round are read as `bigint`, and `bigint` is written as digits. */
import { isRounded, numberOf } from './digits.js';
import { mended } from './lenient-json.js';
import { escapesBefore, indexOfNext } from './scanning.js';

/**
 * `JSON.parse` that keeps the digits of integers: one beyond 2^53 is a `bigint`, and one of more than a thousand digits its
 * text. Servers' slips are read, too: a byte order mark before the text, and raw control characters within strings.
 *
 * @example
 * parseJson('{"Id":9007199254740993,"Size":1.5}'); // { Id: 9007199254740993n, Size: 1.5 }
 *
 * @throws SyntaxError where it is no JSON.
 */
export function parseJson(text: string): unknown {
  const { value, json } = parseRounding(text);
  return hasRounded(value) ? parseMarked(json, numberOf) : value;
}

/** What `JSON.parse` gives, and the text that it took. */
export function parseRounding(text: string): { readonly value: unknown; readonly json: string } {
  try {
    return { value: JSON.parse(text), json: text };
  } catch (error) {
    const json = mended(text);
    if (json === text) throw error;
    return { value: JSON.parse(json), json };
  }
}

/** Whether there is a number so large that it may be rounded anywhere in what `JSON.parse` gave. */
export function hasRounded(value: unknown): boolean {
  let found = isRounded(value);
  if (typeof value === 'object' && value !== null) forEachLeaf(value, (leaf) => (found ||= isRounded(leaf)));
  return found;
}

/** Whether JSON may have a number that JavaScript would write in another way, such as `1.10`, `1e3` or `-0`. */
export function isWrittenOtherwise(json: string): boolean {
  return /(?:^|[:,[])\s*(?:-0|-?\d+[.e])/i.test(json);
}

/** JSON with each number that JavaScript would write in another way as its text, in a symbol: JSON has no others. */
export function parseWritten(json: string): unknown {
  return parseMarked(json, Symbol);
}

/** The same with the numbers in place of the symbols. */
export function withNumbers(value: unknown): unknown {
  const holder = [value];
  forEachLeaf(holder, (leaf, object, name) => {
    if (typeof leaf === 'symbol') object[name] = numberOf(leaf.description ?? '');
  });
  return holder[0];
}

function parseMarked(json: string, read: (number: string) => unknown): unknown {
  const holder = [JSON.parse(markNumbers(json)) as unknown];
  forEachLeaf(holder, (leaf, object, name) => {
    if (typeof leaf !== 'string' || !leaf.startsWith(mark)) return;
    object[name] = leaf.startsWith(mark, 1) ? leaf.slice(1) : read(leaf.slice(1));
  });
  return holder[0];
}

/** U+E000 is a private-use character: text in an answer does not begin with it by accident, and is doubled if it does. */
const mark = '\uE000';
const anyMark = /\uE000|\\u[eE]000/;
const beginsWithMark = /"(?:\uE000|\\u[eE]000)/y;
/** What makes a string a member's name. */
const colon = /\s*:/y;
/** A string to its end or to its hundredth escape, or the beginning of a number that JavaScript may write in another way. */
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*){0,99}"?|(?<![\w.+-])-?(?:\d{16}|\d{1,15}(?=[.eE])|(?<=-)0)/g;
const noneOfNumber = /[^\d.eE+-]/g;

/** Valid JSON with these numbers as marked strings. */
function markNumbers(json: string): string {
  const doubling = anyMark.test(json);
  let marked = '';
  let copied = 0;
  const insert = (what: string, at: number) => {
    marked += json.slice(copied, at) + what;
    copied = at;
  };
  let from = 0;
  // Unlike `exec` and `replace`, `test` makes no object of each of the many strings that are passed over.
  const token = new RegExp(stringOrNumber);
  for (; token.test(json); from = token.lastIndex) {
    const at = token.lastIndex;
    // An escape that follows is one of the string's own.
    if (json[at] === '\\') token.lastIndex = endOfString(json, at);
    else if (json[at - 1] !== '"') token.lastIndex = indexOfNext(noneOfNumber, json, at);
    const end = token.lastIndex;
    if (json[end - 1] !== '"') {
      const beginning = /-?\d+$/.exec(json.slice(Math.max(0, at - 17), at))?.[0] ?? '';
      const number = beginning + json.slice(at, end);
      if (String(Number(number)) === number && !isRounded(Number(number))) continue;
      insert(`"${mark}`, end - number.length);
      insert('"', end);
    } else if (doubling) {
      // Between two matches there is no quotation mark.
      const start = json.indexOf('"', from);
      // Names are not looked at afterwards, and stay as they are.
      if (matchesAt(beginsWithMark, json, start) && !matchesAt(colon, json, end)) insert(mark, start + 1);
    }
  }
  return marked + json.slice(copied);
}

/** Where the string ends that an escape at `from` is in. No pattern: V8 would keep a place to go back to for each escape. */
function endOfString(json: string, from: number): number {
  for (let at = from; ;) {
    const quote = json.indexOf('"', at);
    at = quote + 1;
    if (escapesBefore(json, quote, from) % 2 === 0) return at;
  }
}

function matchesAt(sticky: RegExp, text: string, index: number): boolean {
  sticky.lastIndex = index;
  return sticky.test(text);
}

type Members = Record<string | number, unknown>;
type Tell = (leaf: unknown, object: Members, name: string | number) => void;

/** Tells of everything in an object that is none itself. Not recursive, as it may be nested to any depth. */
function forEachLeaf(value: object, tell: Tell): void {
  const open: object[] = [value];
  const see: Tell = (item, object, name) => {
    if (typeof item === 'object' && item !== null) open.push(item);
    else tell(item, object, name);
  };
  for (let next; (next = open.pop());) {
    // An array's items are its members.
    const object = next as Members;
    if (Array.isArray(next)) for (let index = 0; index < next.length; index++) see(object[index], object, index);
    else for (const name in object) see(object[name], object, name);
  }
}

/**
 * `JSON.stringify` that writes a `bigint` as its digits, which {@link parseJson} reads back.
 *
 * @example
 * stringifyJson({ Id: 9007199254740993n }); // '{"Id":9007199254740993}'
 *
 * @param space How to indent, as of `JSON.stringify`.
 * @returns `undefined` for what is no JSON: `undefined`, a function, a symbol.
 * @throws TypeError for an object that contains itself.
 */
export function stringifyJson(value: unknown, space?: string | number): string | undefined {
  let isMarked = false;
  const markItem = function (this: unknown, name: string, item: unknown): unknown {
    // An application may have given bigint a `toJSON`.
    const own = (this as Members)[name];
    const marked = typeof own === 'bigint' ? own : item;
    if (typeof marked !== 'bigint' && !(typeof item === 'string' && digitsBehindMarks.test(item))) return item;
    isMarked = true;
    return `${mark}${marked as bigint | string}`;
  };
  const json = JSON.stringify(value, markItem, space) as string | undefined;
  return isMarked
    ? json?.replace(markedItem, (_, marks: string, digits: string) => (marks === '' ? digits : `"${marks}${digits}"`))
    : json;
}

const digitsBehindMarks = /^\uE000+-?\d+$/;
/** Within a string, a quotation mark has a backslash before it; behind a name, there is a colon. */
const markedItem = /(?<!\\)"\uE000(\uE000*)(-?\d+)"(?!:)/g;

/** A JSON object of members already written; those without a value are left out. */
export function jsonObject(members: readonly (readonly [string, string | undefined])[]): string {
  return `{${members.flatMap(([name, json]) => (json === undefined ? [] : `${JSON.stringify(name)}:${json}`)).join(',')}}`;
}
