/** When pages are asked for, and what unsubscribing, failing and re-entering do to that. */
import { EMPTY, firstValueFrom, map, NEVER, Subject, take, tap, throwError, timer, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { paging } from '../../lib/paging/paging.js';
import { answering, byNumber, byToken, listOf, numbered, readAll, type Fields } from './support.js';

const list = listOf(byNumber);

interface Happening {
  readonly at: number;
  readonly what: string;
}

/** What happens, and when, with answers that take as long as the function says for each page. */
function timeline(
  read: (caller: ReturnType<typeof answering>['caller']) => Observable<unknown>,
  answer: (request: Fields) => unknown,
  duration: (request: Fields) => number = () => 10,
  until = Infinity,
): string[] {
  const scheduler = new TestScheduler(() => undefined);
  const seen: Happening[] = [];
  scheduler.run(({ flush }) => {
    const note = (what: string) => seen.push({ at: scheduler.now(), what });
    const { caller } = answering((request) => {
      const page = Number(request.Page ?? 1);
      note(`ask ${page}`);
      let answered = false;
      return timer(duration(request)).pipe(
        map(() => answer(request)),
        tap({
          next: () => (answered = true),
          unsubscribe: () => answered || note(`abort ${page}`),
        }),
      );
    });
    const subscription = read(caller).subscribe({
      next: (item) => note(String(item)),
      complete: () => note('|'),
      error: (error: Error) => note(`# ${error.message}`),
    });
    if (until !== Infinity) timer(until).subscribe(() => subscription.unsubscribe());
    flush();
  });
  return seen.map(({ at, what }) => `${at} ${what}`);
}

describe('items', () => {
  it('are asked for page by page, each when the one before has been passed on', () => {
    expect(timeline((caller) => paging.items(caller, list, {}, undefined), numbered(5))).toEqual([
      ...['0 ask 1', '10 1', '10 2', '10 ask 2', '20 3', '20 4', '20 ask 3', '30 5', '30 |'],
    ]);
  });

  it.each([1, 2, 3, 4])('are asked for no further than for the first %i', (count) => {
    const seen = timeline((caller) => paging.items(caller, list, {}, undefined).pipe(take(count)), numbered(1_000_000));
    expect(seen.filter((each) => each.includes('ask'))).toHaveLength(Math.ceil(count / 2));
    expect(seen.at(-1)).toBe(`${Math.ceil(count / 2) * 10} |`);
  });

  it('end with their reader: the call under way is aborted', () => {
    const read = (caller: ReturnType<typeof answering>['caller']) => paging.items(caller, list, {}, undefined);
    expect(timeline(read, numbered(5), () => 10, 15)).toEqual(['0 ask 1', '10 1', '10 2', '10 ask 2', '15 abort 2']);
  });

  it('stop in the middle of a page', () => {
    const { caller, requests } = answering(numbered(100, 10));
    const seen: unknown[] = [];
    const subscription = paging.items(caller, list, {}, undefined).subscribe();
    subscription.unsubscribe();
    const inner = paging.items(caller, list, {}, undefined).pipe(take(3));
    inner.subscribe((item) => seen.push(item));
    expect(seen).toEqual([1, 2, 3]);
    expect(requests.filter(({ Page }) => Page === undefined)).toHaveLength(2);
  });

  it('may be left from within their own reading, without a further request', () => {
    const answers = new Subject<Fields>();
    const { caller, requests } = answering(() => answers);
    const seen: unknown[] = [];
    const subscription = paging.items(caller, list, {}, undefined).subscribe((item) => {
      seen.push(item);
      if (item === 2) subscription.unsubscribe();
    });
    answers.next(numbered(9, 3)({}));
    expect(seen).toEqual([1, 2]);
    expect(answers.observed).toBe(false);
    expect(requests).toHaveLength(1);
  });

  it('may be read anew from within their reading', () => {
    const { caller } = answering(numbered(3));
    const items$ = paging.items(caller, list, {}, undefined);
    const seen: string[] = [];
    items$.subscribe((outer) => items$.subscribe((inner) => seen.push(`${String(outer)}${String(inner)}`)));
    expect(seen).toEqual(['11', '12', '13', '21', '22', '23', '31', '32', '33']);
  });

  it('are read anew by each subscription', () => {
    const { caller, requests } = answering(numbered(3));
    const items$ = paging.items(caller, list, {}, undefined);
    for (let i = 0; i < 2; i++) items$.subscribe();
    expect(requests).toEqual([{}, { Page: 2 }, {}, { Page: 2 }]);
  });

  it('of a hundred thousand pages that are there at once overflow no stack', () => {
    let count = 0;
    const { caller, requests } = answering(numbered(200_000));
    paging.items(caller, list, {}, undefined).subscribe(() => count++);
    expect([count, requests.length]).toEqual([200_000, 100_000]);
  });

  it.each<[string, Observable<never>, string]>([
    ['never', NEVER, 'nothing'],
    ['empty', EMPTY, 'complete'],
    ['error', throwError(() => new Error('refused')), 'refused'],
  ])('of a call that is %s are so, too', (_name, answer$, expected) => {
    const { caller } = answering(() => answer$);
    let end = 'nothing';
    paging.items(caller, list, {}, undefined).subscribe({
      complete: () => (end = 'complete'),
      error: (error: Error) => (end = error.message),
    });
    expect(end).toBe(expected);
  });

  it('end in the error of a later page, after those before it', () => {
    const failing = (request: Fields) => {
      if (request.Page === 2) throw new Error('refused');
      return numbered(5)(request);
    };
    expect(readAll(byNumber, {}, failing)).toMatchObject({ items: [1, 2], end: 'refused' });
  });
});

describe('pages', () => {
  it('are asked for one at a time by who takes the first of each, and so at the pace of the reader', async () => {
    const { caller, requests } = answering(numbered(5));
    const items: unknown[] = [];
    for (let request: unknown = {}; request !== undefined;) {
      const page = await firstValueFrom(paging.pages(caller, list, request, undefined));
      items.push(...page.items);
      expect(requests).toHaveLength(Math.ceil(items.length / 2));
      request = page.next;
    }
    expect(items).toEqual([1, 2, 3, 4, 5]);
  });

  it('are asked for, and end, when the work on the one before has', () => {
    const worked: unknown[] = [];
    const read = (caller: ReturnType<typeof answering>['caller']) =>
      paging.items(caller, list, {}, { after: ({ number }) => timer(5).pipe(tap(() => worked.push(number))) });
    expect(timeline(read, numbered(3))).toEqual([...['0 ask 1', '10 1', '10 2', '15 ask 2', '25 3', '30 |']]);
    expect(worked).toEqual([1, 2]);
  });

  it.each<[string, () => Observable<unknown>]>([
    ['errors', () => throwError(() => new Error('disk full'))],
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
  ])('end with work that %s, and are asked for no more', (_name, after) => {
    const { requests, end, items } = readAll(byNumber, {}, numbered(5), { after });
    expect([requests.length, items, end]).toEqual([1, [1, 2], 'disk full']);
  });

  it('leave the work on a page with their reader', () => {
    const work = new Subject<void>();
    const { caller } = answering(numbered(5));
    const subscription = paging.pages(caller, list, {}, { after: () => work }).subscribe();
    expect(work.observed).toBe(true);
    subscription.unsubscribe();
    expect(work.observed).toBe(false);
  });

  it('hand on the options of a call to each of them', () => {
    const { caller } = answering(numbered(5));
    const given: unknown[] = [];
    const noting = {
      call: (...[operation, request, options]: Parameters<typeof caller.call>) => {
        given.push(options);
        return caller.call(operation, request, options);
      },
    };
    paging.pages(noting, list, {}, { timeout: 5, concurrency: 2 }).subscribe();
    expect(given).toEqual([{ timeout: 5 }, { timeout: 5 }, { timeout: 5 }]);
  });

  it('are of the request as it was on subscribing', () => {
    const answers: Subject<unknown>[] = [];
    const { caller, requests } = answering(() => {
      const answer = new Subject<unknown>();
      answers.push(answer);
      return answer;
    });
    const request = { Kind: 'x' };
    const page$ = paging.pages(caller, list, request, undefined);
    page$.subscribe();
    request.Kind = 'y';
    page$.subscribe();
    for (const index of [0, 1]) {
      answers[index]?.next(numbered(3)({}));
      answers[index]?.complete();
    }
    expect(requests).toEqual([{ Kind: 'x' }, { Kind: 'y' }, { Kind: 'x', Page: 2 }, { Kind: 'y', Page: 2 }]);
  });

  it.each(['x', 5, ['x'], new Date(0)])('hand a request that is none on to the call: %p', (request) => {
    const { caller, requests } = answering(() => throwError(() => new Error('refused')));
    const refused = jest.fn();
    paging.pages(caller, list, request, undefined).subscribe({ error: refused });
    expect(requests).toEqual([request]);
    expect(refused).toHaveBeenCalledTimes(1);
  });

  it('take options that are undefined for none', () => {
    const options = { concurrency: undefined, after: undefined, observe: undefined };
    expect(readAll(byNumber, {}, numbered(3), options as never).end).toBe('complete');
  });

  it.each<[unknown, string]>([
    [{ concurrency: 0 }, 'Expected `concurrency` to be an integer >= 1, got 0'],
    [{ concurrency: 1.5 }, 'Expected `concurrency` to be an integer >= 1, got 1.5'],
    [
      { concurency: 2 },
      'Expected `concurency` to be absent, as there is no such option (did you mean `concurrency`?), got 2',
    ],
    [{ timout: 2 }, 'Expected `timout` to be absent, as there is no such option (did you mean `timeout`?), got 2'],
    [{ after: 5 }, 'Expected `after` to be a function, got 5'],
    [{ observe: 'response' }, 'Expected `observe` to be absent, as a page is its response, got a string'],
    ['fast', 'Expected `options` to be a plain object, got a string'],
  ])('refuse the options %j', (options, message) => {
    const { caller, requests } = answering(numbered(5));
    let thrown: unknown;
    paging.pages(caller, list, {}, options as never).subscribe({ error: (error: unknown) => (thrown = error) });
    expect(thrown).toMatchObject({ code: 'SDK.InvalidConfiguration', message });
    expect(requests).toEqual([]);
  });

  it('refuse an operation that has none', () => {
    const { caller } = answering(numbered(5));
    let thrown: unknown;
    const { pages: _pages, ...whole } = list;
    paging.pages(caller, whole, {}, undefined).subscribe({ error: (error: unknown) => (thrown = error) });
    expect(thrown).toMatchObject({ code: 'SDK.InvalidConfiguration', path: 'operation', received: 'ListThings' });
  });
});

describe('several pages at a time', () => {
  const three = (caller: ReturnType<typeof answering>['caller']) => paging.items(caller, list, {}, { concurrency: 3 });

  it('are asked for once the total is known, and come in their order', () => {
    const durations = [0, 10, 30, 20, 10, 10];
    const duration = ({ Page = 1 }: Fields) => durations[Number(Page)] ?? 0;
    expect(timeline(three, numbered(9), duration)).toEqual([
      ...['0 ask 1', '10 1', '10 2', '10 ask 2', '10 ask 3', '10 ask 4', '40 3', '40 4', '40 ask 5'],
      ...['40 5', '40 6', '40 7', '40 8', '50 9', '50 |'],
    ]);
  });

  it('are never more than that, also those that wait for their turn', () => {
    let [asked, passed, most] = [0, 0, 0];
    const { caller } = answering((request) => {
      most = Math.max(most, ++asked - passed);
      return numbered(20)(request);
    });
    paging.pages(caller, list, {}, { concurrency: 3 }).subscribe(() => passed++);
    expect([passed, most]).toEqual([10, 3]);
  });

  it('may be all that there are', () => {
    const { requests, end } = readAll(byNumber, {}, numbered(9), { concurrency: Number.MAX_SAFE_INTEGER });
    expect(requests.map(({ Page = 1 }) => Page)).toEqual([1, 2, 3, 4, 5]);
    expect(end).toBe('complete');
  });

  it('are no more than there are, where the total is a multiple of their size', () => {
    const { requests } = readAll(byNumber, {}, numbered(8), { concurrency: 9 });
    expect(requests.map(({ Page = 1 }) => Page)).toEqual([1, 2, 3, 4]);
  });

  it('are no more than there are, where their numbers begin with 0', () => {
    const fromZero = ({ Page = 0 }: Fields) => ({ ...numbered(9)({ Page: Number(Page) + 1 }), Page });
    const { items, requests } = readAll(byNumber, {}, fromZero, { concurrency: 3 });
    expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(requests.map(({ Page = 0 }) => Page)).toEqual([0, 1, 2, 3, 4]);
  });

  it('are one where the first is all that is wanted', () => {
    const seen = timeline((caller) => three(caller).pipe(take(2)), numbered(9));
    expect(seen).toEqual(['0 ask 1', '10 1', '10 2', '10 |']);
  });

  it('end with their reader', () => {
    expect(timeline(three, numbered(9), () => 10, 15).slice(-3)).toEqual(['15 abort 2', '15 abort 3', '15 abort 4']);
  });

  it('fail in their order: what came before is delivered', () => {
    const failing = (request: Fields) => {
      if (request.Page === 3) throw new Error('refused');
      return numbered(9)(request);
    };
    const seen = timeline(three, failing, ({ Page }) => (Page === 3 ? 1 : 10));
    expect(seen.slice(-5)).toEqual(['20 4', '20 ask 5', '20 # refused', '20 abort 4', '20 abort 5']);
  });

  it('give up those that a smaller total takes away', () => {
    const answer = (request: Fields) => numbered(request.Page === 2 ? 4 : 9)(request);
    const seen = timeline(three, answer, ({ Page = 1 }) => (Number(Page) > 2 ? 50 : 10));
    expect(seen.slice(-5)).toEqual(['20 3', '20 4', '20 |', '20 abort 3', '20 abort 4']);
  });

  it('go on to a greater total', () => {
    let total = 3;
    const { items } = readAll(
      byNumber,
      {},
      numbered(() => total++),
      { concurrency: 3 },
    );
    expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8].slice(0, items.length));
    expect(items.length).toBeGreaterThan(3);
  });

  it('are one at a time where only tokens lead on', () => {
    let running = 0;
    const { caller } = answering(({ Token = 0 }) => {
      expect(++running).toBe(1);
      return timer(0).pipe(
        map(() => {
          running--;
          return { Things: [Token], Next: Number(Token) < 3 ? String(Number(Token) + 1) : '' };
        }),
      );
    });
    return expect(
      firstValueFrom(paging.items(caller, listOf(byToken), {}, { concurrency: 3 }).pipe(take(4), map(String))),
    ).resolves.toBe('0');
  });

  it('go by offset as well', () => {
    const served = ({ Start = 0 }: Fields) => ({
      Things: [1, 2, 3, 4, 5].slice(Number(Start), Number(Start) + 2),
      Total: 5,
    });
    const { items, requests } = readAll('Things offset=Start size=Num total=Total', {}, served, { concurrency: 2 });
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(requests.map(({ Start }) => Start)).toEqual([undefined, 2, 4]);
  });
});
