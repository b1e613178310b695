import { firstValueFrom, lastValueFrom, of, toArray } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { UploadProgress } from '../../lib/http-event.js';
import type { UploadAuthorization } from '../../lib/pipeline/upload-files.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import { errorOf } from '../pipeline/support.js';
import { mediaEmulator, scan } from './support/media.js';
import { keys } from './support/signer.js';

const image = Uint8Array.from({ length: 2_000_000 }, (_, index) => (index * 7) % 256);

describe('a call with a file, over HTTP', () => {
  let emulator: Emulator;
  let url: string;

  beforeEach(async () => {
    emulator = mediaEmulator();
    emulator.handle(scan, ({ request }) => ({ Seen: [request.ImageURL].map(String) }));
    ({ url } = await emulator.listen());
  });
  afterEach(() => emulator.close());

  function client(options: ClientOptions = {}): AlicloudClient {
    return new AlicloudClient({
      regionId: 'cn-shanghai',
      credentials: accessKey(keys.accessKeyId, keys.accessKeySecret),
      endpoint: url,
      endpoints: { OpenPlatform: { regions: { 'cn-shanghai': url } } },
      ...options,
    });
  }

  it('is authorised, posted to the storage and made with the URL, and its progress is told', async () => {
    const events = await lastValueFrom(client().call(scan, { ImageURL: image }, { observe: 'events' }).pipe(toArray()));
    const last = events.pop();
    const seen = last?.kind === 'response' ? (last.body.Seen?.[0] ?? '') : '';
    expect(seen.startsWith(`${url}/`)).toBe(true);
    expect(Buffer.from(emulator.objects.get(seen) ?? []).equals(image)).toBe(true);

    const progress = events as UploadProgress[];
    const loaded = progress.map((event) => event.loaded);
    const total = progress[0]?.total ?? 0;
    expect(total).toBeGreaterThan(image.length);
    expect([loaded[0], loaded.at(-1)]).toEqual([0, total]);
    expect([...new Set(loaded)].sort((a, b) => a - b)).toEqual(loaded);
    expect(new Set(progress.map(({ kind, field, total }) => `${kind} ${field} ${total}`)).size).toBe(1);
    expect(Object.fromEntries(emulator.requests)).toEqual({ AuthorizeFileUpload: 1, Scan: 1 });
  });

  it('goes through the pool, one after the other, over one connection', async () => {
    const pooled = client({ enableAsync: true, poolSize: 1 });
    const calls = ['a', 'b', 'c'].map((text) =>
      firstValueFrom(pooled.call(scan, { ImageURL: new TextEncoder().encode(text) })),
    );
    const stored = (await Promise.all(calls)).map(({ Seen }) => emulator.objects.get(Seen?.[0] ?? ''));
    expect(stored.map((bytes) => Buffer.from(bytes ?? []).toString())).toEqual(['a', 'b', 'c']);
    expect(emulator.acceptedConnections).toBe(1);
    await lastValueFrom(pooled.shutdown());
  });

  it('is not made where the storage refuses the file', async () => {
    emulator.handle('AuthorizeFileUpload', ({ headers }) =>
      of<UploadAuthorization>({
        AccessKeyId: 'forged',
        Bucket: 'viapi-customer-temp',
        EncodedPolicy: 'e30=',
        Endpoint: `http://${headers.host}`,
        ObjectKey: 'upload/a',
        Signature: 'forged',
      }),
    );
    const error = await errorOf(client().call(scan, { ImageURL: image }));
    expect(error).toMatchObject({ kind: 'server', code: 'AccessDenied', status: 403, action: 'PostObject' });
    expect([emulator.objects.size, emulator.requests.get('Scan')]).toEqual([0, undefined]);
  });

  it('is not made, and leaves no connection, where it is unsubscribed from while the file is on its way', async () => {
    await emulator.close();
    let isHeld = false;
    emulator = mediaEmulator({ latency: () => (isHeld ? 60_000 : 0) });
    ({ url } = await emulator.listen());
    const subscription = client()
      .call(scan, { ImageURL: image }, { observe: 'events' })
      .subscribe(() => (isHeld = true));
    while (!isHeld || emulator.activeRequests === 0) await new Promise(setImmediate);
    expect(emulator.openConnections).toBe(1);
    subscription.unsubscribe();
    while (emulator.openConnections > 0) await new Promise(setImmediate);
    expect([emulator.activeRequests, emulator.requests.get('Scan')]).toEqual([0, undefined]);
  });
});
