import fc from 'fast-check';
import type { Field, Model, Models, Parameter, Type } from '../../codegen/model.js';
import { fieldsTable, responseTable, wholeTable } from '../../codegen/tables.js';
import { parseBody, parseFields, parseType, type Schema, type Struct } from '../../lib/schema/grammar.js';

const string: Type = { kind: 'string' };

function field(name: string, type: Type, required = false): Field {
  return { name, type, required, deprecated: false };
}

function modelsOf(fields: Readonly<Record<string, readonly Field[]>>): Models {
  const model = ([name, list]: [string, readonly Field[]]): [string, Model] => [
    name,
    { name, fields: new Map(list.map((each, index) => [`f${index}`, each])) },
  ];
  return new Map(Object.entries(fields).map(model));
}

const ref = (name: string): Type => ({ kind: 'model', name });

describe('tables', () => {
  it('define a model that repeats, where that is shorter', () => {
    const long = modelsOf({ Tag: [field('Key', string), field('Value', string)] });
    const roots = [field('A', ref('Tag')), field('B', ref('Tag')), field('C', ref('Tag'))];
    expect(fieldsTable(roots, long)).toBe('#Tag={Key:s,Value:s};A:$Tag,B:$Tag,C:$Tag');
    const short = modelsOf({ SomeLongName: [field('K', string)] });
    const others = [field('A', ref('SomeLongName')), field('B', ref('SomeLongName'))];
    expect(fieldsTable(others, short)).toBe('A:{K:s},B:{K:s}');
  });

  it('define the inner of two definitions first', () => {
    const models = modelsOf({
      Outer: [field('Left', ref('Inner')), field('Self', ref('Outer'))],
      Inner: [field('Self', ref('Inner'))],
    });
    const table = responseTable(ref('Outer'), models);
    expect(table).toBe('#Inner={Self:$Inner};#Outer={Left:$Inner,Self:$Outer};$Outer');
    expect(parseType(table)).toMatchObject({ kind: 'struct' });
  });

  it('define types that contain each other', () => {
    const models = modelsOf({
      A: [field('a', ref('A')), field('b', ref('B'))],
      B: [field('a', ref('A')), field('b', ref('B'))],
    });
    const table = responseTable(ref('A'), models);
    expect(table).toBe('#B={a:$A,b:$B};#A={a:$A,b:$B};$A');
    const a = parseType(table) as Struct;
    const b = a.fields[1]?.schema as Struct;
    expect(a.fields.map((each) => each.schema)).toEqual([a, b]);
    expect(b.fields.map((each) => each.schema)).toEqual([a, b]);
    expect(b).not.toBe(a);
  });

  it('define both of two types that contain each other, where the roots begin with either', () => {
    const models = modelsOf({
      Type: [field('Element', ref('Type')), field('Fields', { kind: 'array', items: ref('Field') })],
      Field: [field('Name', string), field('Type', ref('Type'))],
    });
    const table = fieldsTable([field('Type', ref('Type')), field('Field', ref('Field'))], models);
    const [type, one] = parseFields(table).map(({ schema }) => schema as Struct);
    expect(type?.fields.map((each) => each.schema)).toEqual([type, { kind: 'array', items: one }]);
    expect(one?.fields[1]?.schema).toBe(type);
  });

  it('quote names that the grammar could not read', () => {
    const names = ['a:b', 'a"b', '#a', 'a,b', 'a b', "it's", 'back\\slash', '', 'ünïcode', 'x-acs', '$a'];
    const parsed = parseFields(
      fieldsTable(
        names.map((name) => field(name, string)),
        new Map(),
      ),
    );
    expect(parsed.map(({ name }) => name)).toEqual(names);
  });

  it('read back as what was written, whatever it was', () => {
    fc.assert(
      fc.property(anyModels(), anyParameters(), (models, parameters) => {
        const expected = parameters.map((parameter) => ({
          ...plain(parameter, models, 'request'),
          style: parameter.style,
        }));
        expect(parseFields(fieldsTable(parameters, models))).toEqual(expected);
        for (const parameter of parameters) {
          const whole = { ...plain(parameter, models, 'request'), style: parameter.style };
          expect(parseBody(wholeTable(parameter, models))).toEqual({ whole });
          expect(parseType(responseTable(parameter.type, models))).toEqual(schema(parameter.type, models, 'response'));
        }
      }),
    );
  });
});

type Side = 'request' | 'response';

function plain({ name, type, required }: Field, models: Models, side: Side): object {
  return { name, schema: schema(type, models, side), required: side === 'request' && required, style: undefined };
}

function schema(type: Type, models: Models, side: Side): Schema {
  if (type.kind === 'array') return { kind: 'array', items: schema(type.items, models, side) };
  if (type.kind === 'map') return { kind: 'map', values: schema(type.values, models, side) };
  if (type.kind === 'long') return { kind: side === 'request' ? 'number' : 'long' };
  if (type.kind === 'bytes') return { kind: 'any' };
  if (type.kind === 'file') return { kind: 'string' };
  if (type.kind !== 'model') return { kind: type.kind };
  const fields = [...models.get(type.name)!.fields.values()].map((each) => plain(each, models, side));
  return { kind: 'struct', fields } as Schema;
}

/** Four models, each of which refers to later ones only. */
function anyModels(): fc.Arbitrary<Models> {
  const names = ['M0', 'M1', 'M2', 'M3'];
  const lists = names.map((_, index) => fc.array(anyField(names.slice(index + 1)), { maxLength: 4 }));
  return fc.tuple(...lists).map((all) => modelsOf(Object.fromEntries(names.map((name, index) => [name, all[index]!]))));
}

function anyParameters(): fc.Arbitrary<Parameter[]> {
  const style = fc.constantFrom(undefined, 'json', 'comma', 'space', 'pipe');
  const parameter = fc.tuple(anyField(['M0', 'M1', 'M2', 'M3']), style);
  return fc.array(
    parameter.map(([each, chosen]) => ({ ...each, style: chosen })),
    { maxLength: 5 },
  );
}

function anyField(names: readonly string[]): fc.Arbitrary<Field> {
  return fc
    .tuple(fc.string(), anyType(names), fc.boolean())
    .map(([name, type, required]) => field(name, type, required));
}

function anyType(names: readonly string[]): fc.Arbitrary<Type> {
  const scalar = fc
    .constantFrom<Type['kind']>('string', 'number', 'long', 'boolean', 'any', 'bytes', 'file')
    .map((kind) => ({ kind }) as Type);
  const leaf = names.length > 0 ? fc.oneof(scalar, fc.constantFrom(...names).map(ref)) : scalar;
  return fc.oneof(
    leaf,
    leaf.map((items): Type => ({ kind: 'array', items })),
    leaf.map((values): Type => ({ kind: 'map', values: { kind: 'array', items: values } })),
  );
}
