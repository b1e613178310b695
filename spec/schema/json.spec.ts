import fc from 'fast-check';
import { jsonObject, parseJson, stringifyJson } from '../../lib/schema/json.js';

/** The character that the parser uses within, and its neighbours in every respect that matters. */
const mark = '\ue000';
const trickyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    mark,
    `${mark}9007199254740993`,
    mark + mark,
    '\ue001',
    '9007199254740993',
    ': 9007199254740993',
    '[9007199254740993]',
    '"',
    '\\',
    '\\"',
    '{"a":12345678901234567}',
    '__proto__',
    '',
  ),
);
const safeInteger = fc.maxSafeInteger();
const hugeInteger = fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }).chain((digits) => fc.constantFrom(digits, -digits));
const fraction = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Number.isInteger(n));

type Json = null | boolean | number | bigint | string | Json[] | { [name: string]: Json };

function json(...leaves: fc.Arbitrary<Json>[]): fc.Arbitrary<Json> {
  return fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      ...leaves,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(trickyText, tie('value'), { maxKeys: 4 }) as fc.Arbitrary<Json>,
    ),
  })).value;
}

const leaves = [fc.constant(null), fc.boolean(), trickyText, safeInteger, fraction];
/** White space where JSON allows it. */
const gap = fc.constantFrom('', ' ', '\n', '\r\n\t  ');

/** JSON with a gap at every place where there may be one, and every non-ASCII character escaped where asked. */
function write(value: Json, space: string, escape: boolean): string {
  const text = (string: string): string => {
    const written = JSON.stringify(string);
    if (!escape) return written;
    return written.replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  };
  const of = (item: Json): string => {
    if (typeof item === 'bigint') return String(item);
    if (typeof item === 'string') return text(item);
    if (Array.isArray(item)) return `[${space}${item.map(of).join(`${space},${space}`)}${space}]`;
    if (typeof item !== 'object' || item === null) return JSON.stringify(item);
    const members = Object.entries(item).map(([name, member]) => `${text(name)}${space}:${space}${of(member)}`);
    return `{${space}${members.join(`${space},${space}`)}${space}}`;
  };
  return `${space}${of(value)}${space}`;
}

const controls = String.fromCharCode(...Array(32).keys());

