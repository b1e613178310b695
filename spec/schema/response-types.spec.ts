import fc from 'fast-check';
import type { Refusal } from '../../lib/errors.js';
import { parseType, type Field, type Schema } from '../../lib/schema/grammar.js';
import { parseJson } from '../../lib/schema/json.js';
import { report } from '../../lib/schema/report.js';
import { responseType } from '../../lib/schema/response-types.js';

function decode(table: string, value: unknown): unknown {
  const result = responseType(parseType(table)).decode(value);
  if (result._tag === 'Left') throw new Error(`refused: ${JSON.stringify(report(result.left, 'response'))}`);
  return result.right;
}

function refusals(table: string, value: unknown): Refusal[] {
  const result = responseType(parseType(table)).decode(value);
  return result._tag === 'Left' ? report(result.left, 'response') : [];
}

describe('a value that drifted', () => {
  it.each<[type: string, came: unknown, read: unknown]>([
    ['n', '1', 1],
    ['n', '-1.5', -1.5],
    ['n', ' 1 ', 1],
    ['n', '1e3', 1000],
    ['n', true, 1],
    ['n', false, 0],
    ['n', '9007199254740991', 9007199254740991],
    ['n', '9007199254740993', 9007199254740993n],
    ['l', '-9223372036854775808', -9223372036854775808n],
    ['l', '+9223372036854775807', 9223372036854775807n],
    ['l', '0000000000000000001', 1],
    ['l', '12', 12],
    ['s', 1, '1'],
    ['s', 0, '0'],
    ['s', 1.5, '1.5'],
    ['s', 9007199254740993n, '9007199254740993'],
    ['s', true, 'true'],
    ['s', false, 'false'],
    ['b', 'true', true],
    ['b', 'True', true],
    ['b', ' false ', false],
    ['b', '1', true],
    ['b', '0', false],
    ['b', 1, true],
    ['b', 0, false],
  ])('is read: a field of type %s, %p, as %p', (type, came, read) => {
    expect(decode(`{A:${type}}`, { A: came })).toStrictEqual({ A: read });
    expect(decode(`[${type}]`, [came])).toStrictEqual([read]);
    expect(decode(`<${type}>`, { x: came })).toStrictEqual({ x: read });
    expect(decode(type, came)).toStrictEqual(read);
  });

  it.each<[type: string, nothing: unknown]>([
    ['s', null],
    ['n', null],
    ['n', ''],
    ['n', ' '],
    ['l', null],
    ['l', ''],
    ['b', null],
    ['b', ''],
    ['[s]', null],
    ['[s]', ''],
    ['<s>', null],
    ['<s>', ''],
    ['{B:s}', null],
    ['{B:s}', ''],
  ])('is nothing: a field of type %s that came as %p', (type, nothing) => {
    expect(decode(`{A:${type},Z:s}`, { A: nothing, Z: 'z' })).toStrictEqual({ Z: 'z' });
    expect(decode(`[${type}]`, [nothing])).toStrictEqual([]);
    expect(decode(`<${type}>`, { x: nothing })).toStrictEqual({});
    expect(decode(type, nothing)).toBeUndefined();
    expect(decode(type, undefined)).toBeUndefined();
  });

  it('is copied with what holds it, and nothing else is', () => {
    const value = { Drifted: { Deep: [{ N: '1' }, { N: 2 }] }, Untouched: { A: 'a' } };
    const read = decode('{Drifted:{Deep:[{N:n}]},Untouched:{A:s}}', value) as typeof value;
    expect(read).toStrictEqual({ Drifted: { Deep: [{ N: 1 }, { N: 2 }] }, Untouched: { A: 'a' } });
    expect(read.Untouched).toBe(value.Untouched);
    expect(read.Drifted.Deep[1]).toBe(value.Drifted.Deep[1]);
    expect(value.Drifted.Deep[0]).toEqual({ N: '1' });
  });

  it('leaves the nulls of a field of any type alone', () => {
    const value = { A: null, B: [null, { C: null }] };
    expect(decode('{A:a,B:a}', value)).toBe(value);
  });

  it('keeps the order of what is left of an array', () => {
    expect(decode('[n]', [1, null, '2', '', 3])).toStrictEqual([1, 2, 3]);
  });
});

describe('fields that the table does not know', () => {
  it('are kept, in an object that drifted too', () => {
    const fits = { A: 'a', New: { x: [1, null] } };
    expect(decode('{A:s}', fits)).toBe(fits);
    const drifted = { A: 1, New: fits.New };
    expect(decode('{A:s}', drifted)).toStrictEqual({ A: '1', New: fits.New });
  });
});

