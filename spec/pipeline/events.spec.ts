import type { AlicloudError } from '../../lib/errors.js';
import { concat, finalize, from, lastValueFrom, map, NEVER, of, throwError, toArray, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { CallOptions } from '../../lib/call-options.js';
import { NetworkError } from '../../lib/errors.js';
import type { FullResponse } from '../../lib/http-event.js';
import type { HttpHead, Transport } from '../../lib/transport/transport.js';
import { answer, errorOf, MemoryTransport, operation, pipelineOver, timedOut, withoutCall } from './support.js';

const chat = operation({ action: 'Chat', response: '{Text:s,Count:n}', responseType: 'events' });
const head: HttpHead = { status: 200, headers: { 'content-type': 'text/event-stream' } };

function streaming(parts: Observable<HttpHead | Uint8Array>): { transport: Transport; open: () => number } {
  let open = 0;
  const stream = (): Observable<HttpHead | Uint8Array> => {
    open++;
    return parts.pipe(finalize(() => open--));
  };
  return { transport: { ...new MemoryTransport(), send: () => NEVER, stream }, open: () => open };
}

function pieces(...texts: readonly string[]): Observable<Uint8Array> {
  return from(texts.map((text) => new TextEncoder().encode(text)));
}

const call = (
  parts: Observable<HttpHead | Uint8Array>,
  timeout = 0,
  options: CallOptions = {},
): Observable<FullResponse<unknown>> => pipelineOver(streaming(parts).transport, { timeout }).call(chat, {}, options);

const bodiesOf = (response$: Observable<FullResponse<unknown>>): Promise<unknown[]> =>
  lastValueFrom(
    response$.pipe(
      map(({ body }) => body),
      toArray(),
    ),
  );

describe('an operation that answers with events', () => {
  it('emits each, decoded, with what the server says of it', async () => {
    const parts = concat(of(head), pieces('id: 1\nevent: add\ndata: {"Text":"a","Cou', 'nt":"2"}\n\n', 'data: {}\n\n'));
    const attempts = [expect.objectContaining({ number: 1, status: 200 })];
    expect(await lastValueFrom(call(parts).pipe(toArray()))).toEqual([
      { kind: 'chunk', body: { Text: 'a', Count: 2 }, ...head, attempts, event: { type: 'add', id: '1' } },
      { kind: 'chunk', body: {}, ...head, attempts, event: { type: 'message', id: '1' } },
    ]);
  });

  it('emits an event before the next one comes, and ends its request when it is unsubscribed from', () => {
    const { transport, open } = streaming(concat(of(head), pieces('data: {"Text":"a"}\n\n'), NEVER));
    const seen: unknown[] = [];
    const subscription = pipelineOver(transport)
      .call(chat, {})
      .subscribe(({ body }) => seen.push(body));
    expect([seen, open()]).toEqual([[{ Text: 'a' }], 1]);
    subscription.unsubscribe();
    expect(open()).toBe(0);
  });

  it('completes without an event where none came', async () => {
    expect(await lastValueFrom(call(of(head)).pipe(toArray()))).toEqual([]);
  });

  it('has to begin in time, and may then take its time', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ cold, expectObservable }) => {
      const values = { h: head, e: new TextEncoder().encode('data: {"Text":"a"}\n\n') };
      const begins = (marbles: string): Observable<unknown> =>
        call(cold<HttpHead | Uint8Array>(marbles, values), 3).pipe(
          map((response) => (response as { body: unknown }).body),
        );
      expectObservable(begins('--h-------e---e|')).toBe('----------a---a|', { a: { Text: 'a' } });
      const error = timedOut('Chat', 3);
      expectObservable(begins('-----h|')).toBe('---#', undefined, error);
    });
  });

  it.each<[what: string, parts: Observable<HttpHead | Uint8Array>, expected: object]>([
    [
      'a refusal',
      concat(of({ ...head, status: 400 }), pieces('{"Code":"Throttling.User",', '"Message":"slow down"}')),
      { kind: 'server', code: 'Throttling.User', message: 'slow down', status: 400 },
    ],
    [
      'JSON in the place of events',
      concat(of({ status: 200, headers: { 'content-type': 'application/json' } }), pieces('{"a":1}')),
      {
        code: 'SDK.InvalidResponse',
        message: 'The answer to Chat, status 200, is no stream of events (application/json)',
        rawBody: '{"a":1}',
      },
    ],
    ['nothing at all', from([]), { code: 'SDK.NetworkError' }],
    [
      'a broken connection',
      concat(
        of(head),
        throwError(() => new NetworkError('broken', 'https://a')),
      ),
      { code: 'SDK.NetworkError', message: 'broken' },
    ],
  ])('ends in a typed error after %s', async (_what, parts, expected) => {
    expect(await errorOf(call(parts))).toMatchObject(expected);
  });

  it('gives the data as it is where it is described as a text', async () => {
    const said = operation({ response: 's', responseType: 'events' });
    const { transport } = streaming(concat(of(head), pieces('data: {"a":\ndata: 1}\n\ndata: [DONE]\n\n')));
    const bodies$ = pipelineOver(transport)
      .call(said, {})
      .pipe(
        map(({ body }) => body),
        toArray(),
      );
    expect(await lastValueFrom(bodies$)).toEqual(['{"a":\n1}', '[DONE]']);
  });

  it.each<[what: string, data: string, message: string]>([
    [
      'data that is not JSON',
      'ping',
      'The answer to Chat, status 200, is not JSON (text/event-stream, 4 characters, beginning "ping")',
    ],
    [
      'data that does not fit',
      '{"Text":["b"]}',
      'The answer to Chat, status 200, does not fit its description: `Text` should be a string and is an array of 1',
    ],
  ])(
    'ends in a typed error after %s where that is asked for, and keeps what came before',
    async (_what, data, message) => {
      const seen: unknown[] = [];
      const parts = concat(of(head), pieces(`data: {"Text":"a"}\n\ndata: ${data}\n\n`), NEVER);
      const error = await new Promise((resolve) =>
        call(parts, 0, { strict: true }).subscribe({ next: ({ body }) => seen.push(body), error: resolve }),
      );
      expect(withoutCall(error as AlicloudError)).toMatchObject({ code: 'SDK.InvalidResponse', message });
      expect(seen).toEqual([{ Text: 'a' }]);
    },
  );

  it('hands on what is not what was described, and goes on', async () => {
    const parts = concat(of(head), pieces('data: ping\n\ndata: {"Text":["b"],"Count":"1"}\n\ndata: {"Count":"2"}\n\n'));
    expect(await bodiesOf(call(parts))).toEqual(['ping', { Text: ['b'], Count: 1 }, { Count: 2 }]);
  });

  it.each<[what: string, text: string]>([
    ['an event without data', 'event: ping\n\n'],
    ['empty data', 'event: ping\ndata\n\n'],
    ['blank data', 'data:   \n\n'],
    ['two empty lines of data', 'data:\ndata:\n\n'],
    ['a comment', ': ping\n\n'],
  ])('takes for a heartbeat, and not for an event: %s', async (_what, text) => {
    const parts = concat(of(head), pieces(text, 'data: {"Text":"a"}\n\n', text));
    expect(await bodiesOf(call(parts, 0, { strict: true }))).toEqual([{ Text: 'a' }]);
  });

  it.each(['[DONE]', ' [DONE] '])('ends with %j, and closes its connection', async (mark) => {
    const { transport, open } = streaming(
      concat(of(head), pieces('data: {"Text":"a"}\n\n', `data: ${mark}\n\ndata: {"Text":"b"}\n\n`), NEVER),
    );
    expect(await bodiesOf(pipelineOver(transport).call(chat, {}, { strict: true }))).toEqual([{ Text: 'a' }]);
    expect(open()).toBe(0);
  });

  it.each(['data: {"Text":"b"}', 'data: {"Text":"b"}\n', 'data: {"Text":\r\ndata: "b"}\r'])(
    'gives the last event where the stream ends with %j',
    async (last) => {
      const parts = concat(of(head), pieces(`data: {"Text":"a"}\n\n${last}`));
      expect(await bodiesOf(call(parts))).toEqual([{ Text: 'a' }, { Text: 'b' }]);
    },
  );

  it('does not give an event that a broken connection has cut', async () => {
    const seen: unknown[] = [];
    const broken = new NetworkError('broken', 'https://a');
    const parts = concat(
      of(head),
      pieces('data: {"Text":"a"}\n\ndata: {"Text":"b"}\n'),
      throwError(() => broken),
    );
    const error = await new Promise((resolve) =>
      call(parts).subscribe({ next: ({ body }) => seen.push(body), error: resolve }),
    );
    expect([seen, error]).toEqual([[{ Text: 'a' }], broken]);
  });

  describe('and a maxResponseSize', () => {
    const limit = 100;
    const eventOf = (length: number): string => `data: ${JSON.stringify({ Text: 'x'.repeat(length - 11) })}\n\n`;
    const limited = (parts: Observable<HttpHead | Uint8Array>): Observable<FullResponse<unknown>> =>
      pipelineOver(streaming(parts).transport, { maxResponseSize: limit }).call(chat, {});

    it('may go on for longer', async () => {
      const many = Array.from({ length: 50 }, () => eventOf(limit)).join('');
      expect(
        await bodiesOf(limited(concat(of(head), pieces(many, ...many), pieces(': ping\n'.repeat(1000))))),
      ).toHaveLength(100);
    });

    it.each<[what: string, ...parts: string[]]>([
      ['as a whole', eventOf(limit + 1)],
      ['in pieces', ...eventOf(limit + 1)],
      ['in lines', ...Array<string>(limit + 1).fill('data: 1\n')],
      ['without an end', 'data: ' + 'x'.repeat(limit + 1)],
      ['in a line that nobody reads', ': ' + 'x'.repeat(limit + 6)],
      ['at its end', eventOf(limit + 1).trimEnd()],
    ])('has no event that is longer: %s', async (_what, ...parts) => {
      const seen: unknown[] = [];
      const error = await new Promise((resolve) =>
        limited(concat(of(head), pieces(eventOf(limit) + (parts[0] ?? ''), ...parts.slice(1)))).subscribe({
          next: ({ body }) => seen.push(body),
          error: resolve,
          complete: () => resolve('an end'),
        }),
      );
      expect(error).toMatchObject({ code: 'SDK.ResponseTooLarge' });
      expect(seen).toHaveLength(1);
    });

    it('has no other answer that is longer', async () => {
      const refusal = concat(of({ ...head, status: 400 }), pieces('{"Code":"X","Message":"', ...'x'.repeat(limit)));
      expect(await errorOf(limited(refusal))).toMatchObject({ code: 'SDK.ResponseTooLarge' });
    });
  });

  it('needs a transport that can stream', async () => {
    const error = await errorOf(pipelineOver(new MemoryTransport(() => [answer('{}')])).call(chat, {}));
    expect(error.message).toBe(
      'Expected `transport` to be an object with a method `stream`, as the operation answers with events, got one without',
    );
  });
});
