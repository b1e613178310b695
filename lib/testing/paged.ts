/**
 * Pages of made-up answers. What is made up is all that there is: a page of it is what the request asks for, its number
 * and size are the request's, its total is the number of items, and a page beyond the end is empty.
 */
import type { Field, Schema } from '../schema/grammar.js';
import { isObject } from '../schema/values.js';

/** The page of an answer that a request asks for. The answer is not changed. */
export type Paginate = (request: Readonly<Record<string, unknown>>, answer: unknown) => unknown;

/** What of a request asks for a page, by the names that products have for it. */
const asking = {
  number: /^(page(_?(number|no|num|index|id))?|current_?page)$/i,
  size: /^(page_?size|limit|size|per_?page|max_?records_?per_?page)$/i,
  results: /^(max_?results?|maximum_?page_?size)$/i,
  offset: /^offset$/i,
  token: /^(next_?(page_?)?(token|marker|cursor)|page_?token|marker|cursor)$/i,
};

interface Page {
  readonly number: number;
  readonly size: number;
  /** How many items are on it. */
  readonly count: number;
  readonly total: number;
  /** For whoever goes on by a token; empty on the last page. */
  readonly next: string;
  readonly hasMore: boolean;
}

/** What of an answer tells of its page. */
const telling: readonly (readonly [name: RegExp, value: (page: Page) => string | number | boolean])[] = [
  [/^(page(_?(number|no|num|index|id))?|cur(rent)?_?page(_?num)?)$/i, ({ number }) => number],
  [/^(page_?size|max_?results?|limit|size|per_?page)$/i, ({ size }) => size],
  [/^(total(_?(count|counts|record_?count|items?|item_?num|size))?|x-total-count|count)$/i, ({ total }) => total],
  [/^page_?record_?count$/i, ({ count }) => count],
  [/^(total_?pages?(_?(num|count))?|page_?(count|total))$/i, ({ total, size }) => Math.ceil(total / Math.max(1, size))],
  [/^next_?(page_?)?(token|marker|cursor)$/i, ({ next }) => next],
  [/^((is_?)?(truncated|has_?(more|next)(_?page)?)|next_?page)$/i, ({ hasMore }) => hasMore],
  [/^prev?(ious)?_?page$/i, ({ number }) => number > 1],
];

/** `undefined`: answers of this operation have no list, or no request asks for a page of it. */
export function paginationOf(parameters: readonly Field[], response: Schema | undefined): Paginate | undefined {
  const names = parameters.map(({ name }) => name);
  const nameOf = (pattern: RegExp): string | undefined => names.find((name) => pattern.test(name));
  const isPaged = Object.values(asking).some((pattern) => nameOf(pattern) !== undefined);
  const list = response === undefined ? undefined : listIn(response);
  if (response === undefined || list === undefined || !isPaged) return undefined;

  const fields = Object.fromEntries(Object.entries(asking).map(([what, pattern]) => [what, nameOf(pattern)]));
  return (request, answer) => {
    const ask = (what: keyof typeof asking): unknown => request[fields[what] ?? ''];
    const items = list.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), answer);
    if (!Array.isArray(items)) return answer;
    const token = ask('token');
    const byToken =
      fields.number === undefined || (ask('number') === undefined && (Boolean(token) || ask('results') !== undefined));
    const number = byToken ? 1 : numberOf(ask('number'), 1);
    const size = numberOf(ask('size') ?? ask('results'), 10);
    const start = byToken ? numberOf(ask('offset'), startOf(token)) : (number - 1) * size;
    const page = items.slice(Math.max(0, start), Math.max(0, start) + Math.max(0, size)) as unknown[];
    const hasMore = size > 0 && start + size < items.length;
    const next = byToken && hasMore ? `after-${start + size}` : '';
    const told: Page = { number, size, count: page.length, total: items.length, next, hasMore };
    return rewritten(response, answer, list, page, told);
  };
}

function numberOf(given: unknown, otherwise: number): number {
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'bigint') return otherwise;
  const number = given === '' ? NaN : Number(given);
  return Number.isFinite(number) ? number : otherwise;
}

/** A token of nobody's is where every list begins. */
function startOf(token: unknown): number {
  return Number(/^(?:after-)?(\d{1,9})$/.exec(String(token))?.[1] ?? 0);
}

type Path = readonly string[];

/** The list of an answer: the one that is nearest to its root, of structures rather than of anything else. */
function listIn(response: Schema): Path | undefined {
  const open: [Path, Schema][] = [[[], response]];
  let other: Path | undefined;
  for (const [path, schema] of open) {
    if (schema.kind === 'array') {
      if (schema.items.kind === 'struct') return path;
      other ??= path;
    }
    if (schema.kind === 'struct' && path.length < deepest) {
      for (const field of schema.fields) open.push([[...path, field.name], field.schema]);
    }
  }
  return other;
}

/** Below that, what is called a count counts something else. */
const deepest = 3;

function rewritten(schema: Schema, value: unknown, list: Path, items: unknown, page: Page): unknown {
  if (list.length === 0 && schema.kind === 'array') return items;
  if (schema.kind !== 'struct' || !isObject(value)) return value;
  const copy = { ...value };
  for (const { name, schema: inner } of schema.fields) {
    if (!(name in copy)) continue;
    const isOnTheWay = list[0] === name;
    if (isOnTheWay) copy[name] = rewritten(inner, copy[name], list.slice(1), items, page);
    else if (inner.kind === 'struct') copy[name] = rewritten(inner, copy[name], [], undefined, page);
    else copy[name] = told(name, copy[name], page);
  }
  return copy;
}

/** Numbers may be texts on the wire, and stay what they are. */
function told(name: string, value: unknown, page: Page): unknown {
  const told = telling.find(([pattern]) => pattern.test(name))?.[1](page);
  if (told === undefined) return value;
  if (typeof value === 'string' && typeof told === 'number') return String(told);
  if (typeof value === 'number' && typeof told === 'string') return startOf(told);
  return typeof value === typeof told ? told : value;
}