describe('a value of another structure', () => {
  it.each<[table: string, value: unknown, refusal: Refusal]>([
    ['{A:s}', 'a', { path: 'response', expected: 'an object', received: 'the string "a"' }],
    ['{A:s}', [], { path: 'response', expected: 'an object', received: 'an array of 0' }],
    ['[s]', {}, { path: 'response', expected: 'an array', received: 'an object' }],
    ['[s]', ['a', {}], { path: '[1]', expected: 'a string', received: 'an object' }],
    ['{A:s}', { A: {} }, { path: 'A', expected: 'a string', received: 'an object' }],
    ['{A:s}', { A: ['a'] }, { path: 'A', expected: 'a string', received: 'an array of 1' }],
    ['{A:n}', { A: 'many' }, { path: 'A', expected: 'a number', received: 'the string "many"' }],
    ['{A:n}', { A: 'Infinity' }, { path: 'A', expected: 'a number', received: 'the string "Infinity"' }],
    ['{A:n}', { A: '0x10' }, { path: 'A', expected: 'a number', received: 'the string "0x10"' }],
    ['{A:n}', { A: {} }, { path: 'A', expected: 'a number', received: 'an object' }],
    ['{A:b}', { A: 'yes' }, { path: 'A', expected: 'a boolean', received: 'the string "yes"' }],
    ['{A:b}', { A: [] }, { path: 'A', expected: 'a boolean', received: 'an array of 0' }],
    ['{A:[s]}', { A: 'a' }, { path: 'A', expected: 'an array', received: 'the string "a"' }],
    ['{A:{B:s}}', { A: 1 }, { path: 'A', expected: 'an object', received: 'the number 1' }],
    [
      '{A:[{B:<[n]>}]}',
      { A: [{}, { B: { x: [1, 'b'] } }] },
      { path: 'A[1].B.x[1]', expected: 'a number', received: 'the string "b"' },
    ],
    ['{Password:n}', { Password: 'hunter2' }, { path: 'Password', expected: 'a number', received: 'a string' }],
  ])('is refused: %s, %p', (table, value, refusal) => {
    expect(refusals(table, value)).toEqual([refusal]);
  });
});

describe('a type that contains itself', () => {
  const table = '#Tree={Name:s,Size:n,Children:[$Tree],ByName:<$Tree>};$Tree';

  it('is read at any depth', () => {
    const tree = (Size: unknown): object => ({ Name: 'a', Children: [{ ByName: { b: { Children: [{ Size }] } } }] });
    const fits = tree(1);
    expect(decode(table, fits)).toBe(fits);
    expect(decode(table, tree('1'))).toStrictEqual(fits);
    expect(refusals(table, tree({})).map(({ path }) => path)).toEqual(['Children[0].ByName.b.Children[0].Size']);
  });
});

