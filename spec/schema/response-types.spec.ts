import fc from 'fast-check';
import type { ValidationIssue } from '../../lib/errors.js';
import { parseType, type Field, type Schema } from '../../lib/schema/grammar.js';
import { parseJson } from '../../lib/schema/json.js';
import { validationIssues } from '../../lib/schema/validation-issues.js';
import { misplacedIn, ResponseCodec } from '../../lib/schema/response-codec.js';
import { responseType } from '../../lib/schema/response-types.js';

function decode(table: string, value: unknown): unknown {
  const result = new ResponseCodec(responseType(parseType(table))).decode(value);
  if (result._tag === 'Left') throw new Error(`refused: ${JSON.stringify(validationIssues(result.left, 'response'))}`);
  return result.right;
}

function issues(table: string, value: unknown): ValidationIssue[] {
  const result = new ResponseCodec(responseType(parseType(table))).decode(value);
  return result._tag === 'Left' ? validationIssues(result.left, 'response') : [];
}

function readJson(table: string, text: string): { read: unknown; drift: ValidationIssue[] } {
  const { value, drift } = responseType(parseType(table)).readJson(text);
  return { read: value, drift: validationIssues(drift === undefined ? [] : misplacedIn(drift), 'response') };
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
    ['l', '9007199254740993', 9007199254740993n],
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

describe('what can be read as what was meant', () => {
  it.each<[what: string, table: string, came: unknown, read: unknown]>([
    ['one item without its list', '[{B:n}]', { B: '1' }, [{ B: 1 }]],
    ['one text without its list', '[s]', 'a', ['a']],
    ['one number without its list', '[s]', 7, ['7']],
    ['one number in a text, without its list', '[n]', '7', [7]],
    ['one flag without its list', '[b]', 'true', [true]],
    ['one map without its list', '[<n>]', { x: '1' }, [{ x: 1 }]],
    ['anything without its list', '[a]', { x: 1 }, [{ x: 1 }]],
    ['one item without its two lists', '[[n]]', '1', [[1]]],
    ['items without their inner lists', '[[n]]', ['1', [2]], [[1], [2]]],
    ['no list', '[s]', {}, undefined],
    ['no map', '<s>', [], undefined],
    ['no object', '{B:s}', [], undefined],
    ['no text', 's', {}, undefined],
    ['no text', 's', [], undefined],
    ['no number', 'n', [], undefined],
    ['no flag', 'b', {}, undefined],
  ])('is: %s, %s, %j', (_what, table, came, read) => {
    expect(decode(table, came)).toStrictEqual(read);
    expect(decode(`{A:${table},Z:s}`, { A: came, Z: 'z' })).toStrictEqual({
      ...(read === undefined ? {} : { A: read }),
      Z: 'z',
    });
  });

  it('leaves the items of a list alone that are what the table says', () => {
    const item = { B: 1 };
    expect((decode('{A:[{B:n}]}', { A: item }) as { A: unknown[] }).A[0]).toBe(item);
  });
});

describe('a value of another structure', () => {
  it.each<[table: string, value: unknown, refusal: ValidationIssue]>([
    ['{A:s}', 'a', { path: 'response', expected: 'an object', received: 'the string "a"' }],
    ['{A:s}', ['a'], { path: 'response', expected: 'an object', received: 'an array of 1' }],
    ['[s]', { A: 'a' }, { path: 'response', expected: 'an array', received: 'an object' }],
    ['[{B:s}]', { Item: [{ B: 'b' }] }, { path: 'response', expected: 'an array', received: 'an object' }],
    ['[{B:s}]', 'b', { path: 'response', expected: 'an array', received: 'the string "b"' }],
    ['[{B:s}]', [[{ B: 'b' }]], { path: '[0]', expected: 'an object', received: 'an array of 1' }],
    ['[n]', 'many', { path: 'response', expected: 'an array', received: 'the string "many"' }],
    ['[s]', ['a', { B: 1 }], { path: '[1]', expected: 'a string', received: 'an object' }],
    ['{A:s}', { A: { B: 1 } }, { path: 'A', expected: 'a string', received: 'an object' }],
    ['{A:s}', { A: ['a'] }, { path: 'A', expected: 'a string', received: 'an array of 1' }],
    ['{A:n}', { A: 'many' }, { path: 'A', expected: 'a number', received: 'the string "many"' }],
    ['{A:n}', { A: '-' }, { path: 'A', expected: 'a number', received: 'the string "-"' }],
    ['{A:n}', { A: 'Infinity' }, { path: 'A', expected: 'a number', received: 'the string "Infinity"' }],
    ['{A:n}', { A: '0x10' }, { path: 'A', expected: 'a number', received: 'the string "0x10"' }],
    ['{A:n}', { A: { B: 1 } }, { path: 'A', expected: 'a number', received: 'an object' }],
    ['{A:b}', { A: 'yes' }, { path: 'A', expected: 'a boolean', received: 'the string "yes"' }],
    ['{A:b}', { A: [1] }, { path: 'A', expected: 'a boolean', received: 'an array of 1' }],
    ['{A:[{B:s}]}', { A: 'a' }, { path: 'A', expected: 'an array', received: 'the string "a"' }],
    ['{A:[{B:n}]}', { A: { B: 'b' } }, { path: 'A[0].B', expected: 'a number', received: 'the string "b"' }],
    ['{A:{B:s}}', { A: 1 }, { path: 'A', expected: 'an object', received: 'the number 1' }],
    ['{A:<s>}', { A: true }, { path: 'A', expected: 'an object', received: 'the boolean true' }],
    [
      '{A:[{B:<[n]>}]}',
      { A: [{}, { B: { x: [1, 'b'] } }] },
      { path: 'A[1].B.x[1]', expected: 'a number', received: 'the string "b"' },
    ],
    ['{Password:n}', { Password: 'hunter2' }, { path: 'Password', expected: 'a number', received: 'a string' }],
  ])('is told, and handed on as it came: %s, %j', (table, value, refusal) => {
    expect(issues(table, value)).toEqual([refusal]);
    const { read, drift } = readJson(table, JSON.stringify(value));
    expect(drift).toEqual([refusal]);
    // One item without its list is read, whatever there is within.
    expect(read).toStrictEqual(table === '{A:[{B:n}]}' ? { A: [{ B: 'b' }] } : value);
  });

  it('costs nothing else its reading', () => {
    const text = '{"A":[{"N":"1"},{"N":"40GiB"},{"N":9007199254740993}],"B":{"C":[9007199254740993]},"D":"2"}';
    expect(readJson('{A:[{N:l}],B:s,D:n}', text)).toStrictEqual({
      read: { A: [{ N: 1 }, { N: '40GiB' }, { N: 9007199254740993n }], B: { C: [9007199254740993n] }, D: 2 },
      drift: [
        { path: 'A[1].N', expected: 'a number', received: 'the string "40GiB"' },
        { path: 'B', expected: 'a string', received: 'an object' },
      ],
    });
  });

  it('is an integer that its interface does not expect', () => {
    expect(readJson('{A:n,B:l}', '{"A":9007199254740993,"B":9007199254740993}')).toStrictEqual({
      read: { A: 9007199254740993n, B: 9007199254740993n },
      drift: [{ path: 'A', expected: 'a number', received: 'the bigint 9007199254740993' }],
    });
  });

  it('is told of ten times at most', () => {
    const value = Array.from({ length: 100_000 }, () => ({ N: 'x' }));
    expect(readJson('[{N:n}]', JSON.stringify(value)).drift.map(({ path }) => path)).toEqual(
      Array.from({ length: 10 }, (_, index) => `[${index}].N`),
    );
  });
});

describe('what is nested deeper than it can be read', () => {
  const table = '#Tree={Size:l,Children:[$Tree]};$Tree';
  const deep = (levels: number, leaf: string) =>
    `${'{"Size":"1","Children":['.repeat(levels)}{"Size":${leaf}}${']}'.repeat(levels)}`;

  it('is handed on as it came, with its digits', () => {
    const { read, drift } = readJson(table, deep(50_000, '9007199254740993'));
    let tree = read as { Size: unknown; Children?: [typeof tree] };
    while (tree.Children !== undefined) [tree] = tree.Children;
    expect(tree.Size).toBe(9007199254740993n);
    expect(drift).toEqual([{ path: 'response', expected: 'nested less deeply', received: 'an object' }]);
  });

  it('is not what is nested some hundred times', () => {
    expect(readJson(table, deep(500, '1')).drift).toEqual([]);
  });
});

describe('a type that contains itself', () => {
  const table = '#Tree={Name:s,Size:n,Children:[$Tree],ByName:<$Tree>};$Tree';

  it('is read at any depth', () => {
    const tree = (Size: unknown): object => ({ Name: 'a', Children: [{ ByName: { b: { Children: [{ Size }] } } }] });
    const fits = tree(1);
    expect(decode(table, fits)).toBe(fits);
    expect(decode(table, tree('1'))).toStrictEqual(fits);
    expect(issues(table, tree({ New: 1 })).map(({ path }) => path)).toEqual(['Children[0].ByName.b.Children[0].Size']);
  });
});

describe('JSON', () => {
  const decodeJson = (table: string, text: string): unknown => readJson(table, text).read;

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
          const codec = new ResponseCodec(type);
          const expected = codec.decode(parseJson(text));
          const { value: read, drift } = type.readJson(text);
          if (expected._tag === 'Right')
            expect({ read, drift }).toStrictEqual({ read: expected.right, drift: undefined });
          else
            expect(validationIssues(drift === undefined ? [] : misplacedIn(drift), 'response')).toEqual(
              validationIssues(expected.left, 'response'),
            );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is the same object where nothing drifted, and no other is made', () => {
    const parse = jest.spyOn(JSON, 'parse');
    const text = '{"A":"a","B":[{"C":1.5,"D":1e3}],"New":{"E":[1,null]},"F":true}';
    const { read } = readJson('{A:s,B:[{C:n,D:l}],F:b}', text);
    const [parsed] = parse.mock.results;
    expect(parse).toHaveBeenCalledTimes(1);
    parse.mockRestore();
    expect(read).toBe(parsed?.value);
  });

  it.each<[number: string, text: string]>(
    ['1.10', '1E3', '1e-7', '12345678901234567.25', '1e400', '-1e400', '9007199254740993.0', '-0', '1.0', '0', '7'].map(
      (number) => [number, number],
    ),
  )('keeps how a number is written that came for a text: %s', (number, text) => {
    expect(decodeJson('{A:s}', `{"A": ${number}}`)).toStrictEqual({ A: text });
    expect(decodeJson('[s]', `[${number},"a"]`)).toStrictEqual([text, 'a']);
    expect(decodeJson('[s]', number)).toStrictEqual([text]);
    expect(decodeJson('<s>', `{"x":${number}}`)).toStrictEqual({ x: text });
    expect(decodeJson('s', number)).toBe(text);
    expect(decodeJson('{A:s,B:{C:s}}', `{"B":{"C":\n${number}},"A":"\\":1.10,"}`)).toStrictEqual({
      A: '":1.10,',
      B: { C: text },
    });
  });

  it.each<[number: string, value: unknown]>([
    ['9007199254740993.0', 9007199254740993n],
    ['-9007199254740993.000', -9007199254740993n],
    ['0.9007199254740993e16', 9007199254740993n],
    ['12345678901234567e2', 1234567890123456700n],
    ['9007199254740993E-0', 9007199254740993n],
    ['90071992547409930e-1', 9007199254740993n],
    ['1e400', 10n ** 400n],
    ['1.5E+400', 15n * 10n ** 399n],
    ['1e22', 1e22],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['1.2345678901234567E20', 1.2345678901234567e20],
    ['1.0', 1],
    ['1e3', 1000],
    ['-0', -0],
    ['12345678901234567.25', 12345678901234568],
    ['1.10', 1.1],
  ])('keeps the digits of integers, however they are written: %s', (number, value) => {
    expect(decodeJson('{A:l}', `{"A":${number}}`)).toStrictEqual({ A: value });
    expect(decodeJson('{A:l}', `{"A":"${number}"}`)).toStrictEqual({ A: value });
    expect(decodeJson('{A:a}', `{"A":[${number}]}`)).toStrictEqual({ A: [value] });
    expect(decodeJson('{}', `{"New":${number}}`)).toStrictEqual({ New: value });
    expect(decodeJson('{A:l,B:s}', `{"A":${number},"B":1.10}`)).toStrictEqual({ A: value, B: '1.10' });
    expect(parseJson(number)).toBe(value);
  });

  it.each([`1e99999`, `-1e1001`, '9'.repeat(1001)])('hands on as a text what no number holds: %.9s', (number) => {
    expect(readJson('{A:l,B:a,C:s}', `{"A":${number},"B":${number},"C":${number}}`)).toMatchObject({
      read: { A: number, B: number, C: number },
      drift: [{ path: 'A', expected: 'a number' }],
    });
  });

  it('reads a flag that came as a number in another writing', () => {
    expect(decodeJson('{A:b,B:b,C:s}', '{"A":1.0,"B":0.0,"C":1.0}')).toStrictEqual({ A: true, B: false, C: '1.0' });
  });

  it('quotes the digits that came in what it tells of', () => {
    expect(readJson('{A:{B:s}}', '{"A":9007199254740993}').drift).toMatchObject([
      { path: 'A', received: expect.stringContaining('9007199254740993') as unknown },
    ]);
  });

  it('that is none is an error of JSON.parse', () => {
    expect(() => responseType(parseType('{A:s}')).readJson('{"A":')).toThrow(SyntaxError);
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
      return fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true }));
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
        const codec = new ResponseCodec(type);
        expect(codec.is(value)).toBe(true);
        const result = codec.decode(value);
        expect(result).toMatchObject({ _tag: 'Right' });
        expect((result as { right: unknown }).right).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  it('or is refused with an explanation, whatever comes', () => {
    fc.assert(
      fc.property(schema, fc.jsonValue(), (table, value) => {
        const result = new ResponseCodec(responseType(table)).decode(value);
        if (result._tag === 'Left') expect(validationIssues(result.left, 'response')).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
