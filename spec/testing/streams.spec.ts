import { Readable } from 'node:stream';
import { firstValueFrom, lastValueFrom, tap, toArray } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import { errorOf } from '../pipeline/support.js';
import { invoke, mediaEmulator } from './support/media.js';
import { keys } from './support/signer.js';

const answered = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256);

describe('bytes that stream, over HTTP', () => {
  let emulator: Emulator;
  let url: string;
  let received: unknown;

  beforeEach(async () => {
    emulator = mediaEmulator();
    emulator.handle(invoke, ({ request }) => {
      received = request.body;
      return answered;
    });
    ({ url } = await emulator.listen());
  });
  afterEach(() => emulator.close());

  function client(options: ClientOptions = {}): AlicloudClient {
    const credentials = accessKey(keys.accessKeyId, keys.accessKeySecret);
    return new AlicloudClient({ regionId: 'cn-shanghai', credentials, endpoint: url, ...options });
  }

  it('come in pieces, and together are the response', async () => {
    const pieces = await lastValueFrom(client().call(invoke, { Name: 'f' }, { observe: 'stream' }).pipe(toArray()));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.every((piece) => piece.constructor === Uint8Array)).toBe(true);
    expect(Buffer.concat(pieces).equals(answered)).toBe(true);
  });

  it('come before the end, and close their connection when they are not wanted any more', async () => {
    emulator.inject({ action: 'Invoke', kind: 'slow', duration: 1000 });
    const first = await firstValueFrom(client().call(invoke, { Name: 'f' }, { observe: 'stream' }));
    expect(first.length).toBeLessThan(answered.length);
    expect(Buffer.from(first).equals(answered.subarray(0, first.length))).toBe(true);
    while (emulator.openConnections > 0) await new Promise(setImmediate);
  });

  it('are refused with a ServerError', async () => {
    const forged = { observe: 'stream', credentials: accessKey(keys.accessKeyId, 'wrong') } as const;
    const error = await errorOf(client().call(invoke, { Name: 'f' }, forged));
    expect(error).toMatchObject({ kind: 'server', code: 'SignatureDoesNotMatch', action: 'Invoke' });
  });

  it('are passed on by the pool as they come, and hold their slot until the last', async () => {
    const pooled = client({ enableAsync: true, poolSize: 1 });
    const calls: (number | undefined)[] = [];
    const pieces$ = pooled
      .call(invoke, { Name: 'f' }, { observe: 'stream' })
      .pipe(tap(() => calls.push(emulator.requests.get('Invoke'))));
    const [pieces, next] = await Promise.all([
      lastValueFrom(pieces$.pipe(toArray())),
      firstValueFrom(pooled.call(invoke, { Name: 'g' })),
    ]);
    for (const bytes of [Buffer.concat(pieces), Buffer.from(next)]) expect(bytes.equals(answered)).toBe(true);
    expect(pieces.length).toBeGreaterThan(1);
    expect(new Set(calls)).toEqual(new Set([1]));
    await lastValueFrom(pooled.shutdown());
  });

  it('break with an error where the connection does', async () => {
    emulator.inject({ action: 'Invoke', kind: 'cut' });
    const call$ = client().call(invoke, { Name: 'f' }, { observe: 'stream' });
    await expect(lastValueFrom(call$)).rejects.toMatchObject({ code: 'SDK.NetworkError' });
  });

  it('are sent from a stream, and verified', async () => {
    const body = Readable.from([Buffer.from('one '), Buffer.from('two')]);
    await firstValueFrom(client().call(invoke, { Name: 'f', body }));
    expect(Buffer.from(received as Uint8Array).toString()).toBe('one two');
  });
});
