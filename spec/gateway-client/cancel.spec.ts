import { firstValueFrom, NEVER, Observable, Subject } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { AlicloudClient } from '../../lib/client.js';
import { NetworkError } from '../../lib/errors.js';
import type { Content } from '../../lib/service.js';
import { MemoryTransport } from '../pipeline/support.js';
import { Gateway, operation } from './support.js';

describe('unsubscribing', () => {
  const put = operation<{ body: Content }>({ body: 'body=a', bodyType: 'bytes' });

  it('while a content is read ends the reading, and nothing is sent', async () => {
    const transport = new MemoryTransport();
    const [begun, more, ended] = [new Subject<void>(), new Subject<void>(), new Subject<void>()];
    const [reading, over] = [firstValueFrom(begun), firstValueFrom(ended)];
    async function* content(): AsyncGenerator<Uint8Array> {
      const opened = firstValueFrom(more);
      try {
        yield Buffer.of(1);
        begun.next();
        await opened;
        yield Buffer.of(2);
        throw new Error('It is read on');
      } finally {
        ended.next();
      }
    }
    const client = new AlicloudClient({ gateway: '/api', transport });
    const call = client.call(put, { body: content() }).subscribe();
    await reading;
    call.unsubscribe();
    more.next();
    await over;
    expect(transport.sent).toEqual([]);
  });

  it('while it waits in the queue takes it out', () => {
    const transport = new MemoryTransport(() => NEVER);
    const client = new AlicloudClient({ gateway: '/api', transport, enableAsync: true, poolSize: 1 });
    const running = client.call(operation(), {}).subscribe();
    const waiting = client.call(operation(), {}).subscribe();
    waiting.unsubscribe();
    running.unsubscribe();
    expect(transport.sent).toHaveLength(1);
    expect(transport.underWay).toBe(0);
  });

  it('while it waits to be repeated sends nothing more', () => {
    new TestScheduler(() => undefined).run(({ flush }) => {
      const failed = new Observable<never>((subscriber) => {
        subscriber.error(new NetworkError('It broke', '/api', 'ECONNRESET'));
      });
      const transport = new MemoryTransport(() => failed);
      const client = new AlicloudClient({ gateway: '/api', transport, retry: { baseDelay: 100 } });
      const call = client.call(operation(), {}).subscribe({ error: () => undefined });
      call.unsubscribe();
      flush();
      expect(transport.sent).toHaveLength(1);
    });
  });

  describe('over a connection', () => {
    let gateway: Gateway;
    beforeEach(async () => (gateway = await Gateway.open()));
    afterEach(() => gateway.close());

    it('while it waits for the answer breaks that off', async () => {
      const arrived = new Subject<void>();
      gateway.reply = () => arrived.next();
      const gone = gateway.cutOff();
      const call = gateway.client().call(operation(), {}).subscribe();
      arrived.subscribe(() => call.unsubscribe());
      await gone;
      expect(gateway.received).toHaveLength(1);
    });

    it('in the middle of a stream of events ends it', async () => {
      gateway.reply = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('data: 1\n\n');
      };
      const gone = gateway.cutOff();
      const given: unknown[] = [];
      const call = gateway
        .client()
        .call(operation({ responseType: 'events' }), {})
        .subscribe((event) => {
          given.push(event);
          call.unsubscribe();
        });
      await gone;
      expect(given).toEqual([1]);
    });
  });
});
