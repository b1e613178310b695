/** How the generator finds in an operation's tables how its pages are read. */
import { findPager, reasons } from '../../codegen/pager.js';
import { parsePager } from '../../lib/paging/pager.js';

const found = (query: string, response: string, action = 'ListThings') => findPager({ action, query, response });

describe('a pager', () => {
  it.each<[rule: string, query: string, response: string, pages: string]>([
    [
      'number',
      'PageNumber:n,PageSize:n',
      '{Things:{Thing:[{Id:s}]},PageNumber:n,PageSize:n,TotalCount:n}',
      'Things.Thing page=PageNumber size=PageSize total=TotalCount',
    ],
    [
      'number',
      'CurrentPage:s,PageSize:n',
      '{Data:{List:[{Id:s}],PageNo:n,Total:s}}',
      'Data.List page:s=CurrentPage>Data.PageNo size=PageSize total=Data.Total',
    ],
    [
      'number',
      'page_num:n',
      '{things:[s],page_info:{page_number:n,total_count:n}}',
      'things page=page_num>page_info.page_number total=page_info.total_count',
    ],
    ['number', 'PageNo:n', '{Things:[{Id:s}],TotalPages:n}', 'Things page=PageNo pages=TotalPages'],
    [
      'number',
      'Page:{Index:n,Size:n}~j',
      '{Things:[{Id:s}],HasMore:b}',
      'Things page=Page.Index size=Page.Size more=HasMore',
    ],
    ['number', 'page:n,size:n', '[{id:s}]', '. page=page size=size'],
    [
      'token',
      'NextToken:s,MaxResults:n',
      '{NextToken:s,Things:[{Id:s}],TotalCount:n}',
      'Things token=NextToken size=MaxResults total=TotalCount',
    ],
    [
      'token',
      'Marker:s,MaxItems:n',
      '{Marker:s,IsTruncated:b,Things:{Thing:[{Id:s}]}}',
      'Things.Thing token=Marker size=MaxItems more=IsTruncated',
    ],
    ['token', 'Cursor:n,Size:n', '{NextCursor:n,Things:[{Id:s}]}', 'Things token:n=Cursor>NextCursor size=Size'],
    ['token', 'LastToken:s', '{Data:{NextToken:s,Things:[{Id:s}]}}', 'Data.Things token=LastToken>Data.NextToken'],
    ['token', 'Offset:n', '{NextOffset:n,Things:[{Id:s}]}', 'Things token:n=Offset>NextOffset'],
    [
      'number or token',
      'PageNumber:n,PageSize:n,NextToken:s,MaxResults:n',
      '{Things:[{Id:s}],NextToken:s,TotalCount:n}',
      'Things page=PageNumber token=NextToken size=PageSize max=MaxResults total=TotalCount',
    ],
    ['offset', 'Start:n,Num:n', '{Things:[{Id:s}],Head:{Total:n}}', 'Things offset=Start size=Num total=Head.Total'],
  ])('by %s: %s, answered with %s', (rule, query, response, pages) => {
    expect(found(query, response)).toMatchObject({ rule, pages });
  });

  it.each<[what: string, response: string, items: string]>([
    ['called as the operation is', '{Things:{Thing:[{Id:s}]},Notes:[{Id:s}],TotalCount:n}', 'Things.Thing'],
    ['called as lists are', '{Data:[{Id:s}],Notes:[{Id:s}]}', 'Data'],
    ['of structures', '{Ids:[s],Entries:[{Id:s}]}', 'Entries'],
    ['beside the total', '{Notes:[{Id:s}],Result:{Entries:[{Id:s}],TotalCount:n}}', 'Result.Entries'],
    ['nearest to the root', '{Entries:[{Id:s}],Notes:{Note:[{Id:s}]}}', 'Entries'],
  ])('reads the list that is %s', (_what, response, items) => {
    expect(found('PageNumber:n,PageSize:n', response)).toMatchObject({ items: items.split('.') });
  });
});

it('reads what is called as what goes wrong where that is what was asked for', () => {
  const [query, response] = ['PageNumber:n,PageSize:n', '{Items:{ErrorLog:[{Text:s}]},Errors:[{Code:s}],TotalCount:n}'];
  expect(found(query, response, 'DescribeErrorLogs')).toMatchObject({ items: ['Items', 'ErrorLog'] });
  expect(found(query, response, 'DescribeDatabaseErrorLogs')).toMatchObject({ items: ['Items', 'ErrorLog'] });
  expect(found(query, '{Things:[{Id:s}],ErrorLogs:[{Text:s}]}')).toMatchObject({ items: ['Things'] });
});

describe('none', () => {
  it.each<[reason: string, query: string, response: string]>([
    [reasons.noList, 'PageNumber:n,PageSize:n', '{Datapoints:s}'],
    [reasons.severalLists, 'PageNumber:n,PageSize:n', '{Names:[{Id:s}],Notes:[{Id:s}]}'],
    [reasons.noToken, 'NextToken:s', '{Things:[{Id:s}]}'],
    [reasons.noSize, 'Start:n', '{Things:[{Id:s}]}'],
    [reasons.alone, 'PageNo:n', '{Things:[{Id:s}]}'],
    [reasons.byTime, 'StartTime:n', '{Things:[{Id:s}],NextTime:n}'],
    [reasons.untold, 'Kind:s', '{Things:[{Id:s}],NextToken:s}'],
    [reasons.limited, 'MaxResults:n', '{Things:[{Id:s}]}'],
    [reasons.whole, '', '{Things:[{Id:s}]}'],
  ])('because %s', (reason, query, response) => {
    expect(found(query, response)).toEqual({ reason: expect.stringContaining(reason) as string });
  });

  it('is no matter where nothing looks like a list', () => {
    expect(found('ClientToken:s', '{Id:s}', 'CreateThing')).toBeUndefined();
    expect(found('Token:s', '{Ids:[s]}', 'CreateThings')).toBeUndefined();
    expect(
      findPager({ action: 'ListThings', query: 'PageNumber:n', response: 's', responseType: 'text' }),
    ).toBeUndefined();
  });
});

it('reads what it writes', () => {
  expect(parsePager('. page:s=Page.Index>Data.Page token:n=Cursor>Next size=Size total=Total')).toEqual({
    items: [],
    page: { asked: ['Page', 'Index'], told: ['Data', 'Page'], isText: true },
    token: { asked: ['Cursor'], told: ['Next'], isText: false },
    size: { asked: ['Size'], told: ['Size'], isText: false },
    total: { asked: ['Total'], told: ['Total'], isText: false },
  });
});
