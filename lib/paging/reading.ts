import { ClientError } from '../errors.js';
import type { AnyOperation } from '../service.js';
import type { AnyPage } from './page.js';
import { readAt, writeAt, type Asked, type Pager } from './pager.js';
import { isSame } from './same.js';

/** How it goes from one page to the next. `either`: the first answer says. */
type Way = 'number' | 'token' | 'offset' | 'either';

/**
 * One reading of a list, page by page, in order: what each answer means, and which request comes next. It holds one page, and
 * of those before only numbers, so that a reading may be as long as it likes.
 */
export class Reading {
  /** The request for the page after; `undefined` after the last. */
  next: unknown;
  private way: Way;
  private count = 0;
  /** The number of the first page of the list: 0 where this reading began with it. */
  private lowest = 1;
  /** How many items there were up to the last page, those of pages before the first of this reading included. */
  private seen = 0;
  /** The most that were on a page. */
  private largest = 0;
  private last: { readonly request: unknown; readonly page: AnyPage } | undefined = undefined;
  private items: readonly unknown[] = [];
  /** An earlier token, and at which page it is exchanged for a later one: enough to notice any circle. */
  private landmark: { readonly token: unknown; readonly until: number } | undefined = undefined;

  constructor(
    private readonly operation: AnyOperation,
    private readonly pager: Pager,
    first: unknown,
  ) {
    this.next = first;
    this.way = wayOf(pager, first);
  }

  /** @throws ClientError `SDK.RepeatedPage` where it leads back to what was read before. */
  read(request: unknown, response: unknown): AnyPage {
    const { pager } = this;
    const found = readAt(response, pager.items);
    const items: readonly unknown[] = Array.isArray(found) ? found : [];
    this.count++;
    if (this.way === 'either') this.way = isToken(readAt(response, pager.token?.told)) ? 'token' : 'number';
    if (this.way !== 'token' && items.length > 0 && isSame(items, this.items)) {
      throw this.repeated('has the same items as the page before it');
    }
    this.items = items;
    this.largest = Math.max(this.largest, items.length);
    const told = numberAt(response, pager.total?.told);
    // A total of less than what is on the page is none, such as a 0 that stands for nothing: to end by it would lose the rest.
    const total = told !== undefined && told >= items.length ? told : undefined;
    const number = this.way === 'number' ? this.numberOf(request, response) : this.count;
    const isEnd = readAt(response, pager.more?.told) === false;
    this.next = isEnd ? undefined : this.following(request, response, number, total);
    const page: AnyPage = { items, response, number, total, next: this.next };
    this.last = { request, page };
    return page;
  }

  /** The requests for as many pages as these after the last that was read, as far as its answer tells of them. */
  ahead(pages: number): { readonly place: unknown; readonly request: unknown }[] {
    const { last, pager } = this;
    if (last?.page.total === undefined || this.way === 'token') return [];
    const { request, page } = last;
    const { number, total = 0 } = page;
    const size = this.sizeOf(request, page.response);
    const start = numberAt(request, pager.offset?.asked) ?? 0;
    const requests: unknown[] = [];
    for (let i = 1; i <= pages; i++) {
      const before = this.way === 'number' ? (number - this.lowest + i) * size : start + i * size;
      if (before >= total) break;
      requests.push(
        this.way === 'number' ? written(request, pager.page, number + i) : written(request, pager.offset, before),
      );
    }
    return requests.map((each) => ({ place: this.placeOf(each), request: each }));
  }

  /** Which page a request asks for. */
  placeOf(request: unknown): unknown {
    return readAt(request, (this.pager.page ?? this.pager.offset)?.asked);
  }

  private following(request: unknown, response: unknown, number: number, total: number | undefined): unknown {
    if (this.way === 'token') return this.afterToken(request, response);
    return this.way === 'number'
      ? this.afterNumber(request, response, number, total)
      : this.afterOffset(request, response, total);
  }

  private afterToken(request: unknown, response: unknown): unknown {
    const { token } = this.pager;
    const told = readAt(response, token?.told);
    if (!isToken(told)) return undefined;
    const next = written(request, token, told);
    const [sent, asked] = [readAt(request, token?.asked), readAt(next, token?.asked)];
    if (asked === sent || asked === this.landmark?.token) throw this.repeated('leads to a page that was read before');
    if (this.landmark === undefined || this.count === this.landmark.until) {
      this.landmark = { token: asked, until: this.count * 2 };
    }
    return next;
  }

