import { Readable } from 'node:stream';
import { EMPTY } from 'rxjs';
import { jobWriter, checkClient, type JobDraft } from '../../lib/bullmq/write-job.js';
import { fromTransfer } from '../../lib/bullmq/transfer.js';
import type { CallOptions, ClientOptions } from '../../lib/index.js';
import { accessKey, ConfigurationError, InvalidRequestError } from '../../lib/index.js';
import { untypedCall } from '../../lib/codec/untyped.js';
import { Runtime } from '../../lib/pipeline/runtime.js';
import type { AnyOperation } from '../../lib/service.js';
import { createInstance, describeInstances, describeRegions } from '../../lib/services/ecs.js';
import { detectFace } from '../../lib/services/facebody.js';

function write(
  operation: AnyOperation,
  request: unknown,
  options?: CallOptions,
  client: ClientOptions = { regionId: 'cn-hangzhou' },
): JobDraft {
  const runtime = new Runtime(client);
  const kind = { requiresAsync: false, codecs: 'tables', observe: 'body' } as const;
  return jobWriter(runtime)(runtime.contextOf({ operation, request, options }, kind));
}

function writeUntyped(request: object): JobDraft {
  const runtime = new Runtime({ regionId: 'cn-hangzhou' });
  const kind = { requiresAsync: false, codecs: 'untyped', observe: 'body' } as const;
  return jobWriter(runtime)(runtime.contextOf({ ...untypedCall(request as never), request }, kind));
}

function thrown(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}

