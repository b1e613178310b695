/** Lists that are read by a token, and those that know tokens and numbers. */
import { byToken, readAll, type Fields } from './support.js';

/** Pages under the tokens that lead to them; the first under none. */
const chain =
  (pages: Readonly<Record<string, [items: readonly unknown[], next: unknown]>>) =>
  ({ Token = '' }: Fields) => {
    const [Things, Next] = pages[String(Token)] ?? [[], ''];
    return { Things, Next };
  };

describe('a list by token', () => {
  it.each(['', null, undefined])('ends where the next one is %p', (none) => {
    const { items, requests, pages, end } = readAll(
      byToken,
      { Size: 2 },
      chain({ '': [[1, 2], 'x'], x: [[3, 4], 'y'], y: [[5], none] }),
    );
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(requests).toEqual([{ Size: 2 }, { Size: 2, Token: 'x' }, { Size: 2, Token: 'y' }]);
    expect(pages.map(({ number, next }) => [number, (next as Fields | undefined)?.Token])).toEqual([
      [1, 'x'],
      [2, 'y'],
      [3, undefined],
    ]);
    expect(end).toBe('complete');
  });

  it('goes on after an empty page that has a token', () => {
    const { items, pages } = readAll(byToken, {}, chain({ '': [[], 'x'], x: [[], 'y'], y: [[1], ''] }));
    expect(items).toEqual([1]);
    expect(pages).toHaveLength(3);
  });

  it('begins after the token of the request', () => {
    const { items } = readAll(byToken, { Token: 'x' }, chain({ '': [[1], 'x'], x: [[2], 'y'], y: [[3], ''] }));
    expect(items).toEqual([2, 3]);
  });

  it('may have the same items on two pages', () => {
    const { items, end } = readAll(byToken, {}, chain({ '': [['ok'], 'x'], x: [['ok'], ''] }));
    expect([items, end]).toEqual([['ok', 'ok'], 'complete']);
  });

  it('ends where the answer says that there is no more, with a token or without', () => {
    const { items, requests } = readAll('Things token=Token>Next more=More', {}, () => ({
      Things: [1],
      Next: 'x',
      More: false,
    }));
    expect(items).toEqual([1]);
    expect(requests).toHaveLength(1);
  });

  it('sends a number where the wire has one, and a text otherwise', () => {
    const [numbers, texts] = ['Things token:n=Token>Next', 'Things token=Token>Next'].map(
      (pages) =>
        readAll(pages, {}, ({ Token }) => ({ Things: [Token], Next: Token === undefined ? '7' : '' })).requests[1],
    );
    expect([numbers, texts]).toEqual([{ Token: 7 }, { Token: '7' }]);
    const offset = ({ Token }: Fields) => ({ Things: [Token], Next: Token === undefined ? 7 : 0 });
    expect(readAll('Things token:n=Token>Next', {}, offset)).toMatchObject({
      requests: [{}, { Token: 7 }],
      end: 'complete',
    });
  });

  it.each([1, 2, 3, 5, 8])(
    'whose tokens go in a circle of %i ends in an error, with few pages read twice',
    (length) => {
      let answers = 0;
      const { end, requests } = readAll(byToken, {}, () => ({ Things: [answers], Next: `t${answers++ % length}` }));
      expect(end).toBe('SDK.RepeatedPage');
      expect(requests.length).toBeLessThanOrEqual(4 * length + 1);
    },
  );

  it('says which list it is of', () => {
    const { error } = readAll(byToken, {}, () => ({ Things: [1], Next: 'x' }));
    expect(error).toMatchObject({
      code: 'SDK.RepeatedPage',
      message: 'Page 2 of ListThings leads to a page that was read before (SDK.RepeatedPage, Things ListThings)',
      product: 'Things',
      action: 'ListThings',
    });
  });
});

describe('a list that knows both', () => {
  const both = 'Things page=Page token=Token>Next size=Size max=Max total=Total';
  const shared = 'Things page=Page token=Token>Next size=Size total=Total';
  /** Answers by token where it is given one, or asked for so many after one; by number otherwise. */
  const served = ({ Page, Token, Max, Size }: Fields): Fields => {
    const isByToken = Token !== undefined || (Max !== undefined && Page === undefined);
    const size = Number((isByToken ? Max : undefined) ?? Size ?? 2);
    const start = isByToken ? Number(Token ?? 0) : (Number(Page ?? 1) - 1) * size;
    const Things = [1, 2, 3, 4, 5].slice(start, start + size);
    return {
      Things,
      Page: Page ?? 1,
      Size: size,
      Total: 5,
      Next: isByToken && start + size < 5 ? String(start + size) : '',
    };
  };

  it.each<[string, Fields, Fields]>([
    [both, {}, { Page: 2 }],
    [both, { Size: 2 }, { Size: 2, Page: 2 }],
    [both, { Page: 1 }, { Page: 2 }],
    [both, { Max: 2 }, { Max: 2, Token: '2' }],
    [both, { Max: 2, Page: 1 }, { Max: 2, Page: 2 }],
    [shared, {}, { Page: 2 }],
    [shared, { Size: 2 }, { Size: 2, Page: 2 }],
  ])('%s, asked %j, goes on with %j', (pages, request, next) => {
    const { items, requests, end } = readAll(pages, request, served);
    expect(requests[1]).toEqual(next);
    expect([items, end]).toEqual([[1, 2, 3, 4, 5], 'complete']);
  });

  it('follows the token of the first answer where the request says neither', () => {
    const eager = (request: Fields) => served({ Max: 2, ...request });
    const { items, requests } = readAll(both, {}, eager);
    expect(items).toEqual([1, 2, 3, 4, 5]);
    expect(requests).toEqual([{}, { Token: '2' }, { Token: '4' }]);
  });
});
