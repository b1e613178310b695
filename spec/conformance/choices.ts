/** What the generated values are: all fields filled with ordinary values, the required ones only, or values at the edges. */
import type { Random } from './random.js';

export interface Choices {
  /** Whether a field that may be absent is there. */
  readonly takes: () => boolean;
  readonly text: (name: string) => string;
  /** A text that a header can hold. */
  readonly headerText: (name: string) => string;
  /** A text that a path can hold: neither empty nor dots alone. */
  readonly pathText: (name: string) => string;
  readonly number: () => number;
  readonly integer: () => number;
  readonly flag: () => boolean;
  readonly anything: () => unknown;
  /** How many items an array or a map has. */
  readonly size: () => number;
}

/** Every field, no two texts alike; with `required`, only the fields that must be there. */
export function plainChoices(fields: 'all' | 'required'): Choices {
  let count = 0;
  return {
    takes: () => fields === 'all',
    text: (name) => `${name} ${++count} ~é漢😀+%&=/?"'\\`,
    headerText: (name) => `${name} ${++count} ~+%&=/?"'\\`,
    pathText: (name) => (fields === 'all' ? `${name}/a b+é%` : `a-${name}`),
    number: () => (++count % 3 === 0 ? count + 0.5 : count),
    integer: () => ++count,
    flag: () => ++count % 2 === 0,
    anything: () => [`any ${++count}`, count, true, { Nested: [count, `x${count}`] }][count % 4],
    size: () => 2,
  };
}

const texts = [
  '',
  ' ',
  '0',
  'false',
  'null',
  "!'()*~+ %&=",
  '%2B',
  'a  b ',
  'ß漢字😀',
  '"\\/',
  '<a>&amp;</a>',
  'a\nb\tc',
];
const headerTexts = ['0', "!'()*~+ %&=", '%2B', 'a  b', '"\\/;,'];
const pathTexts = ['0', "!'()*~+ %&=", '%2B', 'a/b?c#d', 'ß漢字😀', 'a..b', ':@$,;'];
const numbers = [0, -1, 0.1, -0.5, 1e-7, 2 ** 31, 2 ** 53 - 1];
const integers = [0, -1, 1, 2 ** 31, 2 ** 53 - 1];
const anything = ['', 'text', 0, -1.5, false, true, [], {}, [[]], { a: {} }, { a: [] }, { "!'()*~+ %&=": ['', 0] }];

/** Values at the edges, most of the fields, empty containers among them. */
export function edgeChoices(random: Random): Choices {
  return {
    takes: () => random.below(5) > 0,
    text: () => random.pick(texts),
    headerText: () => random.pick(headerTexts),
    pathText: () => random.pick(pathTexts),
    number: () => random.pick(numbers),
    integer: () => random.pick(integers),
    flag: () => random.below(2) === 0,
    anything: () => random.pick(anything),
    size: () => random.pick([0, 1, 1, 3]),
  };
}