describe('JSON', () => {
  const decodeJson = (table: string, text: string): unknown => {
    const result = responseType(parseType(table)).decodeJson(text);
    if (result._tag === 'Left') throw new Error(`refused: ${JSON.stringify(report(result.left, 'response'))}`);
    return result.right;
  };

  it.each([
    ['a number', '{A:n}', '{"A":9007199254740993}', { A: 9007199254740993n }],
    ['a long', '{A:l}', '{"A":-9007199254740993}', { A: -9007199254740993n }],
    ['a string', '{A:s}', '{"A":9007199254740993}', { A: '9007199254740993' }],
    ['anything', '{A:a}', '{"A":9007199254740993}', { A: 9007199254740993n }],
    [
      'deep in anything',
      '{A:a}',
      '{"A":[{"B":null},{"B":[1,9007199254740993]}]}',
      { A: [{ B: null }, { B: [1, 9007199254740993n] }] },
    ],
    [
      'a field that the table does not know',
      '{A:n}',
      '{"A":1,"New":{"B":9007199254740993}}',
      { A: 1, New: { B: 9007199254740993n } },
    ],
    ['an item', '[n]', '[1,9007199254740993]', [1, 9007199254740993n]],
    ['a member of a map', '<n>', '{"x":9007199254740993}', { x: 9007199254740993n }],
    ['the answer itself', 'n', '9007199254740993', 9007199254740993n],
    ['one beside a value that drifted', '{A:s,B:n}', '{"A":1,"B":9007199254740993}', { A: '1', B: 9007199254740993n }],
  ])('keeps the digits of an integer beyond 2^53 that is %s', (_, table, text, read) => {
    expect(decodeJson(table, text)).toStrictEqual(read);
  });

  it('is what decode makes of the parsed text, whatever the table and the text', () => {
    fc.assert(
      fc.property(
        schema,
        fc.jsonValue(),
        fc.constantFrom('12', '9007199254740993', '"9007199254740993"'),
        (table, value, leaf) => {
          const text = JSON.stringify(value).replace(/true|null/g, leaf);
          const type = responseType(table);
          const [expected, actual] = [type.decode(parseJson(text)), type.decodeJson(text)];
          expect(actual._tag).toBe(expected._tag);
          if (actual._tag === 'Right') expect(actual).toStrictEqual(expected);
          else if (expected._tag === 'Left')
            expect(report(actual.left, 'response')).toEqual(report(expected.left, 'response'));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('quotes the digits that came in what it refuses', () => {
    const result = responseType(parseType('{A:{B:s}}')).decodeJson('{"A":9007199254740993}');
    expect(result._tag === 'Left' && report(result.left, 'response')).toMatchObject([
      { path: 'A', received: expect.stringContaining('9007199254740993') as unknown },
    ]);
  });

  it('that is none is an error of JSON.parse', () => {
    expect(() => responseType(parseType('{A:s}')).decodeJson('{"A":')).toThrow(SyntaxError);
  });
});

describe('objects of one type', () => {
  it('are read alike, whatever the order of their members and whichever they have', () => {
    const value = [{ A: 1, B: '2' }, { B: '2', A: 1 }, { New: 1, B: '2' }, { A: 1, New: null, B: '2' }, {}, { B: '2' }];
    expect(decode('[{A:s,B:n}]', value)).toStrictEqual([
      { A: '1', B: 2 },
      { B: 2, A: '1' },
      { New: 1, B: 2 },
      { A: '1', New: null, B: 2 },
      {},
      { B: 2 },
    ]);
  });

  it('may have any number of members', () => {
    const members = (leaf: unknown) =>
      Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`New${index}`, leaf]));
    const fits = { ...members('a'), A: '1' };
    expect(decode('[{A:s}]', [fits, { ...members('a'), A: 1 }, fits])).toStrictEqual([fits, fits, fits]);
  });
});

/** Own members of every object are no field names of any API, and would be taken for values. */
const name = fc.string({ minLength: 1, maxLength: 6 }).filter((text) => !(text in {}));

const schema = fc.letrec<{ schema: Schema; field: Field }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('string', 'number', 'long', 'boolean', 'any').map((kind): Schema => ({ kind })),
    tie('schema').map((items): Schema => ({ kind: 'array', items })),
    tie('schema').map((values): Schema => ({ kind: 'map', values })),
    fc
      .uniqueArray(tie('field'), { maxLength: 4, selector: (field) => field.name })
      .map((fields): Schema => ({ kind: 'struct', fields })),
  ),
  field: fc.record({ name, schema: tie('schema'), required: fc.boolean(), style: fc.constant(undefined) }),
})).schema;

function fitting(schema: Schema): fc.Arbitrary<unknown> {
  switch (schema.kind) {
    case 'string':
      return fc.string();
    case 'number':
    case 'long':
      return fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true }), fc.bigInt());
    case 'boolean':
      return fc.boolean();
    case 'any':
      return fc.jsonValue();
    case 'array':
      // Nothing in an array is dropped, also where its items may be anything.
      return fc.array(fitting(schema.items), { maxLength: 4 });
    case 'map':
      return fc.dictionary(fc.string(), fitting(schema.values), { maxKeys: 4 });
    case 'struct':
      return fc.record(Object.fromEntries(schema.fields.map((field) => [field.name, fitting(field.schema)])), {
        requiredKeys: [],
      });
  }
}

describe('a value that fits', () => {
  it('is handed back itself, whatever the table', () => {
    const cases = schema.chain((table) => fc.tuple(fc.constant(table), fitting(table)));
    fc.assert(
      fc.property(cases, ([table, value]) => {
        const type = responseType(table);
        expect(type.is(value)).toBe(true);
        const result = type.decode(value);
        expect(result).toMatchObject({ _tag: 'Right' });
        expect((result as { right: unknown }).right).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it('or is refused with an explanation, whatever comes', () => {
    fc.assert(
      fc.property(schema, fc.jsonValue(), (table, value) => {
        const result = responseType(table).decode(value);
        if (result._tag === 'Left') expect(report(result.left, 'response')).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
