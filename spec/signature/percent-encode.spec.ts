import fc from 'fast-check';
import { canonicalQuery, percentEncode } from '../../lib/codec/percent-encode.js';

/** Text without halves of surrogate pairs, which UTF-8 can't write. */
const wellFormed = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));

describe('percentEncode', () => {
  it('is undone by decodeURIComponent', () => {
    fc.assert(fc.property(wellFormed, (text) => decodeURIComponent(percentEncode(text)) === text));
  });

  it('leaves letters, digits and -_.~ alone, and nothing else', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(percentEncode(text)).toMatch(/^(?:[A-Za-z0-9\-_.~]|%[0-9A-F]{2})*$/);
      }),
    );
    expect(percentEncode('AZaz09-_.~')).toBe('AZaz09-_.~');
  });

  it.each([
    [' ', '%20'],
    ['+', '%2B'],
    ['*', '%2A'],
    ["!'()", '%21%27%28%29'],
    ['/', '%2F'],
    ['%', '%25'],
    ['%2F', '%252F'],
    ['杭', '%E6%9D%AD'],
    ['😀', '%F0%9F%98%80'],
    ['a\ud800b', 'a%EF%BF%BDb'],
    ['\udc00\ud800', '%EF%BF%BD%EF%BF%BD'],
    ['😀\ud83d', '%F0%9F%98%80%EF%BF%BD'],
  ])('encodes %j as %s', (text, encoded) => {
    expect(percentEncode(text)).toBe(encoded);
  });

  it('writes what any UTF-8 encoder writes, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((c) => String.fromCharCode(c)) }),
        (text) => {
          expect(decodeURIComponent(percentEncode(text))).toBe(
            new TextDecoder().decode(new TextEncoder().encode(text)),
          );
        },
      ),
    );
  });
});

describe('canonicalQuery', () => {
  it.each<[parameters: [string, string][], query: string]>([
    [[], ''],
    [[['a', '']], 'a='],
    [
      [
        ['b', '1'],
        ['a', '2'],
      ],
      'a=2&b=1',
    ],
    [
      [
        ['a', '1'],
        ['B', '2'],
        ['Tag.10', '3'],
        ['Tag.2', '4'],
        ['Tag', '5'],
      ],
      'B=2&Tag=5&Tag.10=3&Tag.2=4&a=1',
    ],
    [[['a b', 'c+d&e=f']], 'a%20b=c%2Bd%26e%3Df'],
  ])('of %j is %j', (parameters, query) => {
    expect(canonicalQuery(new Map(parameters))).toBe(query);
  });
});
