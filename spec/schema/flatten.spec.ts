import fc from 'fast-check';
import { OpenApiUtil } from '@alicloud/openapi-core';
import { flatten } from '../../lib/schema/flatten.js';

function flat(value: unknown, name = 'P'): Record<string, string> {
  const into = new Map<string, string>();
  flatten(into, name, value);
  return Object.fromEntries(into);
}

describe('flatten', () => {
  it.each<[value: unknown, flat: Record<string, string>]>([
    ['a', { P: 'a' }],
    ['', { P: '' }],
    [0, { P: '0' }],
    [1.5, { P: '1.5' }],
    [2n ** 63n, { P: '9223372036854775808' }],
    [false, { P: 'false' }],
    [null, {}],
    [undefined, {}],
    [[], {}],
    [{}, {}],
    [['a', 'b'], { 'P.1': 'a', 'P.2': 'b' }],
    [{ K: 'a', L: null, M: undefined }, { 'P.K': 'a' }],
    [[{ K: 'a' }, {}, { K: 'b', L: [1, 2] }], { 'P.1.K': 'a', 'P.3.K': 'b', 'P.3.L.1': '1', 'P.3.L.2': '2' }],
    [[['a'], [[true]]], { 'P.1.1': 'a', 'P.2.1.1': 'true' }],
  ])('writes %p', (value, parameters) => {
    expect(flat(value)).toEqual(parameters);
  });

  it('writes what the official SDK writes', () => {
    // The official SDK loses a member of that name.
    const key = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__');
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string(),
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    })).value;
    fc.assert(
      fc.property(value, (parameter) => {
        expect(flat(parameter)).toEqual(OpenApiUtil.query({ P: parameter }));
      }),
    );
  });
});
