import { parseType, type Style } from '../../lib/schema/grammar.js';
import { shrink, writeJson } from '../../lib/schema/write-json.js';

function write(table: string, value: unknown): string {
  return writeJson(parseType(table), value);
}

describe('writeJson', () => {
  it.each<[table: string, value: unknown, json: string]>([
    ['s', 'a"b', '"a\\"b"'],
    ['n', 1.5, '1.5'],
    ['l', 9007199254740993n, '9007199254740993'],
    ['b', false, 'false'],
    ['a', { b: [1n, null], a: undefined }, '{"b":[1,null]}'],
    ['[s]', [], '[]'],
    ['[l]', [1, 2n], '[1,2]'],
    ['<n>', { b: 1, a: 2, '"': 3 }, '{"b":1,"a":2,"\\"":3}'],
    ['{}', {}, '{}'],
    ['[{A:<[b]>}]', [{ A: { x: [true] } }, {}], '[{"A":{"x":[true]}},{}]'],
  ])('writes, as %s, %p', (table, value, json) => {
    expect(write(table, value)).toBe(json);
  });

  it('writes fields in the order of the table', () => {
    expect(write('{B:s,A:s,C:{Y:n,X:n}}', { A: 'a', C: { X: 1, Y: 2 }, B: 'b' })).toBe(
      '{"B":"b","A":"a","C":{"Y":2,"X":1}}',
    );
  });

  it('writes nothing for what is null or undefined', () => {
    expect(write('{A:s,B:s,C:<s>,D:s}', { A: null, B: undefined, C: { x: null, y: undefined }, D: '' })).toBe(
      '{"C":{},"D":""}',
    );
  });

  it('writes a field that has a style as one string', () => {
    expect(write('{A:{Y:n,X:l}~j,B:[s]~c}', { A: { X: 1n, Y: 2 }, B: ['a', 'b"'] })).toBe(
      '{"A":"{\\"Y\\":2,\\"X\\":1}","B":"a,b\\""}',
    );
  });

  it('writes a type that contains itself', () => {
    expect(write('#Tree={Name:s,Children:[$Tree]};$Tree', { Children: [{ Children: [], Name: 'b' }], Name: 'a' })).toBe(
      '{"Name":"a","Children":[{"Name":"b","Children":[]}]}',
    );
  });
});

describe('shrink', () => {
  it.each<[style: Style, table: string, value: unknown, text: string]>([
    ['json', '[s]', ['a', 'b'], '["a","b"]'],
    ['json', '{B:l,A:s,C:s}', { A: 'a', B: 9007199254740993n, C: null }, '{"B":9007199254740993,"A":"a"}'],
    ['json', '<a>', { x: { y: null } }, '{"x":{"y":null}}'],
    ['comma', '[s]', ['a', 'b'], 'a,b'],
    ['comma', '[n]', [1], '1'],
    ['comma', '[s]', [], ''],
    ['space', '[n]', [1, 2n], '1 2'],
    ['pipe', '[b]', [true, false], 'true|false'],
  ])('writes, in the style %s and as %s, %p', (style, table, value, text) => {
    expect(shrink(parseType(table), style, value)).toBe(text);
  });
});
