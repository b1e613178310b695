/** Every operation that has pages, read to its end: all items, each once, in as many calls as there are pages. */
import { firstValueFrom, toArray } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { parsePager, readAt, writeAt, type Asked } from '../../lib/paging/pager.js';
import { parseBody, parseFields, type Field, type Schema } from '../../lib/schema/grammar.js';
import type { AnyOperation, PagedOperation } from '../../lib/service.js';
import { catalog } from '../../lib/services/catalog.js';
import { addTags, describeRegions, runInstances } from '../../lib/services/ecs.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import { sampleOf } from '../../lib/testing/sample.js';

const { accessKeyId, accessKeySecret } = emulatorCredentials;
const regionId = 'cn-hangzhou';
const held = 25;

type Paged = PagedOperation<object, unknown, unknown>;

function clientOf(emulator: Emulator, prefix: string): AlicloudClient {
  return new AlicloudClient({
    regionId,
    credentials: accessKey(accessKeyId, accessKeySecret),
    endpoint: `${prefix}.aliyuncs.com`,
    transport: emulator.transport,
  });
}

/** What the operation can't do without, and of pages only what it requires. */
function requiredOf({ query = '', header = '', body = '', path = '', pages }: Paged): object {
  const { page, size } = parsePager(pages);
  const pagesIn = new Set(
    [page, size].flatMap((role) => (role !== undefined && role.asked.length > 1 ? role.asked[0] : [])),
  );
  const written = parseBody(body);
  const fields: Field[] = [
    ...parseFields(query),
    ...parseFields(header),
    ...('fields' in written ? written.fields : [written.whole]),
  ];
  const required = (all: readonly Field[]): object =>
    Object.fromEntries(
      all
        .filter(({ required: isRequired, name }) => isRequired || pagesIn.has(name))
        .map(({ name, schema }) => [name, valueOf(name, schema, required)]),
    );
  const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']): [string, string] => [name, 'x']);
  return { ...Object.fromEntries(variables), ...required(fields) };
}

function valueOf(name: string, schema: Schema, required: (all: readonly Field[]) => object): unknown {
  if (/^region_?id$/i.test(name)) return regionId;
  if (name === 'ResourceType') return 'instance';
  return schema.kind === 'struct' ? required(schema.fields) : sampleOf(schema, name);
}

/** The request with a page's number as 1, its size as this, and no token. */
function asking(operation: Paged, role: 'size' | 'max' | undefined, size: number): object {
  const pager = parsePager(operation.pages);
  const { page, token } = pager;
  const write = (request: unknown, at: Asked | undefined, value: number): unknown =>
    at === undefined ? request : writeAt(request, at.asked, isText(operation, at) ? String(value) : value);
  let request: unknown = requiredOf(operation);
  if (page !== undefined && readAt(request, page.asked) !== undefined) request = write(request, page, 1);
  // A token that is required is one of nobody's, from which the first page follows.
  if (token !== undefined && readAt(request, token.asked) !== undefined) request = writeAt(request, token.asked, '');
  if (pager.size !== undefined && readAt(request, pager.size.asked) !== undefined)
    request = write(request, pager.size, size);
  return (role === undefined ? request : write(request, pager[role], size)) as object;
}

function isText({ query = '', body = '' }: AnyOperation, { asked }: Asked): boolean {
  const written = parseBody(body);
  const fields = [...parseFields(query), ...('fields' in written ? written.fields : [written.whole])];
  const find = (all: readonly Field[], [name, ...rest]: readonly string[]): boolean =>
    all.some(
      ({ name: own, schema }) =>
        own === name && (schema.kind === 'struct' ? find(schema.fields, rest) : schema.kind === 'string'),
    );
  return find(fields, asked);
}

/** The three of ECS whose lists the emulator keeps. */
async function fill(client: AlicloudClient): Promise<void> {
  const { InstanceIdSets } = await firstValueFrom(client.call(runInstances, { Amount: held }));
  for (const [index, ResourceId] of (InstanceIdSets?.InstanceIdSet ?? []).entries()) {
    // As many tags as there are resources, each on five of them.
    const Tag = [0, 1, 2, 3, 4].map((i) => ({ Key: `key-${(index * 5 + i) % held}`, Value: 'value' }));
    await firstValueFrom(client.call(addTags, { ResourceType: 'instance', ResourceId, Tag }));
  }
}

/** Fifty at a time, whatever the request says. */
const ofFifty = new Set(['ListTagResources']);

it.each(catalog.map(({ product, version }) => [`${product} ${version}`]))('%s', async (name) => {
  const entry = catalog.find(({ product, version }) => `${product} ${version}` === name);
  const { operations, service } = await entry!.load();
  const paged = Object.values(operations).filter((each): each is Paged => each.pages !== undefined);
  const emulator = createEmulator({ listSize: held });
  const client = clientOf(emulator, service.endpoints.prefix);
  if (service.product === 'Ecs') await fill(client);
  const found: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const operation of paged) {
    const pager = parsePager(operation.pages);
    for (const role of pager.max === undefined ? (['size'] as const) : (['size', 'max'] as const)) {
      const at = `${operation.action} ${role}`;
      const isFifty = service.product === 'Ecs' && ofFifty.has(operation.action);
      const isSizable = pager[role] !== undefined && !isFifty;
      const before = emulator.requests.get(operation.action) ?? 0;
      const request = asking(operation, isSizable ? role : undefined, 10);
      const pages = await firstValueFrom(client.pages(operation, request).pipe(toArray()));
      const calls = (emulator.requests.get(operation.action) ?? 0) - before;
      const items = pages.flatMap((page) => page.items);
      const resumed = await firstValueFrom(client.pages(operation, pages.at(-2)?.next ?? request));
      found[at] = {
        calls,
        items: new Set(items.map((item) => JSON.stringify(item))).size,
        resumed: resumed.items.length,
      };
      // Where nothing tells how many there are, nor how many a page has, only an empty page is the end.
      const ends = [
        pager.total,
        pager.pages,
        pager.more,
        pager.page === undefined ? pager.token : undefined,
        pager.size,
      ];
      const isTold = ends.some((end) => readAt(pages[0]?.response, end?.told) !== undefined);
      expected[at] = isFifty
        ? { calls: 3, items: held * 5, resumed: 25 }
        : { calls: isTold ? 3 : 4, items: held, resumed: isTold ? 5 : 0 };
    }
  }
  expect(found).toEqual(expected);
});

it('has no pages where an operation gives its list whole', async () => {
  const client = clientOf(createEmulator(), 'ecs');
  // @ts-expect-error It has no pages, and no types of any.
  const read = firstValueFrom(client.items(describeRegions, {}));
  await expect(read).rejects.toThrow(/Expected `operation` to be an operation that has pages.*, got DescribeRegions/);
});
