/** Lists, page by page and item by item. It is loaded as one, with the first list that is read. */
import { concat, concatMap, defer, finalize, ignoreElements, map, of, Subscription, type Observable } from 'rxjs';
import type { CallOptions } from '../call-options.js';
import { ConfigurationError } from '../errors.js';
import { entriesOf, isPlainObject } from '../schema/values.js';
import type { AnyOperation } from '../service.js';
import { checkedPagesOptions, type CheckedOptions, type PagesOptions } from './options.js';
import { parsePager } from './pager.js';
import { oneAfterAnother } from './one-after-another.js';
import type { AnyPage } from './page.js';
import { Reading } from './reading.js';
import { startEarly } from './start-early.js';

/** What makes the calls: a client. */
export interface Caller {
  call(operation: AnyOperation, request: unknown, options: CallOptions | undefined): Observable<unknown>;
}

export type Listing = [operation: AnyOperation, request: unknown, options: PagesOptions | undefined];

export type Paging = typeof paging;

/** One object, as bundlers would make one of a module's exports by code of their own. */
export const paging = { items: itemsOf, pages: pagesOf };

/** The next page is asked for when all items of this one have been passed on. */
function itemsOf(caller: Caller, ...listing: Listing): Observable<unknown> {
  return pagesOf(caller, ...listing).pipe(concatMap(({ items }) => items));
}

/** The next page is asked for when this one has been passed on. */
function pagesOf(caller: Caller, ...[operation, request, options]: Listing): Observable<AnyPage> {
  return defer(() => {
    const { concurrency, after, callOptions } = checkedPagesOptions(options);
    const reading = new Reading(operation, parsePager(pagesFact(operation)), copyOf(request ?? {}));
    const ask: Ask = (next) => caller.call(operation, next, callOptions);
    if (concurrency === 1) return readPages(reading, ask, after);
    const calls = new Subscription();
    return readPages(reading, askAhead(reading, ask, concurrency, calls), after).pipe(
      finalize(() => calls.unsubscribe()),
    );
  });
}

type Ask = (next: unknown) => Observable<unknown>;

/** Each request is made of the answer before it. */
function readPages(reading: Reading, ask: Ask, after: CheckedOptions['after']): Observable<AnyPage> {
  return oneAfterAnother(() => {
    const { next } = reading;
    if (next === undefined) return undefined;
    // A call that gives nothing is the end.
    reading.next = undefined;
    const page$ = ask(next).pipe(map((response) => reading.read(next, response)));
    if (after === undefined) return page$;
    const worked = (page: AnyPage): Observable<never> => defer(() => after(page)).pipe(ignoreElements());
    return page$.pipe(concatMap((page) => concat(of(page), worked(page))));
  });
}

/** With the page that is asked for, asks for those after it of which the answer before has told. */
function askAhead(reading: Reading, ask: Ask, concurrency: number, calls: Subscription): Ask {
  const started = new Map<unknown, Observable<unknown>>();
  return (next) => {
    for (const { place, request } of reading.ahead(concurrency)) {
      if (!started.has(place)) started.set(place, startEarly(ask(request), calls));
    }
    const place = reading.placeOf(next);
    const answer = started.get(place) ?? ask(next);
    started.delete(place);
    return answer;
  };
}

/** A reading may last, and whoever makes requests of one object changes it meanwhile. What is none is refused by the call. */
function copyOf(request: unknown): unknown {
  return isPlainObject(request) ? Object.fromEntries(entriesOf(request)) : request;
}

function pagesFact(operation: AnyOperation): string {
  const { pages } = operation;
  if (pages !== undefined) return pages;
  const expected = 'an operation that has pages: docs/pages.md lists them';
  throw new ConfigurationError({ path: 'operation', expected, received: operation.action });
}
