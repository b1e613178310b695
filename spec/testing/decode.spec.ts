import fc from 'fast-check';
import { isServerError } from '../../lib/errors.js';
import { flatten } from '../../lib/schema/flatten.js';
import { parseFields, parseType } from '../../lib/schema/grammar.js';
import { shrink } from '../../lib/schema/write-json.js';
import { decodeFlat } from '../../lib/testing/decode-flat.js';
import { decodeJson } from '../../lib/testing/decode-json.js';
import { compilePath } from '../../lib/testing/path-pattern.js';
import type { Parameter } from '../../lib/testing/wire.js';

function flat(table: string, parameters: Record<string, string>): unknown {
  return decodeFlat(parseFields(table), Object.entries(parameters));
}

function refusal(decode: () => unknown): string {
  try {
    decode();
  } catch (error) {
    if (isServerError(error)) return `${error.status} ${error.code} ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('flat parameters', () => {
  it('become what the table says', () => {
    expect(
      flat('Name:s,Size:n,On:b,Owner:l,Tag:[{Key:s,Value:s}],Disk:{Kind:s,Parts:[n]}', {
        Name: '5',
        Size: '2.5',
        On: 'TRUE',
        Owner: '9007199254740993',
        'Tag.1.Key': 'a',
        'Tag.2.Key': 'b',
        'Tag.2.Value': '',
        'Disk.Kind': 'ssd',
        'Disk.Parts.1': '3',
      }),
    ).toEqual({
      Name: '5',
      Size: 2.5,
      On: true,
      Owner: 9007199254740993n,
      Tag: [{ Key: 'a' }, { Key: 'b', Value: '' }],
      Disk: { Kind: 'ssd', Parts: [3] },
    });
  });

  it('are in the order of their numbers, not of their names', () => {
    const pairs = Array.from({ length: 12 }, (_, i): [string, string] => [`Id.${i + 1}`, String(i)]);
    expect(flat('Id:[n]', Object.fromEntries(pairs.reverse()))).toEqual({
      Id: Array.from({ length: 12 }, (_, i) => i),
    });
  });

  it('may have been shrunk to one string', () => {
    expect(
      flat('A:{Size:n,Tags:[s]}~j,B:[n]~c,C:[s]~s,D:[s]~p,E:[s]~c', {
        A: '{"Size":1,"Tags":["x"]}',
        B: '1,2',
        C: 'a b',
        D: 'a|b',
        E: '',
      }),
    ).toEqual({ A: { Size: 1, Tags: ['x'] }, B: [1, 2], C: ['a', 'b'], D: ['a', 'b'], E: [] });
  });

  it('may have dots in a name and in a key', () => {
    const fields = 'Disk:{Size:n},"Disk.Kind":s,"Disk.Deep.Kind":s,Labels:<s>';
    const parameters = {
      'Disk.Kind': 'ssd',
      'Disk.Size': '1',
      'Labels.app.kubernetes.io/name': 'web',
      'Labels.app': 'x',
    };
    expect(flat(fields, parameters)).toEqual({
      Disk: { Size: 1 },
      'Disk.Kind': 'ssd',
      Labels: { app: 'x', 'app.kubernetes.io/name': 'web' },
    });
  });

  it('stay as they are where the table says nothing', () => {
    expect(flat('A:a,B:a', { 'A.1': 'x', 'A.2.K': 'y', 'B.K': 'z', Other: '1' })).toEqual({
      A: ['x', { K: 'y' }],
      B: { K: 'z' },
    });
  });

  it('cannot reach an object’s prototype', () => {
    const decoded = flat('Labels:<s>', { 'Labels.__proto__': 'x', '__proto__.polluted': 'y' }) as { Labels: object };
    expect(Object.keys(decoded.Labels)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });

  it.each([
    ['RegionId:s!', {}, '400 MissingParameter RegionId is mandatory'],
    ['Tag:[{Key:s!,Value:s}]', { 'Tag.1.Key': 'a', 'Tag.2.Value': 'b' }, '400 MissingParameter Tag.2.Key is mandatory'],
    ['Disk:{Part:{Size:n!}}', { 'Disk.Part.Other': '1' }, '400 MissingParameter Disk.Part.Size is mandatory'],
    ['A:{Size:n!}~j', { A: '{}' }, '400 MissingParameter A.Size is mandatory'],
    ['Ids:[s]!', { 'Ids2.1': 'a' }, '400 MissingParameter Ids is mandatory'],
    ['Size:n', { Size: 'large' }, '400 InvalidParameter The specified parameter Size is not valid'],
    ['Size:n', { Size: '' }, '400 InvalidParameter The specified parameter Size'],
    ['On:b', { On: '1' }, '400 InvalidParameter The specified parameter On'],
    ['Ids:[s]', { Ids: '["a"]' }, '400 InvalidParameter The specified parameter Ids'],
    ['Ids:[s]', { 'Ids.first': 'a' }, '400 InvalidParameter The specified parameter Ids'],
    ['Disk:{Size:n}', { Disk: '{}' }, '400 InvalidParameter The specified parameter Disk'],
    ['Name:s', { 'Name.1': 'a' }, '400 InvalidParameter The specified parameter Name'],
    ['Tag:[{Size:n}]', { 'Tag.2.Size': 'x' }, '400 InvalidParameter The specified parameter Tag.1.Size'],
    ['A:{Size:n}~j', { A: '{' }, '400 InvalidParameter The specified parameter A'],
  ])('by the table %s are refused as %j', (table, parameters, expected) => {
    expect(refusal(() => flat(table, parameters as Record<string, string>))).toContain(expected);
  });

  it('come back from what a client made of them', () => {
    const table = 'Name:s,Size:n,On:b,Tag:[{Key:s,Value:s,Deep:[{Ids:[s]}]}],Map:<n>,Config:{A:n,B:[s]}~j,List:[s]~c';
    const fields = parseFields(table);
    const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/);
    const some = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(item, { minLength: 1, maxLength: 12 });
    const request = fc.record(
      {
        Name: fc.string(),
        // An integer beyond 2^53 is no number that a client would send.
        Size: fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .filter((n) => !Number.isInteger(n) || Number.isSafeInteger(n))
          .map((n) => n + 0),
        On: fc.boolean(),
        Tag: some(fc.record({ Key: fc.string(), Deep: some(fc.record({ Ids: some(fc.string()) })) })),
        Map: fc.dictionary(name, fc.integer(), { minKeys: 1, noNullPrototype: true }),
        Config: fc.record({ A: fc.maxSafeInteger(), B: fc.array(fc.string()) }),
        List: some(fc.stringMatching(/^[^,]+$/)),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(request, (given) => {
        const sent = new Map<string, string>();
        for (const field of fields) {
          const value = (given as Record<string, unknown>)[field.name];
          if (value === undefined) continue;
          if (field.style === undefined) flatten(sent, field.name, value);
          else sent.set(field.name, shrink(field.schema, field.style, value));
        }
        expect(decodeFlat(fields, [...sent] as Parameter[])).toEqual(given);
      }),
    );
  });
});

describe('a JSON body', () => {
  const table = parseType('{size:n!,name:s,on:b,nodes:[{id:l!}],labels:<s>,free:a}');

  it('is brought to the types of the table', () => {
    const given = {
      size: '2',
      name: 7,
      on: 'true',
      nodes: [{ id: '9007199254740993' }],
      labels: { a: 'b' },
      free: [1],
    };
    expect(decodeJson(table, given, '')).toEqual({
      size: 2,
      name: '7',
      on: true,
      nodes: [{ id: 9007199254740993n }],
      labels: { a: 'b' },
      free: [1],
    });
  });

  it.each([
    [{}, 'MissingParameter size'],
    [{ size: null }, 'MissingParameter size'],
    [{ size: 1, nodes: [{ id: 1 }, {}] }, 'MissingParameter nodes.2.id'],
    [{ size: 1, nodes: {} }, 'parameter nodes is not valid: expected an array'],
    [{ size: 1, labels: [] }, 'parameter labels is not valid: expected an object'],
    [{ size: true }, 'parameter size is not valid: expected a number'],
    [{ size: 1, name: {} }, 'parameter name is not valid: expected a string'],
    [{ size: 1, on: 'yes' }, 'parameter on is not valid: expected a boolean'],
  ])('that is %j is refused', (given, expected) => {
    expect(refusal(() => decodeJson(table, given, ''))).toContain(expected);
  });
});

describe('a path', () => {
  const match = compilePath('/clusters/{ClusterId}/nodes.json/{NodeId}');

  it('gives its variables, decoded', () => {
    expect(match('/clusters/c%2F1/nodes.json/n%20%E6%BC%A2')).toEqual({ ClusterId: 'c/1', NodeId: 'n 漢' });
  });

  it.each([
    '/clusters/c1/nodesXjson/n',
    '/clusters//nodes.json/n',
    '/clusters/c/nodes.json/n/',
    '/clusters/a/b/nodes.json/n',
    '/clusters/%E0/nodes.json/n',
  ])('%s is another', (path) => {
    expect(match(path)).toBeUndefined();
  });
});
