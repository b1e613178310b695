/** Lists that are read by the page's number, or by an offset. */
import { byNumber, numbered, readAll, type Fields } from './support.js';

const withoutTotal = 'Things page=Page size=Size';

/** Without the fields of these names. */
const but = (names: readonly string[], answer: (request: Fields) => Fields) => (request: Fields) =>
  Object.fromEntries(Object.entries(answer(request)).filter(([name]) => !names.includes(name)));

describe('a list by number', () => {
  it('is read to its total, without a request more', () => {
    const { items, requests, pages, end } = readAll(byNumber, { Kind: 'x' }, numbered(5));
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(requests).toEqual([{ Kind: 'x' }, { Kind: 'x', Page: 2 }, { Kind: 'x', Page: 3 }]);
    expect(pages.map(({ number, total, next }) => ({ number, total, next }))).toEqual([
      { number: 1, total: 5, next: { Kind: 'x', Page: 2 } },
      { number: 2, total: 5, next: { Kind: 'x', Page: 3 } },
      { number: 3, total: 5, next: undefined },
    ]);
    expect(end).toBe('complete');
  });

  it('is one page where the total is a multiple of its size, and none but the first where it is empty', () => {
    expect(readAll(byNumber, {}, numbered(2)).requests).toHaveLength(1);
    expect(readAll(byNumber, {}, numbered(4)).requests).toHaveLength(2);
    expect(readAll(byNumber, {}, numbered(0))).toMatchObject({ items: [], requests: [{}], end: 'complete' });
  });

  it('begins at the page of the request, and keeps its size', () => {
    const { items, requests } = readAll(byNumber, { Page: 2, Size: 3 }, numbered(10));
    expect(items).toEqual([4, 5, 6, 7, 8, 9, 10]);
    expect(requests).toEqual([2, 3, 4].map((Page) => ({ Page, Size: 3 })));
  });

  it('goes on from the page after one that was read before', () => {
    const { pages } = readAll(byNumber, {}, numbered(7));
    expect(readAll(byNumber, pages[1]?.next as Fields, numbered(7)).items).toEqual([5, 6, 7]);
  });

  it('counts from 0 where the server does', () => {
    const fromZero = ({ Page = 0 }: Fields) => ({ ...numbered(5)({ Page: Number(Page) + 1 }), Page });
    const { items, requests } = readAll(byNumber, {}, fromZero);
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(requests).toEqual([{}, { Page: 1 }, { Page: 2 }]);
  });

  it('counts from 0 to an empty page below the total, and no further', () => {
    const left = ({ Page = 0 }: Fields) => ({ Things: [[1], [3], []][Number(Page)] ?? [], Page, Size: 2, Total: 6 });
    expect(readAll(byNumber, { Page: 0 }, left).requests.map(({ Page }) => Page)).toEqual([0, 1, 2]);
  });

  it('keeps inherited fields of a request, as a call has them', () => {
    const inherited = Object.create({ Kind: 'x', Query: Object.create({ Size: 2 }) as object }) as Fields;
    const nested = 'Things page=Query.Page size=Query.Size total=Total';
    const { requests } = readAll(nested, inherited, ({ Query }) => {
      const { Things, Total } = numbered(3)(Query as Fields);
      return { Things, Total };
    });
    expect(requests[1]).toEqual({ Kind: 'x', Query: { Size: 2, Page: 2 } });
  });

  it('sends texts where the wire has them, and reads numbers from texts', () => {
    const texts = (request: Fields) => {
      const { Page, Size, Total, Things } = numbered(5)(request);
      return { Page: String(Page), Size: String(Size), Total: String(Total), Things };
    };
    const { items, requests, pages } = readAll('Things page:s=Page size=Size total=Total', {}, texts);
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(requests).toEqual([{}, { Page: '2' }, { Page: '3' }]);
    expect(pages[0]?.total).toBe(5);
  });

  it('knows fields within structures, on both sides', () => {
    const nested = 'Data.Things page=Query.Page>Data.Info.Page size=Query.Size>Data.Info.Size total=Data.Info.Total';
    const { items, requests } = readAll(nested, { Query: { Kind: 'x', Size: 2 } }, ({ Query }) => {
      const { Things, ...Info } = numbered(5)(Query as Fields);
      return { Data: { Things, Info } };
    });
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(requests.at(-1)).toEqual({ Query: { Kind: 'x', Size: 2, Page: 3 } });
  });

  it('may be the whole answer', () => {
    const list = ({ Page = 1 }: Fields) => numbered(3)({ Page }).Things;
    expect(readAll('. page=Page size=Size', {}, list)).toMatchObject({ items: [1, 2, 3], end: 'complete' });
  });
});