describe('parseJson', () => {
  it('is JSON.parse where every number is safe', () => {
    fc.assert(
      fc.property(json(...leaves), gap, fc.boolean(), (value, space, escape) => {
        const text = write(value, space, escape);
        expect(parseJson(text)).toStrictEqual(JSON.parse(text));
      }),
    );
  });

  it.each([99, 100, 101, 250, 251])('takes nothing within a string of %d escapes for a number', (count) => {
    for (const escapes of ['\\\\', '\\"', '\\n', '\\"\\\\'].map((escape) => escape.repeat(count))) {
      const text = `${escapes}, 9007199254740993, ${escapes}`;
      const json = `{"A":"${text}","B":9007199254740993,"C":"${escapes}"}`;
      const { A, C } = JSON.parse(json) as { A: string; C: string };
      expect(parseJson(json)).toEqual({ A, B: 9007199254740993n, C });
    }
  });

  it('keeps every integer beyond 2^53, wherever it stands', () => {
    fc.assert(
      fc.property(json(...leaves, hugeInteger, hugeInteger, hugeInteger), gap, fc.boolean(), (value, space, escape) => {
        const read = parseJson(write(value, space, escape));
        // Every other number of JSON.parse is a double, and -0 is written as 0.
        expect(write(read as Json, '', false)).toBe(write(value, '', false));
      }),
      { numRuns: 500 },
    );
  });

  it.each<[text: string, value: unknown]>([
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    [' 9007199254740993 ', 9007199254740993n],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['18446744073709551615', 18446744073709551615n],
    ['[1,9007199254740993]', [1, 9007199254740993n]],
    ['{"a":-9007199254740993}', { a: -9007199254740993n }],
    ['{"9007199254740993":9007199254740993}', { '9007199254740993': 9007199254740993n }],
    ['["9007199254740993",9007199254740993]', ['9007199254740993', 9007199254740993n]],
    ['["a\\\\",9007199254740993,"\\"",9007199254740993]', ['a\\', 9007199254740993n, '"', 9007199254740993n]],
    [`["${mark}1",9007199254740993]`, [`${mark}1`, 9007199254740993n]],
    ['["\\ue0001",9007199254740993]', [`${mark}1`, 9007199254740993n]],
    ['["\\uE0001",9007199254740993]', [`${mark}1`, 9007199254740993n]],
    [`{"${mark}1":9007199254740993}`, { [`${mark}1`]: 9007199254740993n }],
    ['{"\\ue000 1" : 9007199254740993}', { [`${mark} 1`]: 9007199254740993n }],
    [
      '[1234567890123456.5,1.2345678901234567e20,9007199254740993]',
      [1234567890123456.5, 1.2345678901234567e20, 9007199254740993n],
    ],
    [
      '[0.12345678901234567890,-0.9007199254740993,1e-1234567890123456,1E+22,1e22,9007199254740993]',
      [0.1234567890123456789, -0.9007199254740993, 0, 1e22, 1e22, 9007199254740993n],
    ],
    ['[12345678901234567.5,12345678901234567e2,1]', [12345678901234567.5, 1234567890123456700n, 1]],
    ['[null,[null,[]],{"a":null,"b":[9007199254740993]}]', [null, [null, []], { a: null, b: [9007199254740993n] }]],
    [
      '["[9007199254740993, 9007199254740993]",9007199254740993]',
      ['[9007199254740993, 9007199254740993]', 9007199254740993n],
    ],
    ['["\\\\",-9007199254740993,"\\\\\\""]', ['\\', -9007199254740993n, '\\"']],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toStrictEqual(value);
  });

  it('reads what is nested as deep as JSON.parse can read it', () => {
    const deep = (leaf: string) => '['.repeat(100_000) + leaf + ']'.repeat(100_000);
    const leafOf = (value: unknown) => {
      while (Array.isArray(value)) value = value[0];
      return value;
    };

    expect(leafOf(parseJson(deep('1')))).toBe(1);
    expect(leafOf(parseJson(deep('9007199254740993')))).toBe(9007199254740993n);
  });

  it('keeps a member called __proto__ a member', () => {
    const read = parseJson('{"__proto__":{"a":9007199254740993}}') as object;
    expect(Object.entries(read)).toEqual([['__proto__', { a: 9007199254740993n }]]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it.each<[what: string, text: string, value: unknown]>([
    ['a line break in a string', '{"a":"x\ny","b":9007199254740993}', { a: 'x\ny', b: 9007199254740993n }],
    ['each control character', JSON.stringify([controls]).replace(/\\[^"]+/, controls), [controls]],
    ['one behind an escape', '["\\\\\t\\"\n"]', ['\\\t"\n']],
    ['one in a name', '{"a\tb": 1}', { 'a\tb': 1 }],
    ['a byte order mark', '\ufeff{"a":"\ufeff"}', { a: '\ufeff' }],
    ['a byte order mark and a tab', '\ufeff ["\t"]', ['\t']],
  ])('reads %s', (_what, text, value) => {
    expect(parseJson(text)).toStrictEqual(value);
  });

  it('reads every JSON in which the control characters are not escaped', () => {
    fc.assert(
      fc.property(json(...leaves, fc.string({ unit: fc.constantFrom(...controls, '"', '\\', 'x') })), (value) => {
        const text = write(value, '', false);
        const raw = text.replace(/\\(?:(["\\])|u00(..)|(.))/g, (whole, kept: unknown, hex: string | undefined) =>
          kept === undefined
            ? hex === undefined
              ? (JSON.parse(`"${whole}"`) as string)
              : String.fromCharCode(parseInt(hex, 16))
            : whole,
        );
        expect(parseJson(raw)).toStrictEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['an open string of quotes', '"' + '\\"'.repeat(1_000_000)],
    ['an open string that ends in a backslash', '"' + '\\"'.repeat(1_000_000) + '\\'],
    ['open strings', '"\n'.repeat(1_000_001)],
    ['a huge exponent', `[${'1e9999999999,'.repeat(1000)}`],
  ])('refuses what is no JSON in one go: %s', (_what, text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it.each([
    '',
    '{',
    '["a\\\nb"]',
    '[1]\ufeff',
    '{"a":9007199254740993',
    '[9007199254740993,]',
    '["9007199254740993]',
    '[09007199254740993]',
    '<p>',
  ])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('reads a long string full of escapes next to a huge integer', () => {
    const text = '\n"\\'.repeat(1_000_000);
    expect(parseJson(JSON.stringify([text]).replace(']', ',9007199254740993]'))).toEqual([text, 9007199254740993n]);
  });
});

describe('stringifyJson', () => {
  it('writes what parseJson reads back', () => {
    fc.assert(
      fc.property(json(...leaves, hugeInteger), (value) => {
        const text = stringifyJson(value) ?? '';
        expect(stringifyJson(parseJson(text))).toBe(text);
      }),
    );
  });

  it('is JSON.stringify where there is no bigint', () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withSparseArray: true, withNullPrototype: true }), (value) => {
        expect(stringifyJson(value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it.each<[value: unknown, text: string | undefined]>([
    [2n ** 63n, '9223372036854775808'],
    [{ a: [1n], b: undefined }, '{"a":[1]}'],
    [[undefined, () => 1], '[null,null]'],
    [{ toJSON: () => ({ id: 2n ** 60n }) }, '{"id":1152921504606846976}'],
    [[`${mark}1`, 1n, `${mark}${mark}-1`, '-1'], `["${mark}1",1,"${mark}${mark}-1","-1"]`],
    [{ [`${mark}1`]: 1n, a: `"${mark}1` }, `{"${mark}1":1,"a":"\\"${mark}1"}`],
    [undefined, undefined],
    [Symbol('s'), undefined],
  ])('writes %p', (value, text) => {
    expect(stringifyJson(value)).toBe(text);
  });
});

describe('stringifyJson, as JSON.stringify does,', () => {
  it('indents', () => {
    expect(stringifyJson({ a: 1n, b: [{ c: `${mark}1` }] }, 2)).toBe(
      JSON.stringify({ a: 1, b: [{ c: `${mark}1` }] }, null, 2),
    );
  });

  it('refuses an object that contains itself', () => {
    const loop: { id: bigint; self?: unknown } = { id: 1n };
    loop.self = loop;
    expect(() => stringifyJson(loop)).toThrow(TypeError);
  });

  it('does not ask an application how a bigint is to be written', () => {
    const prototype = BigInt.prototype as { toJSON?: () => string };
    prototype.toJSON = () => 'of the application';
    try {
      expect(stringifyJson([1n, { a: 2n }])).toBe('[1,{"a":2}]');
    } finally {
      delete prototype.toJSON;
    }
  });
});

describe('jsonObject', () => {
  it('writes members in their order, and leaves out those without a value', () => {
    expect(
      jsonObject([
        ['b', '1'],
        ['a"', '[]'],
        ['c', undefined],
      ]),
    ).toBe('{"b":1,"a\\"":[]}');
    expect(jsonObject([])).toBe('{}');
  });
});
