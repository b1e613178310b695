import { textOf } from '../../lib/platform/node/text.js';

const long = 'ä漢😀 '.repeat(10_000);

it.each([
  ['a short text', 'ä漢😀'],
  ['a long one', long],
  ['a long one of Latin letters', 'x'.repeat(100_000)],
  ['nothing', ''],
])('reads %s', (_, text) => {
  expect(textOf(Buffer.from(text))).toBe(text);
});

it.each([
  ['short', '{}'],
  ['long', long],
])('leaves out the mark at the beginning of a %s text, and that alone', (_, text) => {
  expect(textOf(Buffer.from(`\uFEFF${text}\uFEFF`))).toBe(`${text}\uFEFF`);
});

it.each([
  ['a byte that never is', [0xff]],
  ['half of a character', [0xe4, 0xb8]],
  ['half of a surrogate pair', [0xed, 0xa0, 0x80]],
])('replaces %s', (_, bytes) => {
  const broken = Buffer.concat([Buffer.from(long), Buffer.from(bytes), Buffer.from('z')]);
  expect(textOf(broken)).toBe(`${long}${Buffer.from(bytes).toString()}z`);
});
