import { concat, finalize, from, lastValueFrom, map, NEVER, of, throwError, toArray, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { NetworkError } from '../../lib/errors.js';
import type { HttpHead, Transport } from '../../lib/transport/transport.js';
import { answer, errorOf, MemoryTransport, operation, pipelineOver, timedOut, preloadFeatures } from './support.js';

beforeAll(preloadFeatures);

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

const call = (parts: Observable<HttpHead | Uint8Array>, timeout = 0): Observable<unknown> =>
  pipelineOver(streaming(parts).transport, { timeout }).call(chat, {});

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
    ['data that is not JSON', concat(of(head), pieces('data: [DONE\n\n')), { code: 'SDK.InvalidResponse' }],
    ['data that does not fit', concat(of(head), pieces('data: {"Text":{}}\n\n')), { code: 'SDK.InvalidResponse' }],
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

  it('keeps the events that came before an error', async () => {
    const seen: unknown[] = [];
    const parts = concat(of(head), pieces('data: {"Text":"a"}\n\ndata: x\n\n'));
    await new Promise((resolve) => call(parts).subscribe({ next: (event) => seen.push(event), error: resolve }));
    expect(seen).toHaveLength(1);
  });

  it('needs a transport that can stream', async () => {
    const error = await errorOf(pipelineOver(new MemoryTransport(() => [answer('{}')])).call(chat, {}));
    expect(error.message).toBe(
      'Expected `transport` to be an object with a method `stream`, as the operation answers with events, got one without',
    );
  });
});
