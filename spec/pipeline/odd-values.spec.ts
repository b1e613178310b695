/** Values that would vanish on their way, or become something else, or can't be read at all. */
import { lastValueFrom, Observable } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { AnyOperation } from '../../lib/service.js';
import { defaultOptions, errorOf, formOf, MemoryTransport, operation, queryOf } from './support.js';

class Money {
  constructor(private readonly amount: number) {}

  toJSON(): string {
    return String(this.amount);
  }
}

const odd: readonly (readonly [what: string, make: () => unknown, received: string])[] = [
  ['a Date', () => new Date(0), 'a Date (give it as the API writes it, such as date.toISOString())'],
  ['a Map', () => new Map([['a', 1]]), 'a Map'],
  ['a Set', () => new Set([1]), 'a Set'],
  ['a WeakMap', () => new WeakMap(), 'a WeakMap'],
  ['a URL', () => new URL('http://localhost'), 'a URL'],
  ['a URLSearchParams', () => new URLSearchParams('a=b'), 'a URLSearchParams'],
  ['a RegExp', () => /a/, 'a RegExp'],
  ['a Promise', () => Promise.resolve('a'), 'a Promise'],
  ['a boxed string', () => new String('a'), 'a String object'],
  ['a boxed number', () => new Number(1), 'a Number object'],
  ['a boxed boolean', () => new Boolean(false), 'a Boolean object'],
  ['bytes', () => new Uint8Array([1]), 'a Uint8Array'],
  ['a Buffer', () => Buffer.from('a'), 'a Uint8Array'],
  ['an ArrayBuffer', () => new ArrayBuffer(1), 'a ArrayBuffer'],
  ['a Blob', () => new Blob(['a']), 'a Blob'],
  ['an Error', () => new TypeError('hunter2'), 'a Error'],
  ['a function', () => () => 1, 'a function'],
  ['a symbol', () => Symbol('a'), 'a symbol'],
  ['what JSON writes otherwise', () => new Money(5), 'a Money'],
];

const numbers: typeof odd = [
  ['NaN', () => NaN, 'the number NaN'],
  ['Infinity', () => Infinity, 'the number Infinity'],
];

async function refusalOf(call: (client: AlicloudClient) => Observable<unknown>): Promise<string> {
  const transport = new MemoryTransport();
  const error = await errorOf(call(new AlicloudClient({ ...defaultOptions, transport })));
  expect(error).toMatchObject({ name: 'InvalidRequestError', code: 'SDK.InvalidRequest' });
  expect(transport.sent).toEqual([]);
  expect(error.message).not.toContain('hunter2');
  return error.message;
}

const typed = (called: AnyOperation, request: unknown): Promise<string> =>
  refusalOf((client) => client.call(called as never, request as never));
const untyped = (request: object): Promise<string> =>
  refusalOf((client) => client.request({ product: 'Ecs', version: '1', action: 'A', ...request }));

describe.each(odd)('%s', (_what, make, received) => {
  it.each(['s', 'n', 'l', 'b', 'a', '[s]', '[a]', '<s>', '<a>', '{B:s}', '{}'])(
    'is refused by name in a field of the type %s',
    async (table) => {
      expect(await typed(operation({ query: `A:${table}` }), { A: make() })).toContain(`got ${received}`);
      expect(await typed(operation({ query: `RegionId:s^,A:${table}` }), { A: make() })).toContain(`got ${received}`);
    },
  );

  it.each(['a', '[a]', '<a>', 'a~j', '[a]~j'])(
    'is refused by its place within a field of the type %s',
    async (table) => {
      const isArray = table.startsWith('[');
      const value = isArray ? [{ B: [make()] }] : { B: [make()] };
      const place = isArray ? 'A[0].B[0]' : 'A.B[0]';
      expect(await typed(operation({ query: `A:${table}` }), { A: value })).toContain(`\`${place}\` to be `);
      expect(await typed(operation({ body: `A:${table}`, path: '/x' }), { A: value })).toContain(`got ${received}`);
    },
  );

  it.each<AnyOperation>([
    operation({ query: 'A:s' }),
    operation({ query: 'RegionId:s^,A:s' }),
    operation({ action: 'StartZone', query: 'ClientToken:s' }),
    operation({ action: 'StartZone', query: 'RegionId:s^,ClientToken:s!' }),
  ])('is refused as a request: %j', async (called) => {
    expect(await typed(called, make())).toMatch(/`request` to be an object, got |`_?\w+` to be absent/);
  });

  it('is refused in an untyped request, and as one', async () => {
    expect(await untyped({ query: { A: make() } })).toContain(
      `Expected \`query.A\` to be a JSON value, got ${received}`,
    );
    expect(await untyped({ query: { A: [{ B: make() }] } })).toContain('`query.A[0].B`');
    expect(await untyped({ body: { A: make() } })).toContain(`Expected \`body.A\` to be a JSON value, got ${received}`);
    expect(await untyped({ body: { A: [make()] }, bodyType: 'json' })).toContain('`body.A[0]`');
    expect(await untyped({ body: make(), bodyType: 'json' })).toContain(`Expected \`body\` to be a JSON value, got `);
    expect(await untyped({ query: make() })).toContain('`query` to be an object');
    expect(await refusalOf((client) => client.request(make() as never))).toMatch(
      /`request` to be an object|to be absent/,
    );
  });
});

