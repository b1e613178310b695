import { createHash } from 'node:crypto';
import { of } from 'rxjs';
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
    [[1], 'an array'],
    [7, 'a number'],
  ])('is nothing else: %j', async (content, received) => {
    const error = await errorOf(pipelineOver(new MemoryTransport()).call(put, { body: content }));
    expect(error.message).toBe(
      `DescribeZones was not sent. Expected \`body\` to be a string, a Uint8Array, an ArrayBuffer or a Blob, got ${received}`,
    );
  });

  it('is refused where a Blob can not be read', async () => {
    const unreadable = { arrayBuffer: () => Promise.reject(new Error('gone')) };
    const error = await errorOf(pipelineOver(new MemoryTransport()).call(put, { body: unreadable }));
    expect(error).toMatchObject({ code: 'SDK.Unexpected', message: 'gone' });
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
