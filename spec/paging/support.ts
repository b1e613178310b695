/** Lists for the specs of paging: an operation, and who answers its calls. */
import { defer, of, type Observable } from 'rxjs';
import { paging, type Caller } from '../../lib/paging/paging.js';
import type { PagesOptions } from '../../lib/paging/options.js';
import type { AnyPage } from '../../lib/paging/page.js';
import type { PagedOperation } from '../../lib/service.js';

export type Fields = Readonly<Record<string, unknown>>;

export function listOf(pages: string): PagedOperation<object, unknown, unknown> {
  const service = {
    product: 'Things',
    version: '2024-01-01',
    endpoints: { prefix: 'things', rule: 'central', regions: {} },
  };
  return { service: service as never, action: 'ListThings', response: '{}', pages };
}

/** Notes down each request, and answers it with what the function gives. */
export function answering(answer: (request: Fields, index: number) => unknown): {
  readonly caller: Caller;
  readonly requests: Fields[];
} {
  const requests: Fields[] = [];
  const caller: Caller = {
    call: (_operation, request) =>
      defer(() => {
        requests.push(request as Fields);
        const given = answer(request as Fields, requests.length - 1);
        return isSource(given) ? given : of(given);
      }),
  };
  return { caller, requests };
}

function isSource(given: unknown): given is Observable<unknown> {
  return typeof given === 'object' && given !== null && 'subscribe' in given;
}

export interface Read {
  readonly items: unknown[];
  readonly pages: AnyPage[];
  readonly requests: Fields[];
  /** `complete`, or the code of the error. */
  readonly end: string | undefined;
  readonly error: unknown;
}

/** Reads all of a list whose answers come at once. */
export function readAll(
  pages: string,
  request: Fields,
  answer: (request: Fields, index: number) => unknown,
  options?: PagesOptions,
): Read {
  const { caller, requests } = answering(answer);
  const read: AnyPage[] = [];
  let end: string | undefined;
  let error: unknown;
  paging.pages(caller, listOf(pages), request, options).subscribe({
    next: (page) => read.push(page),
    complete: () => (end = 'complete'),
    error: (thrown: Error & { code?: string }) => {
      error = thrown;
      end = thrown.code ?? thrown.message;
    },
  });
  return { items: read.flatMap(({ items }) => items), pages: read, requests, end, error };
}

/** A list of that many things, served by number: with the total, number and size that it says. */
export function numbered(length: number | (() => number), size = 2): (request: Fields) => Fields {
  return ({ Page = 1, Size = size }) => {
    const total = typeof length === 'number' ? length : length();
    const start = (Number(Page) - 1) * Number(Size);
    const items = Array.from({ length: Math.max(0, Math.min(Number(Size), total - start)) }, (_, i) => start + i + 1);
    return { Things: items, Page, Size, Total: total };
  };
}

export const byNumber = 'Things page=Page size=Size total=Total';
export const byToken = 'Things token=Token>Next size=Size';
