import fc from 'fast-check';
import { EventStreamParser } from '../../lib/codec/event-stream.js';
import type { ServerSentEvent } from '../../lib/http-event.js';

function parse(...chunks: readonly (string | Uint8Array)[]): ServerSentEvent[] {
  const parser = new EventStreamParser();
  return [
    ...chunks.flatMap((chunk) => parser.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)),
    ...parser.end(),
  ];
}

const dataOf = (...chunks: readonly string[]): string[] => parse(...chunks).map(({ data }) => data);

describe('a stream of events', () => {
  it.each<[stream: string, data: string[]]>([
    ['data: a\n\n', ['a']],
    ['data:a\n\n', ['a']],
    ['data:  a \n\n', [' a ']],
    ['data\n\n', ['']],
    ['data:\ndata:\n\n', ['\n']],
    ['data: a\ndata: b\n\n', ['a\nb']],
    ['data: a\r\ndata: b\r\n\r\n', ['a\nb']],
    ['data: a\rdata: b\r\r', ['a\nb']],
    ['data: a\n\r\ndata: b\r\n\n', ['a', 'b']],
    ['data: a:b\n\n', ['a:b']],
    ['data: a\n\n\n\ndata: b\n\n', ['a', 'b']],
    [': comment\ndata: a\n:\n\n', ['a']],
    ['Data: a\ndatum: b\n data: c\n\n', []],
    ['event: x\nid: 1\n\ndata: a\n\n', ['a']],
    ['\ufeffdata: a\n\n', ['a']],
    ['\ufeff\ufeffdata: a\n\ndata: b\n\n', ['b']],
    ['data: a\n\ndata: last', ['a', 'last']],
    ['data: a\n\ndata: last\n', ['a', 'last']],
    ['data: a\n\ndata: la\r\ndata: st\r', ['a', 'la\nst']],
    ['data: a\n\nevent: x\nid: 1\n: none', ['a']],
    ['data: a\n\ndata', ['a', '']],
    ['data: a\n\ndat', ['a']],
    ['data', ['']],
    ['', []],
  ])('%j has the data %j', (stream, data) => {
    expect(dataOf(stream)).toEqual(data);
  });

  it('says what each event is called, and which id is the last', () => {
    expect(parse('event: add\nid: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: x\0y\nevent\ndata: d\n\n')).toEqual([
      { data: 'a', type: 'add', id: '1' },
      { data: 'b', type: 'message', id: '1' },
      { data: 'c', type: 'message', id: '' },
      { data: 'd', type: 'message', id: '' },
    ]);
  });

  it('says how long to wait where that is a number', () => {
    expect(
      parse('retry: 100\ndata: a\n\nretry: 1s\ndata: b\n\nretry: -1\ndata: c\n\n').map(({ retry }) => retry),
    ).toEqual([100, undefined, undefined]);
  });

  it('keeps of what has come no more than the event that has not ended', () => {
    const parser = new EventStreamParser();
    const pendingAfter = (text: string): number => {
      parser.push(new TextEncoder().encode(text));
      return parser.pending;
    };
    expect([
      pendingAfter('data: 12345\n\n'),
      pendingAfter('data: 123\ndata: 4567\n: comment\nother: x\n'),
      pendingAfter('data: 89'),
      pendingAfter('\n\n'),
    ]).toEqual([0, 7, 9, 0]);
  });

  it('has a last event whose last character was cut', () => {
    expect(parse(new Uint8Array([...new TextEncoder().encode('data: a'), 0xe6]))).toMatchObject([{ data: 'a\ufffd' }]);
  });

  it('gives an event as soon as the line that ends it is there', () => {
    const parser = new EventStreamParser();
    const push = (text: string): string[] => parser.push(new TextEncoder().encode(text)).map(({ data }) => data);
    expect([push('data: a\n'), push('\n'), push('data: b\r'), push('\r'), push('\ndata: c\r\n\r'), push('\n')]).toEqual(
      [[], ['a'], [], ['b'], ['c'], []],
    );
  });

  it('is the same however it is cut, within characters too', () => {
    const line = fc.oneof(
      fc
        .tuple(fc.constantFrom('data', 'event', 'id', 'retry', '', 'other'), fc.constantFrom(':', ': ', ''), text())
        .map((parts) => parts.join('')),
      fc.constant(''),
    );
    const stream = fc
      .tuple(fc.constantFrom('', '\ufeff'), fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'))))
      .map(([mark, lines]) => mark + lines.flat().join(''));
    fc.assert(
      fc.property(stream, fc.infiniteStream(fc.integer({ min: 0, max: 5 })), (whole, sizes) => {
        const bytes = new TextEncoder().encode(whole);
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < bytes.length;) {
          const size = sizes.next().value as number;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(parse(...chunks)).toEqual(parse(bytes));
      }),
    );
  });

  it('is what was written', () => {
    const event = fc.record({
      data: fc.array(text(), { minLength: 1 }).map((lines) => lines.join('\n')),
      type: text().filter((type) => type !== ''),
      id: text().filter((id) => !id.includes('\0')),
    });
    fc.assert(
      fc.property(fc.array(event), fc.constantFrom('\n', '\r\n', '\r'), (events, end) => {
        const written = events.map(({ data, type, id }) =>
          [...data.split('\n').map((line) => `data: ${line}`), `event: ${type}`, `id: ${id}`, '', ''].join(end),
        );
        expect(parse(written.join(''))).toEqual(events);
      }),
    );
  });
});

/** Of one line. */
function text(): fc.Arbitrary<string> {
  return fc.string({ unit: 'grapheme', maxLength: 8 }).map((value) => value.replace(/[\r\n]/g, ''));
}
