import { defer, firstValueFrom, of, throwError, type Observable } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { NetworkError, TimeoutError } from '../../lib/errors.js';
import type { Operation } from '../../lib/service.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { answer, errorOf, MemoryTransport } from '../pipeline/support.js';
import { operation } from './support.js';

const origin = 'https://app.example';
const lost = (code: string): Observable<never> => throwError(() => new NetworkError('It broke', origin, code));
const late = (phase: 'connect' | 'read'): Observable<never> =>
  throwError(() => new TimeoutError({ phase, timeout: 1, origin }));
const refused = (status: number, code: string, headers: Record<string, string> = {}): Observable<HttpResponse> =>
  of(answer(JSON.stringify({ Code: code, Message: 'No', RequestId: 'r' }), status, headers));

const read = operation({ action: 'DescribeThings' });
const withToken = operation({ action: 'RunThings', query: 'ClientToken:s' });
const write = operation({ action: 'StopThings' });

/** Calls once, with a first attempt that ends like this and a second that succeeds. */
async function attemptsOf(
  called: Operation<Record<string, unknown>, unknown>,
  first: Observable<HttpResponse>,
  options: ClientOptions = {},
): Promise<MemoryTransport> {
  let made = 0;
  const transport = new MemoryTransport(() => defer(() => (made++ === 0 ? first : of(answer('{}')))));
  const client = new AlicloudClient({
    gateway: '/api',
    transport,
    retry: { baseDelay: 0, throttledDelay: 0 },
    ...options,
  });
  await firstValueFrom(client.call(called, {})).catch(() => undefined);
  return transport;
}

describe('an attempt that got no answer', () => {
  it.each<[what: string, failure: () => Observable<never>, sent: Record<'read' | 'withToken' | 'write', number>]>([
    ['ERR_NETWORK', () => lost('ERR_NETWORK'), { read: 2, withToken: 2, write: 1 }],
    ['ECONNRESET', () => lost('ECONNRESET'), { read: 2, withToken: 2, write: 1 }],
    ['EPIPE', () => lost('EPIPE'), { read: 2, withToken: 2, write: 1 }],
    // It was never sent.
    ['ECONNREFUSED', () => lost('ECONNREFUSED'), { read: 2, withToken: 2, write: 2 }],
    ['ENOTFOUND', () => lost('ENOTFOUND'), { read: 2, withToken: 2, write: 2 }],
    ['a timeout of the connection', () => late('connect'), { read: 2, withToken: 2, write: 2 }],
    ['a timeout of the answer', () => late('read'), { read: 2, withToken: 2, write: 1 }],
    ['a failure that no repetition helps', () => lost('CERT_HAS_EXPIRED'), { read: 1, withToken: 1, write: 1 }],
  ])('is repeated after %s where that is safe, with the same id and the same bytes', async (_what, failure, sent) => {
    for (const [kind, called] of Object.entries({ read, withToken, write })) {
      const { sent: requests } = await attemptsOf(called, failure());
      expect({ kind, sent: requests.length }).toEqual({ kind, sent: sent[kind as keyof typeof sent] });
      expect(new Set(requests.map(({ attemptId }) => attemptId)).size).toBe(1);
      expect(new Set(requests.map(({ headers }) => headers['x-rx-alicloud-attempt'])).size).toBe(1);
      expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    }
  });

  it('is the last where nothing is to be repeated', async () => {
    expect((await attemptsOf(read, lost('ECONNRESET'), { retry: false })).sent).toHaveLength(1);
  });

  it('of another call has another id', async () => {
    const [a, b] = await Promise.all([attemptsOf(read, of(answer('{}'))), attemptsOf(read, of(answer('{}')))]);
    expect(a.sent[0]?.attemptId).not.toBe(b.sent[0]?.attemptId);
  });
});

describe('an answer of the gateway', () => {
  it.each<[status: number, code: string, headers: Record<string, string>]>([
    [400, 'Gateway.InvalidRequest', {}],
    [400, 'InvalidTimeStamp.Expired', { date: 'Sun, 06 Nov 1994 08:49:37 GMT' }],
    [400, 'SignatureNonceUsed', {}],
    [400, 'Throttling.User', {}],
    [403, 'InvalidSecurityToken.Expired', {}],
    [409, 'Gateway.AttemptMismatch', {}],
    [429, 'Gateway.TooManyRequests', { 'retry-after': '0' }],
    [429, 'Throttling', {}],
    [500, 'Gateway.InternalError', {}],
    [502, 'Gateway.UpstreamFailed', {}],
    [503, 'Gateway.Overloaded', { 'retry-after': '0' }],
    [503, 'ServiceUnavailable', {}],
    [504, 'Gateway.UpstreamTimeout', {}],
  ])('is final, whoever refuses: %d %s', async (status, code, headers) => {
    for (const called of [read, withToken, write]) {
      // Whatever a policy says.
      for (const retry of [{ baseDelay: 0, throttledDelay: 0 }, () => 0]) {
        const { sent } = await attemptsOf(called, refused(status, code, headers), { retry });
        expect(sent).toHaveLength(1);
      }
    }
  });

  it('holds no other call back, and sets no clock', async () => {
    const transport = new MemoryTransport(() => refused(429, 'Throttling', { 'retry-after': '30' }));
    const client = new AlicloudClient({ gateway: '/api', transport });
    const types: string[] = [];
    client.events$.subscribe(({ type }) => types.push(type));
    const [first, second] = [await errorOf(client.call(read, {})), await errorOf(client.call(read, {}))];
    expect([first, second]).toMatchObject([{ status: 429, retryAfter: 30_000 }, { status: 429 }]);
    expect(types).not.toContain('throttled');
    expect(transport.sent).toHaveLength(2);
  });
});