  private afterNumber(request: unknown, response: unknown, number: number, total: number | undefined): unknown {
    const { pager, items } = this;
    const told = numberAt(response, pager.size?.told);
    const next = written(request, pager.page, number + 1);
    if (this.count === 1) {
      this.lowest = Math.min(1, number);
      this.seen = (number - this.lowest) * (told ?? items.length);
    }
    this.seen += items.length;
    const mayGoOn = readAt(response, pager.more?.told) === true;
    if (total !== undefined) {
      const isLast =
        items.length === 0
          ? (number - this.lowest + 1) * this.fullSizeOf(request, response) >= total
          : this.seen >= total && !mayGoOn;
      return isLast ? undefined : next;
    }
    const pages = numberAt(response, pager.pages?.told);
    if (items.length === 0 || (pages !== undefined && number >= pages)) return undefined;
    const isShort = told !== undefined && items.length < told;
    return pages === undefined && isShort && !mayGoOn ? undefined : next;
  }

  /** By how many came, whatever was asked for. */
  private afterOffset(request: unknown, response: unknown, total: number | undefined): unknown {
    const { offset, size } = this.pager;
    const next = (numberAt(request, offset?.asked) ?? 0) + this.items.length;
    const told = numberAt(response, size?.told);
    const isShort = total === undefined && told !== undefined && this.items.length < told;
    const isLast = this.items.length === 0 || isShort || (total !== undefined && next >= total);
    return isLast ? undefined : written(request, offset, next);
  }

  /** What was asked for, or, where nothing was, what the server calls its first. */
  private numberOf(request: unknown, response: unknown): number {
    const { page } = this.pager;
    return numberAt(request, page?.asked) ?? numberAt(response, page?.told) ?? 1;
  }

  /** How many are on a full page: as told, else as many as ever came, else as many as were asked for. */
  private sizeOf(request: unknown, response: unknown): number {
    const { size } = this.pager;
    const told = numberAt(response, size?.told);
    if (told !== undefined && told > 0) return told;
    return this.largest > 0 ? this.largest : (numberAt(request, size?.asked) ?? usualSize);
  }

  /**
   * The same, where it is a matter of ending: the only page with anything on it may have been the last of the list, which is
   * no measure, and a small one would lead through many empty pages.
   */
  private fullSizeOf(request: unknown, response: unknown): number {
    const { size } = this.pager;
    const told = numberAt(response, size?.told) ?? 0;
    return told > 0 ? told : Math.max(this.largest, numberAt(request, size?.asked) ?? usualSize);
  }

  private repeated(what: string): ClientError {
    const { action, service } = this.operation;
    const code = 'SDK.RepeatedPage';
    const message = `Page ${this.count} of ${action} ${what} (${code}, ${service.product} ${action})`;
    return Object.assign(new ClientError(code, message), { product: service.product, action });
  }
}

/** What products give where nobody says how many. */
const usualSize = 10;

/** Of an operation that knows both: a token, or how many come after one, says so, and so does a page's number or size. */
function wayOf({ page, token, size, max }: Pager, request: unknown): Way {
  const isGiven = (role: Asked | undefined): boolean => !isEmpty(readAt(request, role?.asked));
  if (page === undefined) return token === undefined ? 'offset' : 'token';
  if (token === undefined || isGiven(page)) return 'number';
  if (isGiven(token) || isGiven(max)) return 'token';
  return max !== undefined && isGiven(size) ? 'number' : 'either';
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** 0 leads nowhere, either. */
function isToken(value: unknown): boolean {
  return !isEmpty(value) && value !== 0;
}

/** Numbers may be texts on the wire. */
function numberAt(value: unknown, path: Asked['told'] | undefined): number | undefined {
  const found = readAt(value, path);
  if (typeof found !== 'number' && typeof found !== 'bigint' && (typeof found !== 'string' || found === ''))
    return undefined;
  const number = Number(found);
  return Number.isFinite(number) ? number : undefined;
}

function written(request: unknown, role: Asked | undefined, value: unknown): unknown {
  if (role === undefined) return request;
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  return writeAt(request, role.asked, role.isText ? String(value) : isNumber ? value : Number(value));
}
