/**
 * Made-up lists of operations that have pages: as long as the emulator is told, each item another, and each made when its
 * page is asked for. A page beyond the end is empty, and the last has no token.
 */
import { parsePager, readAt, writeAt, type Pager, type Path } from '../paging/pager.js';
import type { Schema } from '../schema/grammar.js';
import { numbered } from './distinct.js';
import { sampleOf } from './sample.js';

/** The answer to a request. What is put in is not changed. */
export type AnswerPage = (request: Readonly<Record<string, unknown>>, length: number) => unknown;

/** @param pages the descriptor's fact */
export function listingOf(pages: string, response: Schema, action: string): AnswerPage {
  const pager = parsePager(pages);
  const list = schemaAt(response, pager.items);
  const items: Schema = list?.kind === 'array' ? list.items : { kind: 'any' };
  const whole = sampleOf(response, action);
  const item = sampleOf(items, [action, ...pager.items].join('.'));
  const itemAt = (index: number): unknown => numbered(items, item, index);
  return (request, length) => {
    const page = pageFor(pager, request, length);
    const count = Math.max(0, Math.min(page.size, length - page.start));
    const made = Array.from({ length: count }, (_, index) => itemAt(page.start + index));
    return told(writeAt(whole, pager.items, made), pager, response, page, length);
  };
}

interface Asked {
  /** How many items come before it. */
  readonly start: number;
  readonly size: number;
  readonly number: number;
  readonly byToken: boolean;
}

/** By token where the request has one, or says how many should follow one, and no number of a page. */
function pageFor(pager: Pager, request: Readonly<Record<string, unknown>>, length: number): Asked {
  const ask = (role: keyof Pager): unknown => {
    const asked = pager[role];
    return asked !== undefined && 'asked' in asked ? readAt(request, asked.asked) : undefined;
  };
  const [token, max] = [ask('token'), ask('max')];
  const byToken =
    pager.token !== undefined &&
    (pager.page === undefined || (ask('page') === undefined && (isGiven(token) || isGiven(max))));
  const size = Math.max(1, numberOf((byToken ? max : undefined) ?? ask('size') ?? max, usualSize));
  if (byToken) return { start: startOf(token), size, number: 1, byToken };
  if (pager.page === undefined) return { start: Math.max(0, numberOf(ask('offset'), 0)), size, number: 1, byToken };
  const number = Math.max(1, numberOf(ask('page'), 1));
  return { start: Math.min((number - 1) * size, length), size, number, byToken };
}

const usualSize = 10;

function told(answer: unknown, pager: Pager, response: Schema, page: Asked, length: number): unknown {
  const { start, size, number, byToken } = page;
  const hasMore = start + size < length;
  const facts: [Path | undefined, number | string | boolean][] = [
    [pager.total?.told, length],
    [pager.pages?.told, Math.ceil(length / size)],
    [pager.size?.told, size],
    [pager.max?.told, size],
    [pager.page?.told, number],
    [pager.offset?.told, start],
    [pager.more?.told, hasMore],
    [pager.token?.told, byToken && hasMore ? start + size : ''],
  ];
  return facts.reduce((written, [path, fact]) => {
    const schema = path && schemaAt(response, path);
    return path === undefined || schema === undefined
      ? written
      : writeAt(written, path, asWritten(fact, schema, path === pager.token?.told));
  }, answer);
}

/** Numbers may be texts on the wire; a token is one where it may be. */
function asWritten(fact: number | string | boolean, { kind }: Schema, isToken: boolean): unknown {
  if (kind === 'boolean') return Boolean(fact);
  if (kind === 'number' || kind === 'long') return Number(fact);
  return isToken && fact !== '' ? `after-${fact}` : String(fact);
}

/** A token of nobody's is where every list begins. */
function startOf(token: unknown): number {
  return Number(/^(?:after-)?(\d{1,9})$/.exec(String(token))?.[1] ?? 0);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== '';
}

function numberOf(given: unknown, otherwise: number): number {
  const number = isGiven(given) ? Number(given) : NaN;
  return Number.isFinite(number) ? Math.trunc(number) : otherwise;
}

function schemaAt(schema: Schema | undefined, path: Path): Schema | undefined {
  return path.reduce(
    (inner: Schema | undefined, name) =>
      inner?.kind === 'struct' ? inner.fields.find((field) => field.name === name)?.schema : undefined,
    schema,
  );
}
