import { createHash } from 'node:crypto';
import { lastValueFrom, NEVER, of, toArray } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import type { Operation } from '../../lib/service.js';
import type { HttpRequest, Transport } from '../../lib/transport/transport.js';
import { errorOf } from '../pipeline/support.js';
import { mediaEmulator, scan, type Scan } from './support/media.js';
import { keys } from './support/signer.js';

const image = Uint8Array.from({ length: 10_000 }, (_, index) => (index * 7) % 256);

describe('a call with a file', () => {
  let emulator: Emulator;
  let sent: HttpRequest[];

  beforeEach(() => {
    emulator = mediaEmulator();
    emulator.handle(scan, ({ request }) => ({
      Seen: [request.ImageURL, ...(request.Masks ?? []).map((mask) => mask.URL)].map(String),
    }));
    sent = [];
  });

  function client(options: ClientOptions = {}, change = (request: HttpRequest) => request): AlicloudClient {
    const { transport } = emulator;
    const watched: Transport = {
      ...transport,
      send: (request) => {
        sent.push(request);
        return transport.send(change(request));
      },
    };
    return new AlicloudClient({
      regionId: 'cn-shanghai',
      credentials: accessKey(keys.accessKeyId, keys.accessKeySecret),
      transport: watched,
      ...options,
    });
  }

  const hosts = (): string[] => sent.map(({ url }) => new URL(url).host);
  const stored = (url = ''): string =>
    createHash('sha1')
      .update(emulator.objects.get(url) ?? '')
      .digest('hex');
  const hashOf = (bytes: Uint8Array): string => createHash('sha1').update(bytes).digest('hex');

  it('is authorised, uploaded and made with the URL; the progress is told, and then the response', async () => {
    const events = await lastValueFrom(
      client().call(scan, { ImageURL: image, Level: 1 }, { observe: 'events' }).pipe(toArray()),
    );
    const total = sent[1]?.body?.length ?? 0;
    expect(total).toBeGreaterThan(image.length);
    const { kind, body } = events.pop() as { kind: string; body: { Seen: string[] } };
    expect(events).toEqual([
      { kind: 'uploadProgress', field: 'ImageURL', loaded: 0, total },
      { kind: 'uploadProgress', field: 'ImageURL', loaded: total, total },
    ]);
    expect(kind).toBe('response');
    expect(stored(body.Seen[0])).toBe(hashOf(image));
    expect(hosts()).toEqual([
      'openplatform.aliyuncs.com',
      'viapi-customer-temp.oss-cn-shanghai.aliyuncs.com',
      'media.cn-shanghai.aliyuncs.com',
    ]);
    const authorisation = new URL(sent[0]!.url).searchParams;
    expect(Object.fromEntries(authorisation)).toEqual({ Product: 'media', RegionId: 'cn-shanghai' });
  });

  it('gives the response alone where it is made like any other, and takes a Blob', async () => {
    const { Seen } = await lastValueFrom(client().call(scan, { ImageURL: new Blob([image]) }));
    expect(stored(Seen?.[0])).toBe(hashOf(image));
    const full = await lastValueFrom(client().call(scan, { ImageURL: image.buffer }, { observe: 'response' }));
    expect(full.status).toBe(200);
    expect(stored(full.body.Seen?.[0])).toBe(hashOf(image));
  });

  it('uploads each file, within arrays too, and leaves URLs and the request as they are', async () => {
    const request: Scan = {
      ImageURL: 'https://example.com/a.png',
      Masks: [{ Name: 'one', URL: image }, { URL: 'https://example.com/b.png' }, { URL: image.slice(1) }],
    };
    const events = await lastValueFrom(client().call(scan, request, { observe: 'events' }).pipe(toArray()));
    const fields = events.flatMap((event) => (event.kind === 'uploadProgress' ? [event.field] : []));
    expect([...new Set(fields)]).toEqual(['Masks[0].URL', 'Masks[2].URL']);
    const last = events.at(-1);
    const seen = (last?.kind === 'response' ? last.body.Seen : undefined) ?? [];
    expect([seen[0], seen[2]]).toEqual(['https://example.com/a.png', 'https://example.com/b.png']);
    expect([stored(seen[1]), stored(seen[3])]).toEqual([hashOf(image), hashOf(image.slice(1))]);
    expect(request.Masks?.[0]?.URL).toBe(image);
  });

  it('may have a path, with the URL in its JSON', async () => {
    const upload = { ...scan.upload!, fields: ['Items[].URL'] };
    const tables = { path: '/scans/{Id}', body: 'Items:[{URL:s}]', response: '{RequestId:s}', upload } as const;
    const roa: Operation<object, object> = { service: scan.service, action: 'ScanAll', ...tables };
    await errorOf(client().call(roa, { Id: 'a/b', Items: [{ URL: image }, { URL: 'https://here/' }] }));
    const { url, body } = sent.at(-1)!;
    expect(new URL(url).pathname).toBe('/scans/a%2Fb');
    const { Items } = JSON.parse(String(body)) as { Items: { URL: string }[] };
    expect(stored(Items[0]?.URL)).toBe(hashOf(image));
    expect(Items[1]).toEqual({ URL: 'https://here/' });
  });

  it('uploads nothing where there is nothing to', async () => {
    await lastValueFrom(client().call(scan, { ImageURL: 'https://example.com/a.png' }));
    expect(hosts()).toEqual(['media.cn-shanghai.aliyuncs.com']);
  });

  it('is checked before anything is sent', async () => {
    const error = await errorOf(client().call(scan, { ImageURL: image, Level: 'high' } as never));
    expect(error.message).toBe(
      'Scan was not sent. Expected `Level` to be a number (a bigint beyond 2^53), got the string "high"',
    );
    expect(sent).toEqual([]);
  });

  it("has the upload's own host, whatever the call's is", async () => {
    await lastValueFrom(client({ endpoint: 'http://media.example.com' }).call(scan, { ImageURL: image }));
    const endpoints = { OpenPlatform: { prefix: 'openplatform-2' } };
    await lastValueFrom(client({ endpoints }).call(scan, { ImageURL: image }));
    expect([hosts()[0], hosts()[2], hosts()[3]]).toEqual([
      'openplatform.aliyuncs.com',
      'media.example.com',
      'openplatform-2.aliyuncs.com',
    ]);
  });

  it('shows no leave to upload in an error, though the storage sends it back', async () => {
    const { transport } = emulator;
    let form = '';
    const echoing: Transport = {
      send(request) {
        if (!(request.body instanceof Uint8Array)) return transport.send(request);
        form = Buffer.from(request.body).toString();
        return of({ status: 403, headers: {}, body: `<Error><Code>Denied</Code><Message>${form}</Message></Error>` });
      },
    };
    const error = await errorOf(client({ transport: echoing }).call(scan, { ImageURL: new Uint8Array(3) }));
    expect(error.code).toBe('Denied');
    for (const name of ['policy', 'Signature']) {
      const value = new RegExp(`name="${name}"\r\n\r\n(.*)\r\n`).exec(form)?.[1] ?? '';
      expect(value.length).toBeGreaterThan(20);
      expect(JSON.stringify(error)).not.toContain(value);
    }
  });

  it('fails with the error of the storage', async () => {
    const spoilt = (request: HttpRequest): HttpRequest =>
      request.body instanceof Uint8Array
        ? {
            ...request,
            body: Buffer.from(Buffer.from(request.body).toString('latin1').replace('upload/', 'others/'), 'latin1'),
          }
        : request;
    const error = await errorOf(client({}, spoilt).call(scan, { ImageURL: image }));
    expect(error).toMatchObject({ kind: 'server', code: 'AccessDenied', status: 403, action: 'PostObject' });
    expect(emulator.objects.size).toBe(0);
  });

  it('fails where it is not authorised, and uploads nothing', async () => {
    const error = await errorOf(
      client({ credentials: accessKey(keys.accessKeyId, 'wrong') }).call(scan, { ImageURL: image }),
    );
    expect(error).toMatchObject({ code: 'SignatureDoesNotMatch', action: 'AuthorizeFileUpload' });
    expect(sent).toHaveLength(1);
  });

  it('times out where the upload stands still', async () => {
    const { transport } = emulator;
    const stuck: Transport = {
      send: (request) => (request.body instanceof Uint8Array ? NEVER : transport.send(request)),
    };
    const error = await errorOf(client({ transport: stuck, timeout: 5 }).call(scan, { ImageURL: image }));
    expect(error).toMatchObject({ code: 'SDK.Timeout', action: 'Scan', timeout: 5 });
  });

  it('goes through the pool, with its progress', async () => {
    const pooled = client({ enableAsync: true, poolSize: 1 });
    const kinds = await lastValueFrom(pooled.call(scan, { ImageURL: image }, { observe: 'events' }).pipe(toArray()));
    expect(kinds.map(({ kind }) => kind)).toEqual(['uploadProgress', 'uploadProgress', 'response']);
    const [responses] = pooled.callWithChan(scan, { ImageURL: image });
    expect((await responses.receive())?.Seen).toHaveLength(1);
    pooled.shutdown();
  });
});
