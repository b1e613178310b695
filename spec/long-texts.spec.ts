/**
 * Answers are as long as `maxResponseSize` lets them be. V8 compiles patterns without optimisation in a process that has
 * compiled many, and then a repetition without a bound runs out of stack after some millions of characters.
 */
import { setFlagsFromString } from 'node:v8';
import { EventStreamParser } from '../lib/codec/event-stream.js';
import { serverErrorOf } from '../lib/codec/server-error.js';
import { hideFields, hideParameters, hiding } from '../lib/masking/masking.js';
import { parseJson } from '../lib/schema/json.js';
import { newNotes, coerceNumber } from '../lib/schema/coerce.js';
import { signatureMismatch } from '../lib/signature/mismatch.js';

beforeAll(() => setFlagsFromString('--no-regexp-optimization'));
afterAll(() => setFlagsFromString('--regexp-optimization'));

/** V8 has 64 MB for these places, of 4 bytes each. */
const length = 17_000_000;

const parts = ['0', '-', '\\', '"'];

const readers: readonly (readonly [string, (text: string) => unknown])[] = [
  ['the masking of fields', (text) => hideFields(text)],
  ['the masking of a field in JSON', (text) => hideFields(`{"Password":${text}`)],
  ['the masking of an element', (text) => hideFields(`<Password ${text}`)],
  ['the masking of a form', (text) => hideParameters(`A=${text}`)],
  ['the masking of a key', (text) => hideFields(`-----BEGIN ${text}`)],
  ['the masking of what is known', (text) => hiding(['aVerySecretThing'])(text)],
  ['an error', (text) => serverErrorOf('A', { status: 400, headers: {}, body: text })],
  [
    'an error in JSON',
    (text) => serverErrorOf('A', { status: 400, headers: {}, body: JSON.stringify({ Code: text }) }),
  ],
  ['an error in XML', (text) => serverErrorOf('A', { status: 400, headers: {}, body: `<Error><Code>${text}` })],
  [
    'an error with a long tag',
    (text) => serverErrorOf('A', { status: 400, headers: {}, body: `<Error ${text}><Code>A</Code>` }),
  ],
  ['an error with a long name', (text) => serverErrorOf('A', { status: 400, headers: {}, body: `<Error><${text}>` })],
  ['the masking of an attribute', (text) => hideFields(`<Password a="${text}"/>`)],
  ['the masking behind a name', (text) => hideFields(`Password${text}`)],
  ['exact JSON', (text) => parseJson(`{"Id":9007199254740993,"Text":${JSON.stringify(text)}}`)],
  [
    'JSON with raw characters',
    (text) => parseJson(`{"Id":9007199254740993,"Text":"\t${JSON.stringify(text).slice(1)}}`),
  ],
  ['a number', (text) => parseJson(`{"Id":1${text}}`)],
  ['a number in a text', (text) => coerceNumber(`1${text}`, newNotes())],
  [
    'a mismatch of signatures',
    (text) => signatureMismatch(`server string to sign is:GET&SecurityToken=${text}`, { stringToSign: 'GET' }),
  ],
  ['an event', (text) => new EventStreamParser().push(new TextEncoder().encode(`data: ${text}\n\n`))],
];

/** Each takes half a second: one for each reader, and all of them with `LONG_TEXTS=all`. */
const partsOf = (reader: number): readonly string[] =>
  process.env.LONG_TEXTS === 'all' ? parts : parts.filter((_, i) => i === reader % parts.length);

describe.each(readers.map(([what, read], i) => [what, read, partsOf(i)] as const))('%s', (_what, read, these) => {
  it.each(these)('may be %j millions of times', (part) => {
    const text = part.repeat(length / part.length);
    expect(() => read(text)).not.toThrow(RangeError);
  });
});
