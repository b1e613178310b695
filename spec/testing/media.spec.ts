import { EMPTY, firstValueFrom, lastValueFrom, NEVER, Subject, concat, of, toArray } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { apiError } from '../../lib/testing/api-error.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import type { Transport } from '../../lib/transport/transport.js';
import { errorOf } from '../pipeline/support.js';
import { chat, invoke, mediaEmulator } from './support/media.js';
import { keys } from './support/signer.js';

const wires: readonly (readonly [string, (emulator: Emulator) => Promise<ClientOptions & { transport: Transport }>])[] =
  [
    ['in process', (emulator) => Promise.resolve({ transport: emulator.transport })],
    ['over HTTP', async (emulator) => ({ endpoint: (await emulator.listen()).url, transport: axiosTransport() })],
  ];

describe.each(wires)('what is not JSON, %s', (_name, open) => {
  let emulator: Emulator;
  let client: AlicloudClient;
  let transport: Transport;

  beforeEach(async () => {
    emulator = mediaEmulator();
    const options = await open(emulator);
    ({ transport } = options);
    client = new AlicloudClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey(keys.accessKeyId, keys.accessKeySecret),
      ...options,
    });
  });

  afterEach(async () => {
    transport.closeIdle?.();
    await emulator.close();
  });

  describe('events', () => {
    it('come as they are emitted, and the end with them', async () => {
      const answers = new Subject<object>();
      emulator.handle(chat, () => answers);
      const seen: unknown[] = [];
      await new Promise<void>((resolve) => {
        client.call(chat, {}, { observe: 'response' }).subscribe({
          next: ({ body, headers }) => {
            seen.push([body, headers['content-type']]);
            if (seen.length === 1) answers.next({ Text: '杭州' });
            else answers.complete();
          },
          complete: resolve,
        });
        const begin = (): void => {
          if (answers.observed) answers.next({ Text: 'a\nb' });
          else setImmediate(begin);
        };
        begin();
      });
      const type = 'text/event-stream;charset=utf-8';
      expect(seen).toEqual([
        [{ Text: 'a\nb' }, type],
        [{ Text: '杭州' }, type],
      ]);
    });

    it('are made up where nobody handles them', async () => {
      const events = await lastValueFrom(client.call(chat).pipe(toArray()));
      expect(events).toMatchObject([{ Text: expect.any(String) as string }]);
    });

    it('stop when they are unsubscribed from', async () => {
      let handled = 0;
      emulator.handle(chat, () => {
        handled++;
        return concat(of({ Text: 'a' }), NEVER);
      });
      await firstValueFrom(client.call(chat));
      while (emulator.openConnections > 0) await new Promise(setImmediate);
      expect(handled).toBe(1);
    });

    it('may be none, or a refusal, or break off', async () => {
      emulator.handle(chat, () => EMPTY);
      expect(await lastValueFrom(client.call(chat).pipe(toArray()))).toEqual([]);
      emulator.handle(chat, () => {
        throw apiError(403, 'Forbidden', 'not you');
      });
      expect(await errorOf(client.call(chat))).toMatchObject({ code: 'Forbidden', message: 'not you' });
      const broken = new Subject<object>();
      emulator.handle(chat, () => broken);
      const error$ = errorOf(client.call(chat));
      while (!broken.observed) await new Promise(setImmediate);
      broken.error(new Error('oops'));
      expect(await error$).toMatchObject({ code: 'SDK.NetworkError' });
    });

    it('go through the pool, the channels and the callbacks one by one', async () => {
      emulator.handle(chat, () => of({ Text: 'a' }, { Text: 'b' }));
      client.enableAsync(1, 10);
      const [events, errors] = client.callWithChan(chat, { Prompt: 'p' });
      expect(await lastValueFrom(events.asObservable().pipe(toArray()))).toEqual([{ Text: 'a' }, { Text: 'b' }]);
      expect(await errors.receive()).toBeUndefined();
      const seen: unknown[] = [];
      expect(await client.callWithCallback(chat, {}, (event) => seen.push(event?.Text)).receive()).toBe(1);
      expect(seen).toEqual(['a', 'b']);
      client.shutdown();
    });
  });

  describe('bytes', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);

    it.each([
      ['a Uint8Array', bytes],
      ['a Buffer', Buffer.from(bytes)],
      ['a Blob', new Blob([bytes])],
    ])('go there and back: %s', async (_what, body) => {
      // The two sides of a function call share the array, so that it is another one that goes back.
      emulator.handle(invoke, ({ request }) => {
        // A Buffer would walk its bytes wherever it is written as JSON.
        expect(Object.getPrototypeOf(request.body)).toBe(Uint8Array.prototype);
        return new Uint8Array(request.body as Uint8Array).reverse();
      });
      const answer = await lastValueFrom(client.call(invoke, { Name: 'f/1', body }));
      expect([...answer]).toEqual([...bytes].reverse());
    });

    it('may be text', async () => {
      emulator.handle(invoke, ({ request }) => request.body as never);
      const answer = await lastValueFrom(client.call(invoke, { Name: 'f', body: 'é' }));
      expect(new TextDecoder().decode(answer)).toBe('é');
    });

    it('are a typed error where the call is refused', async () => {
      emulator.handle(invoke, () => {
        throw apiError(404, 'FunctionNotFound', 'no such function');
      });
      expect(await errorOf(client.call(invoke, { Name: 'f' }))).toMatchObject({ code: 'FunctionNotFound' });
    });
  });
});
