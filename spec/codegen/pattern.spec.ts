import ts from 'typescript';
import { nameIn, statement, stringIn, type Captures } from '../../codegen/pattern.js';

const assign = statement('if (!isNull(request.$$field)) { query[$$key] = request.$$field; }');

function matched(code: string, pattern = assign): Captures | undefined {
  const line = ts.createSourceFile('code.ts', code, ts.ScriptTarget.ES2022, true).statements[0];
  if (line === undefined) throw new Error('No statement');
  return pattern(line);
}

describe('a pattern', () => {
  it('captures what stands for its names', () => {
    const captures = matched('if (!isNull(request.size)) { query["Size"] = request.size; }') ?? {};
    expect(nameIn(captures, 'field')).toBe('size');
    expect(stringIn(captures, 'key')).toBe('Size');
  });

  it('does not mind spaces and comments', () => {
    expect(matched('if (!isNull(request.size))\n{\n  // The size.\n  query["Size"] = request.size;\n}')).toBeDefined();
  });

  it('does not mind which quotes there are', () => {
    expect(matched(`f('a');`, statement('f("a");'))).toBeDefined();
  });

  it.each([
    ['the same name for two things', 'if (!isNull(request.size)) { query["Size"] = request.name; }'],
    ['another operator', 'if (-isNull(request.size)) { query["Size"] = request.size; }'],
    ['another assignment', 'if (!isNull(request.size)) { query["Size"] += request.size; }'],
    ['more', 'if (!isNull(request.size)) { query["Size"] = request.size; f(); }'],
    ['less', 'if (!isNull(request.size)) { }'],
    ['an else', 'if (!isNull(request.size)) { query["Size"] = request.size; } else { f(); }'],
    ['another name', 'if (!isNull(request.size)) { body["Size"] = request.size; }'],
    ['an optional chain', 'if (!isNull(request?.size)) { query["Size"] = request.size; }'],
  ])('does not match %s', (_, code) => {
    expect(matched(code)).toBeUndefined();
  });

  it.each([
    ['let a = { };', 'const a = { };'],
    ['let a = { };', 'let a = { b };'],
    ['return await f();', 'return f();'],
    ['f("a");', 'f("b");'],
    ['f(`a`);', 'f(`b`);'],
  ])('tells %s from %s', (example, code) => {
    expect(matched(code, statement(example))).toBeUndefined();
    expect(matched(example, statement(example))).toBeDefined();
  });

  it('takes a string for a string and a name for a name only', () => {
    const captures = matched('if (!isNull(request.size)) { query[key] = request.size; }') ?? {};
    expect(() => stringIn(captures, 'key')).toThrow('code.ts:1: expected a string: key');
    const other = matched('f(a.b);', statement('f($$value);')) ?? {};
    expect(() => nameIn(other, 'value')).toThrow('code.ts:1: expected a name: a.b');
  });
});
