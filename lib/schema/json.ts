/** JSON in which integers above 2^53 survive: they are read as `bigint`, and `bigint` is written as digits. */

/** `JSON.parse`, with integers that a double would round as `bigint`. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return hasRounded(value) ? parseExactly(text) : value;
}

/** Whether it is a number so large that digits may have been lost: from 2^53 on. */
export function isRounded(value: unknown): boolean {
  return typeof value === 'number' && (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER);
}

/** Whether there is such a number anywhere in what `JSON.parse` gave. */
export function hasRounded(value: unknown): boolean {
  let found = isRounded(value);
  if (typeof value === 'object' && value !== null) forEachLeaf(value, (leaf) => (found ||= isRounded(leaf)));
  return found;
}

/** {@link parseJson}, for JSON in which there is such a number. */
export function parseExactly(text: string): unknown {
  const holder = [JSON.parse(markLongs(text)) as unknown];
  forEachLeaf(holder, (leaf, object, name) => {
    if (typeof leaf !== 'string' || !leaf.startsWith(mark)) return;
    object[name] = leaf.startsWith(mark, 1) ? leaf.slice(1) : BigInt(leaf.slice(1));
  });
  return holder[0];
}

/** U+E000 is a private-use character: text in an answer does not begin with it by accident, and is doubled if it does. */
const mark = '\uE000';
const anyMark = /\uE000|\\u[eE]000/;
const beginsWithMark = /"(?:\uE000|\\u[eE]000)/y;
/** What makes a string a member's name. */
const colon = /\s*:/y;
const stringOrLong = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\w.+-])-?\d{16,}(?![\w.])/g;

/** The text with every integer beyond 2^53 as a marked string. */
function markLongs(text: string): string {
  const doubling = anyMark.test(text);
  let marked = '';
  let copied = 0;
  const insert = (what: string, at: number) => {
    marked += text.slice(copied, at) + what;
    copied = at;
  };
  let from = 0;
  // Unlike `exec` and `replace`, `test` makes no object of each of the many strings that are passed over.
  const token = new RegExp(stringOrLong);
  for (; token.test(text); from = token.lastIndex) {
    const end = token.lastIndex;
    if (text[end - 1] !== '"') {
      const long = /-?\d+$/.exec(text.slice(from, end))?.[0] ?? '';
      if (Number.isSafeInteger(Number(long))) continue;
      insert(`"${mark}`, end - long.length);
      insert('"', end);
    } else if (doubling) {
      // Between two matches there is no quotation mark.
      const start = text.indexOf('"', from);
      // Names are not looked at afterwards, and stay as they are.
      if (matchesAt(beginsWithMark, text, start) && !matchesAt(colon, text, end)) insert(mark, start + 1);
    }
  }
  return marked + text.slice(copied);
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

/** `JSON.stringify`, with `bigint` written as digits. */
export function stringifyJson(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return stringifyJson(toJSON.call(value));
  if (Array.isArray(value)) return `[${Array.from(value, (item) => stringifyJson(item) ?? 'null').join(',')}]`;
  return jsonObject(Object.entries(value).map(([name, item]) => [name, stringifyJson(item)]));
}

/** A JSON object of members already written; those without a value are left out. */
export function jsonObject(members: readonly (readonly [string, string | undefined])[]): string {
  return `{${members.flatMap(([name, json]) => (json === undefined ? [] : `${JSON.stringify(name)}:${json}`)).join(',')}}`;
}
