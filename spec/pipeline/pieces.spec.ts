import { concat, lastValueFrom, map, NEVER, of, type Observable, toArray } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { HttpHead, Transport } from '../../lib/transport/transport.js';
import { answer, errorOf, MemoryTransport, operation, pipelineOver, timedOut } from './support.js';

const get = operation({ action: 'GetFile', responseType: 'bytes' });
const head: HttpHead = { status: 200, headers: { 'content-type': 'application/octet-stream' } };
const [one, two] = [Uint8Array.of(1), Uint8Array.of(2, 3)];

function streaming(parts: Observable<HttpHead | Uint8Array>): Transport {
  return { send: () => NEVER, stream: () => parts };
}

function call(parts: Observable<HttpHead | Uint8Array>, timeout = 0): Observable<unknown> {
  return pipelineOver(streaming(parts), { timeout }).call(get, {}, { observe: 'stream' });
}

describe('a response that is wanted as it comes', () => {
  it('is its pieces, as they are', async () => {
    const attempts = [expect.objectContaining({ number: 1, status: 200 })];
    expect(await lastValueFrom(call(of(head, one, two)).pipe(toArray()))).toEqual([
      { kind: 'chunk', body: one, ...head, attempts },
      { kind: 'chunk', body: two, ...head, attempts },
    ]);
  });

  it('is nothing where there is no body', async () => {
    expect(await lastValueFrom(call(of(head)).pipe(toArray()))).toEqual([]);
  });

  it('has to begin in time, and may then take its time', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ cold, expectObservable }) => {
      const bodies = (marbles: string): Observable<unknown> =>
        call(cold<HttpHead | Uint8Array>(marbles, { h: head, o: one }), 3).pipe(
          map((response) => (response as { body: unknown }).body),
        );
      expectObservable(bodies('--h-------o---o|')).toBe('----------o---o|', { o: one });
      expectObservable(bodies('-----h|')).toBe('---#', undefined, timedOut('GetFile', 3));
    });
  });

  it.each<[what: string, called: () => unknown, expected: object]>([
    [
      'a refusal, in pieces',
      () => call(concat(of({ ...head, status: 404 }), of(Buffer.from('{"Code":"No'), Buffer.from('File"}')))),
      { kind: 'server', code: 'NoFile', status: 404, action: 'GetFile' },
    ],
    ['nothing at all', () => call(of()), { code: 'SDK.NetworkError' }],
    [
      'a transport that can not stream',
      () => pipelineOver(new MemoryTransport(() => [answer('')])).call(get, {}, { observe: 'stream' }),
      {
        message:
          'Expected `transport` to be an object with a method `stream`, as the response is wanted as it comes, got one without',
      },
    ],
    [
      'an operation that gives something else',
      () => pipelineOver(streaming(of(head))).call(operation(), {}, { observe: 'stream' }),
      {
        message:
          "Expected `observe` to be 'body' or 'response', as the answer to DescribeZones is not bytes, got 'stream'",
      },
    ],
  ])('is a typed error after %s', async (_what, called, expected) => {
    expect(await errorOf(called as () => Observable<unknown>)).toMatchObject(expected);
  });
});
