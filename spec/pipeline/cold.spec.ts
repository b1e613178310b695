import { lastValueFrom, NEVER, of, Subject, type Observable } from 'rxjs';
import type { Credentials } from '../../lib/credentials/credentials.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { answer, MemoryTransport, operation, pipelineOver } from './support.js';

describe('a call', () => {
  it('does nothing before it is subscribed to', () => {
    const transport = new MemoryTransport();
    let asked = 0;
    const touched = (): never => {
      throw new Error('asked too early');
    };
    const pipeline = pipelineOver(transport, { credentials: () => (asked++, NEVER), clock: touched, nonce: touched });
    // Not even checked: the request would be refused.
    pipeline.call(operation(), { NoSuchField: 1 });
    pipeline.call(operation(), {});
    expect([asked, transport.sent]).toEqual([0, []]);
  });

  it('is made anew by each subscription, with a nonce and a time of its own', async () => {
    const transport = new MemoryTransport();
    let now = Date.UTC(2026, 0, 31, 8);
    const call = pipelineOver(transport, { clock: () => (now += 1000) }).call(operation(), {});
    await lastValueFrom(call);
    await lastValueFrom(call);
    const [first, second] = transport.sent.map(({ headers }) => headers);
    expect(transport.sent).toHaveLength(2);
    expect([first?.['x-acs-date'], second?.['x-acs-date']]).toEqual(['2026-01-31T08:00:01Z', '2026-01-31T08:00:02Z']);
    expect(first?.['x-acs-signature-nonce']).not.toBe(second?.['x-acs-signature-nonce']);
    expect(first?.authorization).not.toBe(second?.authorization);
  });

  it('takes its nonce from the option, or makes one that no other request has', async () => {
    const named = new MemoryTransport();
    await lastValueFrom(pipelineOver(named, { nonce: () => 'n-1' }).call(operation(), {}));
    expect(named.sent[0]?.headers['x-acs-signature-nonce']).toBe('n-1');

    const own = new MemoryTransport();
    const call = pipelineOver(own).call(operation(), {});
    for (let i = 0; i < 100; i++) await lastValueFrom(call);
    expect(new Set(own.sent.map(({ headers }) => headers['x-acs-signature-nonce'])).size).toBe(100);
  });

  it('reads the request when it is subscribed to', async () => {
    const transport = new MemoryTransport();
    const request = { RegionId: 'cn-hangzhou' };
    const call = pipelineOver(transport).call(operation({ query: 'RegionId:s' }), request);
    request.RegionId = 'cn-beijing';
    await lastValueFrom(call);
    expect(transport.sent[0]?.url).toContain('RegionId=cn-beijing');
  });

  it('emits once and completes, whatever the transport does', () => {
    const log: unknown[] = [];
    const transport = new MemoryTransport(() => of(answer('{"A":1}'), answer('{"A":2}')));
    pipelineOver(transport)
      .call(operation(), {})
      .subscribe({ next: ({ body }) => log.push(body), complete: () => log.push('complete') });
    expect(log).toEqual([{ A: 1 }, 'complete']);
    expect(transport.underWay).toBe(0);
  });

  it('ends in an error where the transport gives nothing', () => {
    let code: unknown;
    pipelineOver(new MemoryTransport(() => []))
      .call(operation(), {})
      .subscribe({ error: (error: { code: string }) => (code = error.code) });
    expect(code).toBe('SDK.NetworkError');
  });
});

describe('unsubscribing', () => {
  function subscribeTo(
    transport: MemoryTransport,
    credentials$: Observable<Credentials>,
  ): { log: string[]; end(): void } {
    const log: string[] = [];
    const subscription = pipelineOver(transport, { credentials: () => credentials$ })
      .call(operation(), {})
      .subscribe({
        next: () => log.push('next'),
        error: () => log.push('error'),
        complete: () => log.push('complete'),
      });
    return { log, end: () => subscription.unsubscribe() };
  }

  it('while the credentials are awaited leaves the provider, and sends nothing', () => {
    const transport = new MemoryTransport();
    const credentials$ = new Subject<Credentials>();
    const call = subscribeTo(transport, credentials$);
    expect(credentials$.observed).toBe(true);
    call.end();
    expect(credentials$.observed).toBe(false);
    credentials$.next({ accessKeyId: 'id', accessKeySecret: 'secret' });
    expect([transport.sent, call.log]).toEqual([[], []]);
  });

  it('while the answer is awaited leaves the transport', () => {
    const response$ = new Subject<HttpResponse>();
    const transport = new MemoryTransport(() => response$);
    const call = subscribeTo(transport, of({ accessKeyId: 'id', accessKeySecret: 'secret' }));
    expect([transport.underWay, response$.observed]).toEqual([1, true]);
    call.end();
    expect([transport.underWay, response$.observed]).toEqual([0, false]);
    response$.next(answer('{}'));
    expect(call.log).toEqual([]);
  });

  it('after the response changes nothing', () => {
    const transport = new MemoryTransport();
    const call = subscribeTo(transport, of({ accessKeyId: 'id', accessKeySecret: 'secret' }));
    call.end();
    expect([transport.underWay, call.log]).toEqual([0, ['next', 'complete']]);
  });
});
