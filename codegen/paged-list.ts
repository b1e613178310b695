/** Which list of a response is the one that an operation is asked for. */
import type { Schema } from '../lib/schema/grammar.js';

export type Path = readonly string[];

export type List =
  | { readonly path: Path; readonly byName: boolean }
  /** Nothing says which of these it is. */
  | { readonly among: readonly Path[] };

interface Candidate {
  readonly path: Path;
  readonly items: Schema;
}

const deepest = 4;

/**
 * The only list, or the only one of structures; of several, of those beside what marks a page: the one that is called as the
 * operation is, or as lists are, else the one nearest to the root. Lists in items of lists do not count.
 *
 * @param marks where the total and the next token are
 */
export function listIn(response: Schema, action: string, marks: readonly Path[]): List | undefined {
  const noun = stemOf(action.replace(verb, ''));
  const all = listsOf(response, []).filter(({ path }) => !isAside(path, noun));
  if (all.length === 0) return undefined;
  const ofStructs = all.filter(({ items }) => items.kind === 'struct');
  const lists = ofStructs.length > 0 ? ofStructs : all;
  const isNamed = ({ path }: Candidate): boolean => path.some((name) => stemOf(name) === noun);
  const near = beside(lists, marks);
  const chosen =
    single(lists) ??
    single(near.filter(isNamed)) ??
    shallowest(near.filter(({ path }) => path.length === 0 || usual.test(path.at(-1) ?? ''))) ??
    single(near.filter(({ path }) => path.some((name) => noun.startsWith(stemOf(name))))) ??
    shallowest(near);
  if (chosen === undefined) return { among: lists.map(({ path }) => path) };
  return { path: chosen.path, byName: isNamed(chosen) };
}

const verb = /^(?:Batch)?(?:Describe|List|Get|Query|Search|Find|Page)(?:Page)?(?=[A-Z])/;
const usual = /^(?:data|items?|list|results?|records?|rows|content|values?)$/i;

function listsOf(schema: Schema, path: Path): Candidate[] {
  if (schema.kind === 'array') return [{ path, items: schema.items }];
  if (schema.kind !== 'struct' || path.length === deepest) return [];
  return schema.fields.flatMap((field) => listsOf(field.schema, [...path, field.name]));
}

/** What goes wrong, or was asked for, is not what was asked for; unless it was, as error logs are of `DescribeErrorLogs`. */
function isAside(path: Path, noun: string): boolean {
  return path.some((name) => aside.test(name) && !noun.endsWith(stemOf(name)));
}

const aside = /^(?:errors?|warnings?|failures?|filters?|accessdenieddetail|dynamic(?:code|message))/i;

function single<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

function shallowest(lists: readonly Candidate[]): Candidate | undefined {
  const least = Math.min(...lists.map(({ path }) => path.length));
  return single(lists.filter(({ path }) => path.length === least));
}

/** Those in the structure of the only mark, or all. */
function beside(lists: readonly Candidate[], marks: readonly Path[]): readonly Candidate[] {
  const parent = single(marks)?.slice(0, -1) ?? [];
  const found = lists.filter(({ path }) => parent.every((name, index) => path[index] === name));
  return found.length > 0 ? found : lists;
}

/** The singular, as near as letters tell. */
function stemOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z\d]/g, '')
    .replace(/(?:infolist|infos?|list|set|detail|details)$/, '')
    .replace(/ies$/, 'y')
    .replace(/(ss|x|ch|us)es$/, '$1')
    .replace(/([^su])s$/, '$1');
}