it('an Observable is refused, by name or by its methods', async () => {
  for (const table of ['a', '<a>', '{B:s}']) {
    expect(await typed(operation({ query: `A:${table}` }), { A: new Observable() })).toMatch(
      /got a (?:function|Observable)/,
    );
  }
});

it.each(numbers)('%s is refused, too', async (_what, make, received) => {
  for (const table of ['n', 'a', '[a]']) {
    expect(await typed(operation({ query: `A:${table}` }), { A: table === '[a]' ? [make()] : make() })).toContain(
      received,
    );
  }
  expect(await untyped({ query: { A: make() } })).toContain(received);
  expect(await untyped({ body: { A: make() }, bodyType: 'json' })).toContain(received);
});

describe('inherited fields', () => {
  it.each(['A:s', 'RegionId:s^,A:s', 'A:s,ClientToken:s!'])('are sent like others, of %s', async (query) => {
    const transport = new MemoryTransport();
    const client = new AlicloudClient({ ...defaultOptions, retry: {}, transport });
    class Request {
      readonly A = 'a';
    }
    for (const request of [Object.create({ A: 'a' }), new Request()]) {
      await lastValueFrom(client.call(operation({ action: 'StartZone', query }) as never, request as never));
      expect(queryOf(transport.sent.at(-1)!)).toMatchObject({ A: 'a' });
    }
  });

  it('are sent within structures too, as parameters and as JSON', async () => {
    const transport = new MemoryTransport();
    const client = new AlicloudClient({ ...defaultOptions, transport });
    const request = { A: Object.create({ B: 'b' }) as object, C: Object.create({ D: 'd' }) as object };
    await lastValueFrom(client.call(operation({ body: 'A:{B:s},C:<s>' }) as never, request as never));
    expect(formOf(transport.sent[0]!)).toEqual({ 'A.B': 'b', 'C.D': 'd' });
    await lastValueFrom(client.call(operation({ body: 'A:{B:s},C:<s>', bodyType: 'json' }) as never, request as never));
    expect(transport.sent[1]?.body).toBe('{"A":{"B":"b"},"C":{"D":"d"}}');
  });

  it('are refused where any JSON value may stand, as JSON has none', async () => {
    expect(await typed(operation({ query: 'A:a' }), { A: Object.create({ B: 'b' }) as object })).toContain(
      '`A` to be a JSON',
    );
  });

  it('are checked where they are read alone', async () => {
    class Request {
      readonly #five = 5;

      get A(): number {
        return this.#five;
      }
    }
    expect(await typed(operation({ query: 'A:s' }), new Request())).toContain('`A` to be a string, got the number 5');
  });
});

describe('a request that can not be read', () => {
  const cycle: Record<string, unknown> = {};
  cycle.A = cycle;
  const list: unknown[] = [];
  list.push(list);
  let deep: unknown = 'x';
  for (let i = 0; i < 1_000_000; i++) deep = i % 2 === 0 ? [deep] : { A: deep };
  const throwing = {
    get A(): string {
      throw new TypeError('hunter2');
    },
  };
  const tooDeep =
    'Expected `request` to be one that can be read, and does not contain itself, got one that is too deep';
  const throws =
    'Expected `request` to be one that can be read, and does not contain itself, got one that throws where it is read';

  it.each<[what: string, value: unknown, message: string]>([
    ['a cycle', cycle, tooDeep],
    ['a list in itself', list, tooDeep],
    ['a million levels', deep, tooDeep],
    ['a getter that throws', throwing, throws],
    ['a revoked proxy', (({ proxy, revoke }) => (revoke(), proxy))(Proxy.revocable({}, {})), throws],
  ])('is refused: %s', async (_what, value, message) => {
    expect(await typed(operation({ query: 'A:a' }), { A: value })).toContain(message);
    expect(await typed(operation({ body: '#T={A:$T};A:$T', path: '/x' }), { A: value })).toMatch(/Expected `/);
    expect(await untyped({ query: { A: value } })).toContain(message);
    expect(await untyped({ body: { A: value } })).toContain(message);
    expect(await untyped({ body: { A: value }, bodyType: 'json' })).toContain(message);
  });

  it('is refused where the whole throws', async () => {
    expect(await typed(operation({ query: 'A:s' }), throwing)).toContain(throws);
    expect(await typed(operation({ query: 'A:s,RegionId:s^' }), throwing)).toContain(throws);
    const request = Object.defineProperty({ version: '1', action: 'A' }, 'product', {
      enumerable: true,
      get() {
        throw new TypeError('hunter2');
      },
    });
    expect(await refusalOf((client) => client.request(request as never))).toContain(throws);
  });

  it.each<[table: string, value: () => unknown]>([
    ['[n]', () => Array.from({ length: 1_000_000 }, () => 'x')],
    ['[{B:n}]', () => Array.from({ length: 1_000_000 }, () => ({ B: 'x' }))],
    ['<n>', () => Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`k${i}`, 'x']))],
    ['{B:n}', () => Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => [`k${i}`, 'x']))],
    ['[a]', () => Array.from({ length: 1_000_000 }, () => undefined)],
    ['[s]', () => new Array<unknown>(2 ** 32 - 1)],
    ['a', () => new Array<unknown>(2 ** 32 - 1)],
  ])('is refused with ten reasons, however many there are: %s', async (table, value) => {
    const message = await typed(operation({ query: `A:${table}` }), { A: value() });
    expect(message.split('Expected `')).toHaveLength(11);
  });
});
