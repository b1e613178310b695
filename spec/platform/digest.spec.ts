/** What signatures are made of in a browser: its own hashing, and in its place another; the same hashes as Node's by both. */
import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { lastValueFrom, Observable } from 'rxjs';
import { digest, hmacWith, longestDigested } from '../../lib/platform/digest-browser.js';
import * as node from '../../lib/platform/digest-node.js';
import type { Eventual } from '../../lib/platform/eventual.js';

const { crypto } = globalThis;
const setCrypto = (value: unknown): void =>
  void Object.defineProperty(globalThis, 'crypto', { value, configurable: true, writable: true });
const refusing = (): Promise<never> => Promise.reject(new Error('no'));

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31) % 251);
const hashOf = (body: string | Uint8Array): string => createHash('sha256').update(body).digest('hex');
const late = (hash: Eventual<string>): Promise<string> => {
  if (!(hash instanceof Observable)) throw new Error(`${hash} was there at once`);
  return lastValueFrom(hash);
};

afterEach(() => setCrypto(crypto));

describe.each([
  ["the browser's own hashing", () => crypto],
  ['another, where there is none, as over plain HTTP', () => ({})],
  ['another, where there is no crypto at all', () => undefined],
  ['another, where it throws', () => ({ subtle: {} })],
  ['another, where it refuses', () => ({ subtle: { digest: refusing, importKey: refusing } })],
])('hashing by %s', (_how, given) => {
  beforeEach(() => setCrypto(given()));

  it.each([0, 1, 63, 64, 65_535, 65_536, 65_537, 131_072, 300_001])('has the hash of %i bytes', async (length) => {
    const bytes = bytesOf(length);
    expect(await late(digest(bytes))).toBe(hashOf(bytes));
    // Of a part of what it is a view of.
    expect(await late(digest(bytes.subarray(length >> 1)))).toBe(hashOf(bytes.subarray(length >> 1)));
  });

  it('has the hash of text in UTF-8, and its HMAC, with keys longer than a block too', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    const property = fc.asyncProperty(text, text, async (key, data) => {
      expect(await late(digest(data))).toBe(node.digest(data));
      expect(await late(hmacWith(key)(data))).toBe(node.hmacWith(key)(data));
    });
    await fc.assert(property, {
      examples: [
        ['', ''],
        ['é'.repeat(40), '\ud800 杭州 ☁️🚀 \udfff'],
      ],
    });
    const long = 'ä€😀'.repeat(50_000);
    expect(await late(digest(long))).toBe(hashOf(long));
  });

  it('has the HMAC of one text after another with one key, shorter or longer', () => {
    const key = 'k'.repeat(70);
    const ofKey = node.hmacWith(key);
    for (const length of [81, 0, 170, 171, 5, 10_000, 81]) {
      const text = 'ä'.repeat(length);
      expect(ofKey(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
    }
  });

  it('has the published HMAC', async () => {
    const data = 'what do ya want for nothing?';
    expect(await late(hmacWith('Jefe')(data))).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
    expect(node.hmacWith('Jefe')(data)).toBe(createHmac('sha256', 'Jefe').update(data).digest('hex'));
  });
});

describe('hashing that is not subscribed to', () => {
  it('asks nothing of the browser', () => {
    const digestOfBrowser = jest.fn(refusing);
    setCrypto({ subtle: { digest: digestOfBrowser } });
    digest('text');
    expect(digestOfBrowser).not.toHaveBeenCalled();
  });
});

describe('hashing what is very large', () => {
  it.each([
    ['by the browser, up to the limit', longestDigested, '0'.repeat(64)],
    ['in slices, above it, as the browser would copy it in one task', longestDigested + 1, undefined],
  ])('is done %s', async (_how, length, byBrowser) => {
    setCrypto({ subtle: { digest: () => Promise.resolve(new Uint8Array(32).buffer) } });
    const bytes = new Uint8Array(length);
    expect(await late(digest(bytes))).toBe(byBrowser ?? hashOf(bytes));
  });
});

describe('hashing what is large, in slices', () => {
  beforeEach(() => setCrypto({}));

  it('lets the page work between one slice and the next', async () => {
    const turns: string[] = [];
    const page = new MessageChannel();
    let isHashed = false;
    page.port1.onmessage = () => {
      turns.push('page');
      if (!isHashed) page.port2.postMessage(undefined);
    };
    page.port2.postMessage(undefined);
    await late(digest(bytesOf(20 * 65_536)));
    isHashed = true;
    page.port1.close();
    // Were it hashed in one task, the page would have had none between.
    expect(turns.length).toBeGreaterThanOrEqual(19);
  });

  it('goes no further when nobody waits for it', async () => {
    let read = 0;
    const seen: string[] = [];
    const watched = new Proxy(bytesOf(10 * 65_536), {
      get(target, key) {
        if (key === 'subarray' && ++read === 2) hashing.unsubscribe();
        const value: unknown = Reflect.get(target, key, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const hashing = (digest(watched) as Observable<string>).subscribe(() => seen.push('a hash'));
    while (read < 2) await new Promise((resolve) => setImmediate(resolve));
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    expect([read, seen]).toEqual([2, []]);
  });
});
