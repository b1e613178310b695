import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { lastValueFrom, of, retry } from 'rxjs';
import { answer, answered, errorOf, MemoryTransport, operation, pipelineOver, sentFor } from './support.js';

const put = operation({ path: '/put', body: 'body=a', bodyType: 'bytes', header: 'x-acs-h:s' });
const bytes = new Uint8Array([0, 255, 10, 13, 128]);

describe('a body of bytes', () => {
  it.each<[what: string, content: unknown, sent: string | Uint8Array]>([
    ['a string', 'é {}', 'é {}'],
    ['an empty string', '', ''],
    ['a Uint8Array', bytes, bytes],
    ['a part of a larger array', new Uint8Array([1, ...bytes, 1]).subarray(1, 6), bytes],
    ['an ArrayBuffer', bytes.buffer, bytes],
    ['a Blob', new Blob([bytes]), bytes],
  ])('is sent as it is, and hashed: %s', async (_what, content, sent) => {
    const request = await sentFor(put, { body: content });
    expect(request.body).toEqual(sent);
    expect(request.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-acs-content-sha256': createHash('sha256').update(sent).digest('hex'),
    });
  });

  it('may be left out', async () => {
    const request = await sentFor(put, {});
    expect(request.body).toBeUndefined();
    expect(request.headers).not.toHaveProperty('content-type');
  });

  it.each([
    [{ a: 1 }, 'an object'],
    [[1], 'an array of 1'],
    [7, 'a number'],
  ])('is nothing else: %j', async (content, received) => {
    const error = await errorOf(pipelineOver(new MemoryTransport()).call(put, { body: content }));
    expect(error.message).toBe(
      `DescribeZones was not sent. Expected \`body\` to be a string, a Uint8Array, an ArrayBuffer, a Blob or a stream of bytes, got ${received}`,
    );
  });

  it('is refused where a Blob can not be read', async () => {
    const unreadable = { arrayBuffer: () => Promise.reject(new Error('gone')) };
    const error = await errorOf(pipelineOver(new MemoryTransport()).call(put, { body: unreadable }));
    expect(error).toMatchObject({ code: 'SDK.Unexpected', message: 'gone' });
  });
});

async function* generated(...pieces: readonly unknown[]): AsyncGenerator<unknown> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

describe('a body that is a stream', () => {
  it.each<[what: string, stream: () => unknown]>([
    ['a Readable', () => Readable.from([Buffer.from(bytes.subarray(0, 2)), Buffer.from(bytes.subarray(2))])],
    ['a web stream', () => new Blob([bytes]).stream()],
    ['a web stream that can not be iterated', () => ({ getReader: () => new Blob([bytes]).stream().getReader() })],
    ['an async generator', () => generated(bytes.subarray(0, 3), new Uint8Array(), bytes.subarray(3))],
  ])('is read whole, hashed, and sent: %s', async (_what, stream) => {
    const request = await sentFor(put, { body: stream() });
    expect(request.body).toEqual(bytes);
    expect(request.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-acs-content-sha256': createHash('sha256').update(bytes).digest('hex'),
    });
  });

  it('may be of text, and may be empty', async () => {
    expect((await sentFor(put, { body: Readable.from(['é', 'è']) })).body).toEqual(new TextEncoder().encode('éè'));
    expect((await sentFor(put, { body: generated() })).body).toEqual(new Uint8Array());
  });

  it('is not read before the call is made, and refused when it is made again', async () => {
    const transport = new MemoryTransport(() => [answer('{"Code":"Throttling"}', 429)]);
    const stream = Readable.from([Buffer.from(bytes)]);
    const call$ = pipelineOver(transport).call(put, { body: stream });
    expect(stream.readableDidRead).toBe(false);
    const error = await errorOf(call$.pipe(retry(1)));
    expect(error).toMatchObject({
      code: 'SDK.InvalidRequest',
      message:
        'DescribeZones was not sent. Expected `body` to be a stream that has not been read, got one that an earlier call has read',
    });
    expect(transport.sent.map(({ body }) => body)).toEqual([bytes]);
  });

  it.each<[what: string, stream: unknown, expected: object]>([
    [
      'gives other things',
      generated(bytes, { a: 1 }),
      {
        code: 'SDK.InvalidRequest',
        message: 'DescribeZones was not sent. Expected `body` to be a stream of bytes, got one of other things',
      },
    ],
    [
      'breaks',
      Readable.from(
        (function* () {
          yield Buffer.from(bytes);
          throw new Error('gone');
        })(),
      ),
      { code: 'SDK.Unexpected', message: 'gone' },
    ],
  ])('sends nothing where it %s', async (_what, stream, expected) => {
    const transport = new MemoryTransport();
    expect(await errorOf(pipelineOver(transport).call(put, { body: stream }))).toMatchObject(expected);
    expect(transport.sent).toEqual([]);
  });

  it('counts to the timeout, and is left when the call ends', async () => {
    const endless = new Readable({ read: () => undefined });
    const call$ = pipelineOver(new MemoryTransport(), { timeout: 5 }).call(put, { body: endless });
    expect(await errorOf(lastValueFrom(call$))).toMatchObject({ code: 'SDK.Timeout' });
    endless.push(bytes);
    while (!endless.destroyed) await new Promise(setImmediate);
  });
});

describe('a response of bytes', () => {
  const get = operation({ responseType: 'bytes' });

  it('is asked for, and given as it came', async () => {
    expect((await sentFor(get)).responseType).toBe('bytes');
    expect((await sentFor(operation())).responseType).toBeUndefined();
    expect((await answered(get, { ...answer(''), bytes })).body).toEqual(bytes);
  });

  it('is made of text where a transport gives nothing else', async () => {
    expect((await answered(get, answer('é'))).body).toEqual(new TextEncoder().encode('é'));
  });

  it('is an error where the server refuses', async () => {
    const refusal = new TextEncoder().encode('{"Code":"NoSuchFunction","Message":"é"}');
    const transport = new MemoryTransport(() => of({ ...answer('', 404), bytes: refusal }));
    expect(await errorOf(pipelineOver(transport).call(get, {}))).toMatchObject({
      code: 'NoSuchFunction',
      message: 'é',
      rawBody: '{"Code":"NoSuchFunction","Message":"é"}',
    });
  });
});

describe('a path', () => {
  it('may have a query in it', async () => {
    const called = operation({ method: 'GET', path: '/a/{B}?acl&type=x%20y', query: 'q:s' });
    expect((await sentFor(called, { B: 'b?', q: '1' })).url).toBe(
      'https://ecs.cn-hangzhou.aliyuncs.com/a/b%3F?acl=&q=1&type=x%20y',
    );
  });
});

describe('a form that is one field', () => {
  it("does not repeat the field's name", async () => {
    const called = operation({ body: 'Config=a', bodyType: 'form' });
    const sent = await sentFor(called, { Config: { A: ['x', 'y'], B: { C: 1 } } });
    expect(sent.body).toBe('A.1=x&A.2=y&B.C=1');
  });
});
