/**
 * How an operation is paged, found by rule in its tables. Names are compared in lower case and without punctuation, as
 * products spell the same few things in many ways.
 */
import { parseBody, parseFields, parseType, type Schema } from '../lib/schema/grammar.js';
import type { AnyOperation } from '../lib/service.js';
import { listIn, type List, type Path } from './paged-list.js';

/** By the page's number, by the token that an answer brings, by either, or by how many items come before. */
export type PagerRule = 'number' | 'token' | 'number or token' | 'offset';

export interface Pager {
  readonly rule: PagerRule;
  /** The descriptor's fact, in the grammar of `lib/paging/pager.ts`. */
  readonly pages: string;
  /** Where the items are in the response. */
  readonly items: Path;
}

/** Why what looks like a list has no pager. */
export interface NoPager {
  readonly reason: string;
}

type Tables = Pick<AnyOperation, 'action' | 'query' | 'body' | 'response' | 'responseType'>;

/** `undefined`: it does not look like a list. */
export function findPager(operation: Tables): Pager | NoPager | undefined {
  const { action, response, responseType = 'json' } = operation;
  if (response === undefined || responseType !== 'json') return undefined;
  const schema = parseType(response);
  const asked = requestFields(operation);
  const told = responseFields(schema);
  const page = first(asked, names.page);
  const token = first(asked, names.token);
  const offset = first(asked, names.offset);
  const size = sizesOf(asked, page ?? token ?? offset);
  const marks = told.filter(
    ({ key }) => has(names.total, key) || (token !== undefined && has(followers(token.key), key)),
  );

  const list = listIn(
    schema,
    action,
    marks.map(({ path }) => path),
  );
  if (page === undefined && token === undefined && offset === undefined)
    return withoutAsking(action, list, asked, told);
  const without = (reason: string): NoPager | undefined => (lists.test(action) ? { reason } : undefined);
  if (list === undefined) return without(reasons.noList);
  if ('among' in list) return without(`${reasons.severalLists}: ${list.among.map(textOf).join(', ')}`);

  const near = (candidates: readonly string[], fits: (schema: Schema) => boolean): Leaf | undefined =>
    nearest(told, candidates, list.path, fits);
  const next = token && near(followers(token.key), isScalar);
  const byOffset = page === undefined && next === undefined;
  if (byOffset && (offset === undefined || size.number === undefined)) {
    return without(offset === undefined ? reasons.noToken : reasons.noSize);
  }
  const total = near(names.total, isScalar);
  const pages = near(names.pages, isScalar);
  if (next === undefined && (size.number ?? total ?? pages) === undefined) return without(reasons.alone);
  const more = near(next === undefined ? [...names.more, 'nextpage'] : names.more, ({ kind }) => kind === 'boolean');
  const facts = [
    textOf(list.path) || '.',
    page && fact('page', 'number', page, near([page.key, ...names.page, ...names.toldPage], isScalar)),
    byOffset && offset && fact('offset', 'number', offset, near([offset.key], isScalar)),
    next && token && fact('token', 'string', token, next),
    size.number && fact('size', undefined, size.number, near([size.number.key, ...names.size], isScalar)),
    next && size.token && fact('max', undefined, size.token, near([size.token.key], isScalar)),
    total && `total=${textOf(total.path)}`,
    total === undefined && pages && `pages=${textOf(pages.path)}`,
    more && `more=${textOf(more.path)}`,
  ].filter((text) => typeof text === 'string');
  const rule = byOffset ? 'offset' : next === undefined ? 'number' : page === undefined ? 'token' : 'number or token';
  return { rule, pages: facts.join(' '), items: list.path };
}

export const reasons = {
  noList: 'the answer has no list that its description tells of',
  severalLists: 'the answer has several lists, and none of them is the one by its name or by its total',
  noToken: 'the answer says nothing to go on with',
  noSize: 'how many items an offset passes is not in the request',
  limited: 'the request says how many at most, and nothing asks for those that follow',
  alone: 'a page number without a size or a total may as well be a page of a document',
  byTime: 'it goes on by a time, which the next request has to begin or end with',
  untold: 'the answer says what to go on with, and nothing of the request takes it',
  whole: 'the answer is the whole list',
} as const;

/** What an operation is called that may answer with a list. */
const lists = /^(?:Batch)?(?:Describe|List|Get|Query|Search|Find|Lookup)(?=[A-Z])|List/;

function has(keys: readonly string[], key: string): boolean {
  return keys.includes(key);
}

/** No field of the request asks for what follows. */
function withoutAsking(
  action: string,
  list: List | undefined,
  asked: readonly Leaf[],
  told: readonly Leaf[],
): NoPager | undefined {
  if (list === undefined) return undefined;
  if (!lists.test(action)) return undefined;
  if (told.some(({ key }) => key === 'nexttime')) return { reason: reasons.byTime };
  if (told.some(({ key }) => has(names.next, key))) return { reason: reasons.untold };
  if (asked.some(({ key, path }) => path.length === 1 && has(names.size, key))) return { reason: reasons.limited };
  return /^(?:Batch)?List(?=[A-Z])/.test(action) || ('byName' in list && list.byName)
    ? { reason: reasons.whole }
    : undefined;
}

/** A field of a request or a response that is no structure. */
interface Leaf {
  readonly path: Path;
  readonly schema: Schema;
  /** Its name as it is compared. */
  readonly key: string;
}