describe('a total', () => {
  it('that grows is read to its new end', () => {
    const totals = [3, 3, 5, 5];
    const { items, requests } = readAll(byNumber, {}, (request) =>
      numbered(totals[Number(request.Page ?? 1)] ?? 0)(request),
    );
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(requests).toHaveLength(3);
  });

  it('that shrinks ends the reading early', () => {
    const totals = [9, 9, 4];
    const { items, requests } = readAll(byNumber, {}, (request) =>
      numbered(totals[Number(request.Page ?? 1)] ?? 0)(request),
    );
    expect(items).toEqual([1, 2, 3, 4]);
    expect(requests).toHaveLength(2);
  });

  it('that shrinks below the page that was asked for ends it with an empty page', () => {
    const { pages, end } = readAll(byNumber, {}, (request) => numbered(request.Page === 2 ? 1 : 3)(request));
    expect(pages.map(({ items }) => items)).toEqual([[1, 2], []]);
    expect(end).toBe('complete');
  });

  it('that counts what is left out of the pages is believed: an empty page is not the end', () => {
    const left = ({ Page = 1 }: Fields) => ({
      Things: [[1], [], [5], [7]][Number(Page) - 1] ?? [],
      Page,
      Size: 2,
      Total: 8,
    });
    const { items, requests, end } = readAll(byNumber, {}, left);
    expect(items).toEqual([1, 5, 7]);
    // The total is not reached by counting: the first page beyond it is empty, and ends it.
    expect(requests).toHaveLength(5);
    expect(end).toBe('complete');
  });

  it('that is less than what is on the page is none', () => {
    const { items, pages } = readAll(byNumber, {}, (request) => ({ ...numbered(5)(request), Total: 0 }));
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(pages[0]?.total).toBeUndefined();
  });

  it('that is reached is not the end where the answer says that there is more', () => {
    const more = ({ Page = 1 }: Fields) => ({ Things: [Page], Page, Size: 1, Total: 2, More: Number(Page) < 3 });
    expect(readAll(`${byNumber} more=More`, {}, more).items).toEqual([1, 2, 3]);
  });

  it('that nobody tells is replaced by the size of a page that is not full', () => {
    const { items, requests } = readAll(withoutTotal, {}, but(['Total'], numbered(5)));
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(requests).toHaveLength(3);
  });

  it('that nobody tells, where nobody tells the size either, by an empty page', () => {
    const { items, requests } = readAll(withoutTotal, { Size: 2 }, but(['Total', 'Size'], numbered(5)));
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(requests).toHaveLength(4);
  });

  it('may be one of pages', () => {
    const pages = 'Things page=Page pages=Pages';
    const { items, requests } = readAll(pages, {}, (request) => ({
      ...but(['Total'], numbered(4))(request),
      Pages: 2,
    }));
    expect(items).toEqual([1, 2, 3, 4]);
    expect(requests).toHaveLength(2);
  });

  it('may be said not to be the end, or to be it', () => {
    const more = 'Things page=Page size=Size more=More';
    const answer = (request: Fields) => ({ ...numbered(4)(request), More: request.Page !== 2 });
    expect(readAll(more, {}, answer)).toMatchObject({ items: [1, 2, 3, 4], requests: [{}, { Page: 2 }] });
    // A page that is not full, and yet not the last.
    const gaps = ({ Page = 1 }: Fields) => ({ Things: Page === 1 ? [1] : [3, 4], Size: 2, Page, More: Page === 1 });
    expect(readAll(more, {}, gaps).items).toEqual([1, 3, 4]);
  });
});

