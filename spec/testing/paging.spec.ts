/** Pages of lists say what was asked for and what there is: of what ECS keeps, and of what is made up. */
import { firstValueFrom } from 'rxjs';
import { parseBody, parseFields, parseType } from '../../lib/schema/grammar.js';
import type { AnyOperation, Operation, Service } from '../../lib/service.js';
import { catalog } from '../../lib/services/catalog.js';
import { describeInstances, describeInstanceStatus, runInstances } from '../../lib/services/ecs.js';
import { buildEmulator } from '../../lib/testing/emulator.js';
import { paginationOf } from '../../lib/testing/paged.js';
import { sampleOf } from '../../lib/testing/sample.js';
import { deviations } from './support/conforms.js';
import { openSession } from './support/session.js';
import { keys, sign } from './support/signer.js';

const RegionId = 'cn-hangzhou';

describe('what ECS keeps', () => {
  const pages = [
    [1, 2, 2],
    [2, 2, 1],
    [3, 2, 0],
    [99, 100, 0],
    [1, 3, 3],
    [1, 50, 3],
  ] as const;

  it.each(pages)('page %i of %i each has %i of three', async (PageNumber, PageSize, count) => {
    const { call } = openSession();
    await call(runInstances, { RegionId, Amount: 3 });
    const { Instances, ...paging } = await call(describeInstances, { RegionId, PageNumber, PageSize });
    expect(paging).toMatchObject({ PageNumber, PageSize, TotalCount: 3, NextToken: '' });
    expect(Instances?.Instance).toHaveLength(count);
    if (PageSize > 50) return;
    const { InstanceStatuses, ...others } = await call(describeInstanceStatus, { RegionId, PageNumber, PageSize });
    expect(others).toMatchObject({ PageNumber, PageSize, TotalCount: 3 });
    expect(InstanceStatuses?.InstanceStatus).toHaveLength(count);
  });

  it('has the page that is asked for, however its size is called', async () => {
    const { call } = openSession();
    await call(runInstances, { RegionId, Amount: 3 });
    const { Instances, ...paging } = await call(describeInstances, { RegionId, PageNumber: 2, MaxResults: 2 });
    expect(paging).toMatchObject({ PageNumber: 2, PageSize: 2, TotalCount: 3 });
    expect(Instances?.Instance).toHaveLength(1);
  });
});

const service: Service = {
  product: 'Pages',
  version: '2020-01-01',
  endpoints: { prefix: 'pages', rule: 'regional', regions: {} },
};

/** What an operation with these tables answers, made up. */
async function answerTo(query: string, response: string, request: Record<string, string>): Promise<unknown> {
  const operation: Operation<object, unknown> = { service, action: 'ListThings', query, response };
  const { transport } = buildEmulator({ credentials: keys, services: [{ service, operations: { operation } }] }, []);
  const { body } = await firstValueFrom(transport.send(sign({ action: 'ListThings', query: request })));
  return JSON.parse(body);
}

const nothing: unknown[] = [];
const one = [{}];

