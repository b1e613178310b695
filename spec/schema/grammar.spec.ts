import { parseBody, parseFields, parseType, type Schema, type Struct } from '../../lib/schema/grammar.js';

const string = { kind: 'string' } as const;
const optional = { required: false, style: undefined };

describe('parseType', () => {
  it.each<[table: string, schema: Schema]>([
    ['s', string],
    ['n', { kind: 'number' }],
    ['l', { kind: 'long' }],
    ['b', { kind: 'boolean' }],
    ['a', { kind: 'any' }],
    ['[s]', { kind: 'array', items: string }],
    ['<n>', { kind: 'map', values: { kind: 'number' } }],
    ['[<[l]>]', { kind: 'array', items: { kind: 'map', values: { kind: 'array', items: { kind: 'long' } } } }],
    ['{}', { kind: 'struct', fields: [] }],
    ['{A:s}', { kind: 'struct', fields: [{ name: 'A', schema: string, ...optional }] }],
    [
      '{A:s,B:{C:b}}',
      {
        kind: 'struct',
        fields: [
          { name: 'A', schema: string, ...optional },
          {
            name: 'B',
            schema: { kind: 'struct', fields: [{ name: 'C', schema: { kind: 'boolean' }, ...optional }] },
            ...optional,
          },
        ],
      },
    ],
  ])('reads %s', (table, schema) => {
    expect(parseType(table)).toEqual(schema);
  });

  it('reads a definition wherever it is referred to, as one and the same', () => {
    const { fields } = parseType('#Tag={Key:s};{A:$Tag,B:[$Tag]}') as Struct;
    const [a, b] = fields.map(({ schema }) => schema);
    expect(a).toEqual({ kind: 'struct', fields: [{ name: 'Key', schema: string, ...optional }] });
    expect(b).toMatchObject({ kind: 'array' });
    expect((b as Extract<Schema, { kind: 'array' }>).items).toBe(a);
  });

  it('reads a definition that contains itself', () => {
    const tree = parseType('#Tree={Name:s,Children:[$Tree]};$Tree') as Struct;
    expect(tree.fields[1]?.schema).toMatchObject({ kind: 'array', items: tree });
  });

  it('reads definitions that contain each other, whichever comes first', () => {
    const type = parseType('#Type={Element:$Type,Fields:[$Field]};#Field={Type:$Type};[$Field]');
    const field = (type as Extract<Schema, { kind: 'array' }>).items as Struct;
    const inner = field.fields[0]?.schema as Struct;
    expect(inner.fields.map(({ schema }) => schema)).toEqual([inner, { kind: 'array', items: field }]);
    expect(inner.fields[1]?.schema).toMatchObject({ items: field });
  });

  it('reads definitions that build on earlier ones', () => {
    expect(parseType('#A=[s];#B={X:$A};$B')).toEqual(parseType('{X:[s]}'));
  });
});

describe('parseFields', () => {
  it('reads nothing as no fields', () => {
    expect(parseFields('')).toEqual([]);
  });

  it('reads what is required, and each style', () => {
    expect(parseFields('A:s!,B:[s]~j,C:[s]!~c,D:[s]~s,E:[s]~p')).toMatchObject([
      { name: 'A', required: true, style: undefined },
      { name: 'B', required: false, style: 'json' },
      { name: 'C', required: true, style: 'comma' },
      { name: 'D', required: false, style: 'space' },
      { name: 'E', required: false, style: 'pipe' },
    ]);
  });

  it('reads which field is the region', () => {
    expect(parseFields('A:s,B:s!,C:s^,D:s^~j').map(({ required, isRegion }) => [required, isRegion])).toEqual([
      [false, undefined],
      [true, undefined],
      [true, true],
      [true, true],
    ]);
  });

  it.each([
    ['x-acs-date', 'x-acs-date:s'],
    ['Tag.1', 'Tag.1:s'],
    ['a b', 'a b:s'],
    ['名', '名:s'],
    ['a:b', '"a:b":s'],
    ['say "hi"', '"say \\"hi\\"":s'],
    ['back\\slash', '"back\\\\slash":s'],
    ['[]{}<>,;=!^~$', '"[]{}<>,;=!^~$":s'],
    ['', '"":s'],
  ])('reads the name %j', (name, table) => {
    expect(parseFields(table)).toMatchObject([{ name }]);
  });

  it("reads which field the client's region stands in for", () => {
    const [region, zone] = parseFields('RegionId:s^,ZoneId:s!');
    expect(region).toMatchObject({ name: 'RegionId', required: true, isRegion: true });
    expect(zone).toMatchObject({ name: 'ZoneId', required: true });
    expect(zone?.isRegion).toBeUndefined();
  });

  it('reads definitions', () => {
    expect(parseFields('#T={K:s};A:$T,B:$T')).toEqual(parseFields('A:{K:s},B:{K:s}'));
  });
});

describe('parseBody', () => {
  it('reads fields', () => {
    expect(parseBody('A:s,B:n')).toEqual({ fields: parseFields('A:s,B:n') });
    expect(parseBody('')).toEqual({ fields: [] });
  });

  it.each([
    ['body=[s]', { name: 'body', required: false, style: undefined }],
    ['body=[s]!', { name: 'body', required: true, style: undefined }],
    ['body=[s]!~j', { name: 'body', required: true, style: 'json' }],
    ['"a=b"=[s]', { name: 'a=b', required: false, style: undefined }],
    ['#S=s;body=[$S]', { name: 'body', required: false, style: undefined }],
  ])('reads %s as the whole body', (table, field) => {
    expect(parseBody(table)).toEqual({ whole: { ...field, schema: { kind: 'array', items: string } } });
  });

  it('does not take an equals sign in a quoted name for the whole body', () => {
    expect(parseBody('"a=b":s')).toEqual({ fields: parseFields('"a=b":s') });
  });
});

describe('a table with a mistake', () => {
  it.each([
    ['', 'a type', 0],
    ['x', 'a type', 0],
    ['[s', "']'", 2],
    ['[s>', "']'", 2],
    ['<s', "'>'", 2],
    ['{A:s', "'}'", 4],
    ['{A:x}', 'a type', 3],
    ['{A}', "':'", 2],
    ['{A:s,}', 'a name', 5],
    ['{A:s B:s}', "','", 4],
    ['{:s}', 'a name', 1],
    ['{"A:s}', 'a name', 1],
    ['{"\\x":s}', 'a name', 1],
    ['{A:s~x}', 'a style', 5],
    ['{A:s~', 'a style', 5],
    ['ss', 'the end', 1],
    ['$T', 'a defined name', 1],
    ['#T=s;[$U]', 'a defined name', 7],
    ['#T=[$U];$T', 'a defined name', 5],
    ['#T=s', "';'", 4],
    ['#T:s;s', "'='", 2],
  ])('%s is refused, and the message says what was expected and where', (table, expected, at) => {
    expect(() => parseType(table)).toThrow(new SyntaxError(`Expected ${expected} at ${at} of the table ${table}`));
  });

  it('is refused in a list of fields and in a body as well', () => {
    expect(() => parseFields('A:s,')).toThrow('Expected a name at 4');
    expect(() => parseFields('A:s}')).toThrow("Expected ',' at 3");
    expect(() => parseBody('body=s,A:s')).toThrow('Expected the end at 6');
  });
});