describe('a size that the server lowers', () => {
  it.each<[string, (request: Fields) => Fields]>([
    ['and tells', (request) => numbered(7)({ ...request, Size: 2 })],
    ['without a word', (request) => but(['Size'], numbered(7))({ ...request, Size: 2 })],
  ])('%s loses nothing', (_name, answer) => {
    const { items, requests } = readAll(byNumber, { Size: 100 }, answer);
    expect(items).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(requests.map(({ Size }) => Size)).toEqual([100, 100, 100, 100]);
  });

  it('loses nothing where the reading begins in the middle', () => {
    const answer = (request: Fields) => but(['Size'], numbered(7))({ ...request, Size: 2 });
    expect(readAll(byNumber, { Size: 100, Page: 2 }, answer).items).toEqual([3, 4, 5, 6, 7]);
  });
});

describe('a reading that begins with the last page', () => {
  // As RDS and Redis answer: the number and the total, and not the size.
  const answer = but(['Size'], numbered(251, 10));

  it.each<[string, Fields]>([
    ['with a size', { Page: 26, Size: 10 }],
    ['without one', { Page: 26 }],
  ])('makes one request more at most, where the size is not told: %s', (_name, request) => {
    const { items, requests, end } = readAll(byNumber, request, answer);
    expect(items).toEqual([251]);
    expect(requests.map(({ Page }) => Page)).toEqual([26, 27]);
    expect(end).toBe('complete');
  });

  it('makes none more where the size is told', () => {
    expect(readAll(byNumber, { Page: 26, Size: 10 }, numbered(251, 10)).requests).toHaveLength(1);
  });
});

describe('a server that ignores the number', () => {
  it.each([true, false])('is found out, whether it tells that (%s)', (tells) => {
    const same = (request: Fields) => ({
      Things: [{ Id: 'a' }, { Id: 'b' }],
      Page: tells ? 1 : request.Page,
      Size: 2,
      Total: 5,
    });
    const { items, requests, end } = readAll(byNumber, {}, same);
    expect(end).toBe('SDK.RepeatedPage');
    expect(items).toEqual([{ Id: 'a' }, { Id: 'b' }]);
    expect(requests).toHaveLength(2);
  });

  it('may give items that differ in the last field alone', () => {
    const { end } = readAll(byNumber, {}, ({ Page = 1 }) => ({
      Things: [{ Id: 'a', At: { Page } }],
      Page,
      Size: 1,
      Total: 3,
    }));
    expect(end).toBe('complete');
  });
});

describe('a list by offset', () => {
  const byOffset = 'Things offset=Start size=Num total=Total';
  const served =
    (length: number, most: number) =>
    ({ Start = 0, Num = most }: Fields) => {
      const count = Math.max(0, Math.min(Number(Num), most, length - Number(Start)));
      return { Things: Array.from({ length: count }, (_, i) => Number(Start) + i + 1), Total: length };
    };

  it('goes on by as many as came, whatever was asked for', () => {
    const { items, requests } = readAll(byOffset, { Num: 10 }, served(5, 2));
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(requests.map(({ Start }) => Start)).toEqual([undefined, 2, 4]);
  });

  it('begins where the request says', () => {
    expect(readAll(byOffset, { Start: 3 }, served(5, 10))).toMatchObject({ items: [4, 5], requests: [{ Start: 3 }] });
  });

  it('ends with an empty page where there is no total', () => {
    const { items, requests } = readAll('Things offset=Start size=Num', {}, (request) => ({
      Things: served(4, 2)(request).Things,
    }));
    expect(items).toEqual([1, 2, 3, 4]);
    expect(requests).toHaveLength(3);
  });
});
