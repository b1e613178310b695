/** A body that is large is hashed beside a page's own work, and to the same end. */
import { createHash } from 'node:crypto';
import { lastValueFrom, of } from 'rxjs';
import { longestHashedAtOnce } from '../../lib/platform/sha256-browser.js';
import { hashLargeBody, longestDigested } from '../../lib/signature/hash-large-body.js';
import { answer, MemoryTransport, operation, pipelineOver } from '../pipeline/support.js';

jest.mock('#sha256', () => jest.requireActual<object>('../../lib/platform/sha256-browser'));

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31) % 251);
const hashOf = (body: string | Uint8Array): string => createHash('sha256').update(body).digest('hex');
const { crypto } = globalThis;
const setCrypto = (value: unknown): void =>
  void Object.defineProperty(globalThis, 'crypto', { value, configurable: true, writable: true });
const without = { subtle: undefined, randomUUID: () => crypto.randomUUID() };

describe('a large body', () => {
  const upload = operation({ method: 'POST', path: '/up', bodyType: 'bytes', body: 'body=a' });

  afterEach(() => setCrypto(crypto));

  const lengths = [0, 1, 63, 64, 65_535, 65_536, 65_537, 131_072, 300_001];

  it.each([
    ["the browser's own hashing", () => crypto],
    ['slices, where there is none', () => without],
    ['slices, where it refuses', () => ({ subtle: { digest: () => Promise.reject(new Error('no')) } })],
  ])('has the same hash by %s', async (_how, given) => {
    setCrypto(given());
    for (const length of lengths) {
      const bytes = bytesOf(length);
      expect(await lastValueFrom(hashLargeBody(bytes))).toBe(hashOf(bytes));
      expect(await lastValueFrom(hashLargeBody(bytes.subarray(length >> 1)))).toBe(hashOf(bytes.subarray(length >> 1)));
    }
    const text = 'ä€😀'.repeat(50_000);
    expect(await lastValueFrom(hashLargeBody(text))).toBe(hashOf(text));
  });

  it.each([
    ['by the browser, up to the limit', longestDigested, 1],
    ['in slices, above it, as the browser would copy it in one task', longestDigested + 1, 0],
  ])('is hashed %s', async (_how, length, digests) => {
    const digest = jest.fn(() => Promise.resolve(new Uint8Array(32).buffer));
    setCrypto({ subtle: { digest } });
    const bytes = bytesOf(length);
    expect(await lastValueFrom(hashLargeBody(bytes))).toBe(digests === 1 ? '0'.repeat(64) : hashOf(bytes));
    expect(digest).toHaveBeenCalledTimes(digests);
  });

  it('lets the page work between one slice and the next', async () => {
    setCrypto(without);
    const turns: string[] = [];
    const page = new MessageChannel();
    let isHashed = false;
    page.port1.onmessage = () => {
      turns.push('page');
      if (!isHashed) page.port2.postMessage(undefined);
    };
    page.port2.postMessage(undefined);
    await lastValueFrom(hashLargeBody(bytesOf(20 * 65_536)));
    isHashed = true;
    page.port1.close();
    // Were it hashed in one task, the page would have had none between.
    expect(turns.length).toBeGreaterThanOrEqual(19);
  });

  it('is hashed no further when nobody waits for it', async () => {
    setCrypto(without);
    const bytes = bytesOf(10 * 65_536);
    let read = 0;
    const seen: string[] = [];
    const watched = new Proxy(bytes, {
      get(target, key) {
        if (key === 'subarray' && ++read === 2) hashing.unsubscribe();
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const hashing = hashLargeBody(watched).subscribe(() => seen.push('a hash'));
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    expect([read, seen]).toEqual([2, []]);
  });

  it.each([
    ['at once, up to the limit', longestHashedAtOnce, true],
    ['later, above it', longestHashedAtOnce + 1, false],
  ])('is sent %s, with its hash', async (_when, length, atOnce) => {
    const transport = new MemoryTransport(() => of(answer('{}')));
    const body = bytesOf(length);
    const done = lastValueFrom(pipelineOver(transport).call(upload, { body }));
    expect(transport.sent).toHaveLength(atOnce ? 1 : 0);
    await done;
    expect(transport.sent[0]?.headers['x-acs-content-sha256']).toBe(hashOf(body));
    expect(transport.sent[0]?.headers.authorization).toMatch(/Signature=[0-9a-f]{64}$/);
  });

  it('is hashed once, however often it is sent', async () => {
    let hashed = 0;
    const digest = (...args: Parameters<SubtleCrypto['digest']>) => {
      hashed++;
      return crypto.subtle.digest(...args);
    };
    setCrypto({ subtle: { digest }, randomUUID: () => crypto.randomUUID() });
    let answers = 0;
    const transport = new MemoryTransport(() => of(answer('{}', ++answers < 3 ? 503 : 200)));
    const read = { ...upload, action: 'GetZones', read: true as const };
    const pipeline = pipelineOver(transport, { retry: { maxAttempts: 3, baseDelay: 0 } });
    await lastValueFrom(pipeline.call(read, { body: bytesOf(longestHashedAtOnce + 1) }));
    expect([answers, hashed]).toEqual([3, 1]);
  });

  it('that is being hashed is not sent any more when its call is cancelled', async () => {
    const transport = new MemoryTransport(() => of(answer('{}')));
    const call = pipelineOver(transport)
      .call(upload, { body: bytesOf(longestHashedAtOnce * 2) })
      .subscribe();
    call.unsubscribe();
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(transport.sent).toEqual([]);
  });
});