/** There are two things in all of them. */
describe('what is made up', () => {
  it.each<[query: string, response: string, request: Record<string, string>, expected: object]>([
    [
      'PageNumber:n,PageSize:n',
      '{PageNumber:n,PageSize:n,TotalCount:n,Things:{Thing:[{Id:s}]}}',
      { PageNumber: '7', PageSize: '20' },
      { PageNumber: 7, PageSize: 20, TotalCount: 2, Things: { Thing: nothing } },
    ],
    [
      'PageNo:n,PageSize:n',
      '{PageNo:s,PageSize:s,Total:s,Things:{Thing:[{Id:s}]}}',
      { PageNo: '2', PageSize: '1' },
      { PageNo: '2', PageSize: '1', Total: '2', Things: { Thing: one } },
    ],
    [
      'CurrentPage:n,PageSize:n',
      '{Data:{CurrentPage:n,PageSize:n,TotalPage:n,TotalCount:n,HasNext:b},Things:{Thing:[{Id:s}]}}',
      { CurrentPage: '1', PageSize: '1' },
      { Data: { CurrentPage: 1, PageSize: 1, TotalPage: 2, TotalCount: 2, HasNext: true }, Things: { Thing: one } },
    ],
    [
      'PageNumber:n',
      '{PageNumber:n,PageRecordCount:n,TotalRecordCount:n,Tags:[s],Things:{Thing:[{Id:s}]}}',
      { PageNumber: '2' },
      { PageNumber: 2, PageRecordCount: 0, TotalRecordCount: 2, Things: { Thing: nothing } },
    ],
    [
      'NextToken:s,MaxResults:n',
      '{NextToken:s,MaxResults:n,TotalCount:n,Things:{Thing:[{Id:s}]}}',
      { MaxResults: '1' },
      { NextToken: 'after-1', MaxResults: 1, TotalCount: 2, Things: { Thing: one } },
    ],
    [
      'NextToken:s,MaxResults:n',
      '{NextToken:s,MaxResults:n,TotalCount:n,Things:{Thing:[{Id:s}]}}',
      { MaxResults: '1', NextToken: 'after-1' },
      { NextToken: '', MaxResults: 1, TotalCount: 2, Things: { Thing: one } },
    ],
    [
      'Marker:s,Limit:n',
      '{NextMarker:s,IsTruncated:b,Things:{Thing:[{Id:s}]}}',
      { Limit: '1' },
      { NextMarker: 'after-1', IsTruncated: true, Things: { Thing: one } },
    ],
  ])('%s, answered with %s, asked %j', async (query, response, request, expected) => {
    expect(await answerTo(query, response, request)).toMatchObject(expected);
  });

  it('has the page that is asked for in any product, well-typed, and comes to an end', async () => {
    let paged = 0;
    for (const { load } of catalog) {
      for (const operation of Object.values((await load()).operations)) {
        const checked = checkPages(operation);
        expect(checked ?? operation.action).toBe(operation.action);
        if (checked !== undefined) paged++;
      }
    }
    expect(paged).toBeGreaterThan(800);
  }, 60_000);
});

/** Goes through the pages of an operation's answer, of one item each, until one is empty, or there is no token. */
function checkPages({ action, query = '', body = '', response }: AnyOperation): string | undefined {
  if (response === undefined) return undefined;
  const [written, schema] = [parseBody(body), parseType(response)];
  const parameters = [...parseFields(query), ...('fields' in written ? written.fields : [])];
  const paginate = paginationOf(parameters, schema);
  const named = (pattern: RegExp): string | undefined => parameters.find(({ name }) => pattern.test(name))?.name;
  const number = named(/^(page_?number|page_?num|page_?no|current_?page)$/i);
  const size = named(/^(page_?size|max_?results?)$/i);
  const token = named(/^next_?token$/i);
  if (paginate === undefined || size === undefined || (number ?? token) === undefined) return undefined;

  const whole = sampleOf(schema, action);
  let next: string | undefined;
  for (let page = 1; page < 5; page++) {
    const request = {
      [size]: 1,
      ...(number !== undefined ? { [number]: page } : token !== undefined && next ? { [token]: next } : {}),
    };
    const answer = paginate(request, whole);
    const wrong = deviations(schema, answer);
    if (wrong.length > 0) return `${action}: ${wrong.join()}`;
    const { [number ?? '']: told = page } = answer as Record<string, unknown>;
    if (Number(told) !== page) return `${action}: page ${page} says that it is ${String(told)}`;
    next = Object.entries(answer as object).find(([name]) => /^next_?token$/i.test(name))?.[1] as string | undefined;
    if (number === undefined && !next) break;
    if (page === 4 && next) return `${action}: the pages never end`;
  }
  return action;
}