/** In the order of their weight. */
const names = {
  page: [
    'pagenumber',
    'pagenum',
    'pageno',
    'currentpage',
    'page',
    'pageindex',
    'pageid',
    'pagenumbers',
    'pagestart',
    'current',
  ],
  toldPage: ['curpage', 'currentpagenum', 'currpagenumbers'],
  token: [
    ...[
      'nexttoken',
      'nextpagetoken',
      'pagetoken',
      'nextmarker',
      'marker',
      'nextcursor',
      'cursor',
      'nextstart',
      'startkey',
    ],
    ...['startversion', 'lasttoken', 'token', 'offset'],
  ],
  next: ['nexttoken', 'nextpagetoken', 'nextmarker', 'nextcursor', 'nextkey', 'nextoffset', 'nextversion', 'nextstart'],
  offset: ['offset', 'startindex', 'start', 'skip'],
  size: [
    ...[
      'pagesize',
      'perpage',
      'maxrecordsperpage',
      'maximumpagesize',
      'showsize',
      'maxresults',
      'maxitems',
      'limit',
      'size',
    ],
    ...['num'],
  ],
  max: ['maxresults', 'maxitems', 'limit'],
  total: [
    ...[
      'totalcount',
      'total',
      'totalrecordcount',
      'totalitems',
      'totalitem',
      'totalitemnum',
      'totalcounts',
      'totalrecords',
    ],
    ...['totalrecord', 'totalsize', 'xtotalcount', 'totalnum'],
  ],
  pages: ['totalpages', 'totalpage', 'totalpagecount', 'totalpagenum', 'totalpagenumbers', 'pagetotal', 'pagecount'],
  more: ['istruncated', 'truncated', 'hasmore', 'hasnext', 'hasnextpage', 'nextvalid'],
} as const satisfies Record<string, readonly string[]>;

/** What an answer calls what a request takes as `key`. An offset alone is a number of items, unless there is a next one. */
function followers(key: string): readonly string[] {
  const bare = key.replace(/^(?:next|start|last)/, '');
  const own = [`next${bare}`, ...(key === 'offset' ? [] : [key, bare])];
  return key === 'offset' || key.startsWith('start') ? own : [...new Set([...own, ...names.next])];
}

/** The fields of a request, and those of its structures: `Page.Index` is one by the name of `pageindex`, too. */
function requestFields({ query = '', body = '' }: Tables): readonly Leaf[] {
  const written = parseBody(body);
  const fields = [...parseFields(query), ...('fields' in written ? written.fields : [written.whole])];
  return fields.flatMap(({ name, schema }): Leaf[] => {
    if (schema.kind !== 'struct') return [{ path: [name], schema, key: keyOf(name) }];
    return schema.fields.map((inner) => ({
      path: [name, inner.name],
      schema: inner.schema,
      key: keyOf(/^page$/i.test(name) ? name + inner.name : inner.name),
    }));
  });
}

const deepest = 4;

function responseFields(root: Schema): readonly Leaf[] {
  const visit = (schema: Schema, path: Path): Leaf[] => {
    if (schema.kind !== 'struct') return [{ path, schema, key: keyOf(path.at(-1) ?? '') }];
    if (path.length === deepest) return [];
    return schema.fields.flatMap((field) => visit(field.schema, [...path, field.name]));
  };
  return visit(root, []);
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z\d]/g, '');
}

function first(leaves: readonly Leaf[], keys: readonly string[]): Leaf | undefined {
  for (const key of keys) {
    const found = leaves.find((leaf) => leaf.key === key && isScalar(leaf.schema));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What says how many: of a page by number, and after a token. They stand where the page is asked for. */
function sizesOf(
  asked: readonly Leaf[],
  beside: Leaf | undefined,
): { number?: Leaf | undefined; token?: Leaf | undefined } {
  const here = asked.filter(({ path }) => textOf(path.slice(0, -1)) === textOf(beside?.path.slice(0, -1) ?? []));
  const number = first(here, names.size);
  const token = first(here, names.max);
  return { number, token: token === number ? undefined : token };
}

/** Of those with one of the names, the one that has most of its way in common with the list, and is at most two steps off. */
function nearest(
  told: readonly Leaf[],
  keys: readonly string[],
  list: Path,
  fits: (schema: Schema) => boolean,
): Leaf | undefined {
  const distance = ({ path }: Leaf): number => path.length - common(path, list);
  const found = told.filter((leaf) => has(keys, leaf.key) && fits(leaf.schema) && distance(leaf) <= 2);
  const rank = (leaf: Leaf): number => distance(leaf) * 1000 + keys.indexOf(leaf.key);
  return found.reduce<Leaf | undefined>(
    (best, leaf) => (best === undefined || rank(leaf) < rank(best) ? leaf : best),
    undefined,
  );
}

function common(a: Path, b: Path): number {
  const end = a.findIndex((name, index) => name !== b[index]);
  return end === -1 ? a.length : end;
}

function isScalar({ kind }: Schema): boolean {
  return kind === 'string' || kind === 'number' || kind === 'long' || kind === 'any';
}

/** `role=asked>told`: what is told is left out where its name is the same, or where there is nothing. */
function fact(role: string, usual: 'string' | 'number' | undefined, asked: Leaf, told: Leaf | undefined): string {
  const kind = asked.schema.kind === 'string' ? 'string' : 'number';
  const mark = usual === undefined || kind === usual ? '' : `:${kind.charAt(0)}`;
  const [from, to] = [textOf(asked.path), told && textOf(told.path)];
  return `${role}${mark}=${from}${to === undefined || to === from ? '' : `>${to}`}`;
}

function textOf(path: Path): string {
  return path.join('.');
}