describe('a call on its way to another process', () => {
  it('is its product, version and action, the request, and what was said for it', () => {
    const { request, options, ...head } = write(describeInstances, { PageSize: 5 }, { timeout: 3, tag: { tenant: 1 } });
    expect(head).toEqual({ v: 1, product: 'Ecs', version: '2014-05-26', action: 'DescribeInstances', safe: true });
    expect(fromTransfer(request)).toEqual({ PageSize: 5, RegionId: 'cn-hangzhou' });
    expect(fromTransfer(options)).toEqual({ timeout: 3, tag: { tenant: 1 }, regionId: 'cn-hangzhou' });
  });

  it('is the same JSON however it is written', () => {
    const draft = write(describeInstances, { PageSize: 5 }, { headers: { a: 'b' } });
    expect(JSON.parse(JSON.stringify(draft))).toEqual(draft);
  });

  it('has the ClientToken that makes it safe to repeat, and one of its own stands', () => {
    const { request, safe } = write(createInstance, { InstanceType: 't' });
    expect(fromTransfer(request)).toEqual({
      InstanceType: 't',
      RegionId: 'cn-hangzhou',
      ClientToken: expect.stringMatching(/.{16,}/) as unknown,
    });
    expect(safe).toBe(true);
    expect(write(createInstance, { InstanceType: 't', ClientToken: 'mine' }).request).toMatchObject({
      ClientToken: 'mine',
    });
    expect(write(createInstance, { InstanceType: 't' }, { query: { ClientToken: 'q' } }).request).toMatchObject({
      ClientToken: 'q',
    });
  });

  it('is not safe to repeat where it changes something and has no ClientToken', () => {
    const { request, safe } = write(createInstance, { InstanceType: 't' }, { retry: false });
    expect(request).not.toHaveProperty('ClientToken');
    expect(safe).toBe(false);
  });

  it.each([
    ['of the call', { RegionId: 'cn-beijing' }, { regionId: 'cn-shanghai' }, 'cn-shanghai'],
    ['of the request, before the client', { RegionId: 'cn-beijing' }, undefined, undefined],
    ['of the client', {}, undefined, 'cn-hangzhou'],
  ])('goes to the region %s', (_, request, options, regionId) => {
    const written = write(describeInstances, request, options).options;
    expect((written as { regionId?: string } | undefined)?.regionId).toBe(regionId);
  });

  it('takes along what was said for the client that may be said for a call, but not its endpoint', () => {
    const said = {
      connectTimeout: 1,
      readTimeout: 2,
      timeout: 3,
      retry: { maxAttempts: 2 },
      maxRetryAfter: 4,
      strict: true,
    };
    const client = { ...said, endpoint: 'http://127.0.0.1:1', credentials: accessKey('id', 'secret') };
    expect(write(describeRegions, {}, undefined, client).options).toEqual(said);
    expect(write(describeRegions, {}, { retry: false, endpoint: 'http://x' }, client).options).toEqual({
      ...said,
      retry: false,
      endpoint: 'http://x',
    });
    expect(JSON.stringify(write(describeRegions, {}, undefined, client))).not.toContain('secret');
  });

  it('may have the content of files', () => {
    const { request } = write(detectFace, { ImageURL: Uint8Array.of(1, 2) }, undefined, { regionId: 'cn-shanghai' });
    expect(fromTransfer(request)).toEqual({ ImageURL: Uint8Array.of(1, 2) });
  });

  it('may have no description but its own', () => {
    const request = { product: 'Ecs', version: '2014-05-26', action: 'DescribeZones', query: { A: [1] }, timeout: 5 };
    const draft = writeUntyped(request);
    expect(draft).toMatchObject({ product: 'Ecs', version: '2014-05-26', action: 'DescribeZones', safe: true });
    const { timeout, ...description } = request;
    expect(fromTransfer(draft.untyped)).toEqual(description);
    expect(draft.options).toEqual({ timeout, regionId: 'cn-hangzhou' });
    expect(draft.request).toBeUndefined();
    expect(writeUntyped({ ...request, action: 'RunInstances' }).safe).toBe(false);
    expect(writeUntyped({ ...request, action: 'RunInstances', query: { ClientToken: 't' } }).safe).toBe(true);
  });

  it.each<[what: string, request: object, options: CallOptions, path: string]>([
    ['credentials', {}, { credentials: accessKey('id', 'secret') }, 'credentials'],
    ['a policy of repetition', {}, { retry: () => 1 }, 'retry'],
    ['a policy among others', {}, { retry: { policy: () => 1 } }, 'retry.policy'],
    ['a function in a tag', {}, { tag: { list: [1, { log: () => 1 }] } }, 'tag.list[1].log'],
    ['an instance in a tag', {}, { tag: new Map() }, 'tag'],
    ['pieces of an answer', {}, { observe: 'stream' }, 'observe'],
    ['what becomes of it', {}, { observe: 'events' }, 'observe'],
  ])('is refused with %s, by its path', (_, request, options, path) => {
    const error = thrown(() => write(describeRegions, request, options));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ path });
    expect(String(error)).not.toContain('secret');
  });

  it.each<[what: string, content: unknown]>([
    ['a stream', Readable.from(['x'])],
    ['a web stream', new ReadableStream()],
    ['a Blob', new Blob(['x'])],
    [
      'what an async generator gives',
      (async function* () {
        yield await Promise.resolve('x');
      })(),
    ],
  ])('is refused with %s for a file, by its path', (_, content) => {
    const error = thrown(() => write(detectFace, { ImageURL: content }, undefined, { regionId: 'cn-shanghai' }));
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ issues: [{ path: 'ImageURL' }] });
  });

  it('is refused with what no description says, by its path', () => {
    const request = { product: 'Ecs', version: '2014-05-26', action: 'A', query: { Tag: [{ f: new Date(NaN) }] } };
    expect(thrown(() => writeUntyped(request))).toMatchObject({ issues: [{ path: 'query.Tag[0].f' }] });
  });

  it('is refused where the request does not fit, as ever', () => {
    expect(thrown(() => write(describeInstances, { PageSize: 'x' }))).toMatchObject({
      code: 'SDK.InvalidRequest',
      issues: [{ path: 'PageSize' }],
    });
    const self: Record<string, unknown> = {};
    self.Tag = [self];
    expect(thrown(() => write(describeInstances, self))).toMatchObject({ code: 'SDK.InvalidRequest' });
    expect(thrown(() => write({ ...describeRegions, responseType: 'events' }, {}))).toMatchObject({ path: 'observe' });
  });

  it('says of a client at once what can never travel', () => {
    expect(thrown(() => checkClient(new Runtime({ retry: () => 1 })))).toMatchObject({ path: 'retry' });
    expect(thrown(() => checkClient(new Runtime({ retry: { policy: () => 1 } })))).toMatchObject({
      path: 'retry.policy',
    });
    const transport = { send: () => EMPTY };
    expect(() => checkClient(new Runtime({ transport, interceptors: [(next) => next], timeout: 5 }))).not.toThrow();
  });
});
