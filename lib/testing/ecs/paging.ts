/** The two ways in which ECS hands out lists: numbered pages, and a token for what comes next. */
import { invalidParameter } from '../api-error.js';

export interface PageRequest {
  readonly PageNumber?: number | bigint | undefined;
  readonly PageSize?: number | bigint | undefined;
  readonly MaxResults?: number | bigint | undefined;
  readonly NextToken?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Empty on the last page. */
  readonly NextToken: string;
  readonly TotalCount: number;
  readonly PageNumber: number;
  readonly PageSize: number;
}

interface Numbered {
  /** Grows along the list. */
  readonly number: number;
}

/** By token where the request has one, or says how many results it wants and no page, else by number. */
export function pageOf<T extends Numbered>(items: readonly T[], request: PageRequest, limits: Limits = {}): Page<T> {
  const { MaxResults, NextToken = '', PageNumber } = request;
  const byToken = NextToken !== '' || (MaxResults !== undefined && PageNumber === undefined);
  const { usual = 10, maximum = 100 } = limits;
  return byToken ? afterToken(items, request, { usual, maximum }) : numbered(items, request, { usual, maximum });
}

export interface Limits {
  /** How many items a page has where the request does not say. @default 10 */
  readonly usual?: number;
  /** @default 100 */
  readonly maximum?: number;
}

function numbered<T>(items: readonly T[], request: PageRequest, { usual, maximum }: Required<Limits>): Page<T> {
  const PageNumber = integer('PageNumber', request.PageNumber ?? 1, Number.MAX_SAFE_INTEGER);
  const PageSize = integer('PageSize', request.PageSize ?? request.MaxResults ?? usual, maximum);
  const start = (PageNumber - 1) * PageSize;
  return { items: items.slice(start, start + PageSize), NextToken: '', TotalCount: items.length, PageNumber, PageSize };
}

/** A token says after which item to go on, so that what is deleted meanwhile moves nothing. */
function afterToken<T extends Numbered>(
  items: readonly T[],
  request: PageRequest,
  { usual, maximum }: Required<Limits>,
): Page<T> {
  const PageSize = integer('MaxResults', request.MaxResults ?? usual, maximum);
  const after = parseToken(request.NextToken ?? '');
  const start = firstAfter(items, after);
  const page = items.slice(start, start + PageSize);
  const last = page.at(-1);
  const isLast = last === undefined || start + PageSize >= items.length;
  const NextToken = isLast ? '' : `after-${last.number.toString(36)}`;
  return { items: page, NextToken, TotalCount: items.length, PageNumber: 1, PageSize };
}

/** Their numbers grow, so that halving finds the place in a list of any length. */
function firstAfter(items: readonly Numbered[], after: number): number {
  let [from, to] = [0, items.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((items[middle]?.number ?? 0) > after) to = middle;
    else from = middle + 1;
  }
  return from;
}

function parseToken(token: string): number {
  if (token === '') return 0;
  const number = /^after-([\da-z]{1,10})$/.exec(token)?.[1];
  if (number === undefined) throw invalidParameter('NextToken', 'a token of an earlier answer');
  return parseInt(number, 36);
}

function integer(name: string, value: number | bigint, maximum: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= maximum) return number;
  throw invalidParameter(name, `an integer from 1 to ${maximum}`);
}
