/** A call that is signed in a browser, where hashes come later: the same on the wire as Node's, and cancelled at any of them. */
import { firstValueFrom, lastValueFrom, of, Subject } from 'rxjs';
import type { ClientOptions } from '../../lib/client-options.js';
import { bearerToken, stsToken } from '../../lib/credentials/credentials.js';
import type * as digests from '../../lib/platform/digest-browser.js';
import type { ServerError } from '../../lib/errors.js';
import type { AnyOperation } from '../../lib/service.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import { answer, errorOf, MemoryTransport, operation, pipelineOver, sentFor } from '../pipeline/support.js';

type Digests = typeof digests;

const mockSide = { name: 'browser', isOnline: true };
jest.mock('#digest', () => {
  const sides: Record<string, Digests> = {
    browser: jest.requireActual('../../lib/platform/digest-browser'),
    node: jest.requireActual('../../lib/platform/digest-node'),
  };
  return {
    digest: (data: string | Uint8Array) => sides[mockSide.name]?.digest(data),
    hmacWith: (key: string) => sides[mockSide.name]?.hmacWith(key),
  };
});
jest.mock('../../lib/platform/browser/hashing-in-page', () => {
  if (!mockSide.isOnline) throw new Error('Failed to fetch dynamically imported module');
  return jest.requireActual<object>('../../lib/platform/browser/hashing-in-page');
});

const { crypto } = globalThis;
const randomUUID = (): string => crypto.randomUUID();
const setCrypto = (value: unknown): void =>
  void Object.defineProperty(globalThis, 'crypto', { value, configurable: true, writable: true });
const refusing = (): Promise<never> => Promise.reject(new Error('no'));
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
};
/** What a promise is rejected with that nobody waits for. */
const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);

beforeAll(() => process.on('unhandledRejection', note));
afterAll(() => process.off('unhandledRejection', note));
beforeEach(() => Object.assign(mockSide, { name: 'browser', isOnline: true }));
afterEach(() => {
  setCrypto(crypto);
  expect(unhandled).toEqual([]);
});

const fixed: ClientOptions = { clock: () => Date.UTC(2026, 0, 31, 8), nonce: () => 'nonce-1' };
const upload = operation({ method: 'POST', path: '/up/{Id}', bodyType: 'bytes', body: 'body=a' });
const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31) % 251);
const sentBy = (name: string, ...args: Parameters<typeof sentFor>): Promise<HttpRequest> => {
  mockSide.name = name;
  return sentFor(...args);
};

describe('a call that is signed in a browser', () => {
  const calls: [what: string, called: AnyOperation, request: object, options: ClientOptions][] = [
    ['RPC', operation(), {}, {}],
    ['RPC with a form', operation({ query: 'A:s', body: 'B:s' }), { A: 'é *~', B: '杭州 💥' }, {}],
    ['ROA with JSON', operation({ method: 'POST', path: '/c/{Id}', body: 'b:s' }), { Id: 'a/b *+~', b: 'é' }, {}],
    ['ROA with bytes', upload, { Id: 'c', body: bytesOf(70_000) }, {}],
    ['a security token', operation({ body: 'B:s' }), { B: 'b' }, { credentials: stsToken('id', 's', 'a+b/c==') }],
    ['a bearer token', operation({ body: 'B:s' }), { B: 'b' }, { credentials: bearerToken('e30.t') }],
    ['nobody', operation({ anonymous: true, body: 'B:s' }), { B: 'b' }, {}],
  ];

  it.each(calls)("is Node's, byte for byte: %s", async (_what, called, request, options) => {
    const all = { ...fixed, ...options };
    const expected = await sentBy('node', called, request, undefined, all);
    expect(await sentBy('browser', called, request, undefined, all)).toEqual(expected);
    setCrypto({ randomUUID });
    expect(await sentBy('browser', called, request, undefined, all)).toEqual(expected);
  });

  it('has the time at which its body had been hashed', async () => {
    let now = Date.UTC(2026, 0, 31, 8);
    setCrypto({
      randomUUID,
      subtle: {
        importKey: crypto.subtle.importKey.bind(crypto.subtle),
        sign: crypto.subtle.sign.bind(crypto.subtle),
        digest: (...args: Parameters<SubtleCrypto['digest']>) => {
          now += 60_000;
          return crypto.subtle.digest(...args);
        },
      },
    });
    const sent = await sentFor(upload, { Id: 'c', body: bytesOf(100) }, undefined, { ...fixed, clock: () => now });
    expect(sent.headers['x-acs-date']).toBe('2026-01-31T08:01:00Z');
  });

  it('hashes its body once, however often it is sent', async () => {
    const hashed: number[] = [];
    setCrypto({
      randomUUID,
      subtle: {
        digest: (...[algorithm, data]: Parameters<SubtleCrypto['digest']>) => {
          hashed.push(data.byteLength);
          return crypto.subtle.digest(algorithm, data);
        },
      },
    });
    const transport: MemoryTransport = new MemoryTransport(() =>
      of(answer('{}', transport.sent.length < 3 ? 503 : 200)),
    );
    const pipeline = pipelineOver(transport, { retry: { maxAttempts: 3, baseDelay: 0 } });
    const read = { ...upload, action: 'GetZones', read: true as const };
    await lastValueFrom(pipeline.call(read, { Id: 'c', body: bytesOf(100_000) }));
    expect(transport.sent).toHaveLength(3);
    expect(hashed.filter((length) => length === 100_000)).toHaveLength(1);
  });

  it("explains a signature that is refused as Node's does", async () => {
    const message =
      'Specified signature is not matched with our calculation. server StringToSign is [ACS3-HMAC-SHA256\\n0] ' +
      'server CanonicalRequest is [PUT\\n/\\n]';
    const refused = answer(JSON.stringify({ Code: 'SignatureDoesNotMatch', Message: message }), 400);
    const end = async (name: string): Promise<unknown> => {
      mockSide.name = name;
      const transport = new MemoryTransport(() => of(refused));
      const { message: shown, signatureMismatch } = (await errorOf(
        pipelineOver(transport, fixed).call(operation(), {}),
      )) as ServerError;
      return { shown, signatureMismatch };
    };
    const browsers = await end('browser');
    expect(browsers).toMatchObject({ signatureMismatch: { at: { part: 'canonical request', line: 1 } } });
    expect(browsers).toEqual(await end('node'));
  });
});

describe('a call that is cancelled in a browser', () => {
  /** The browser's own hashing, of which the one step is answered by hand. */
  const heldAt = (step: 'body' | 'request' | 'key' | 'signature'): Subject<never> => {
    const held = new Subject<never>();
    let digests = 0;
    const at = (name: typeof step, go: () => Promise<unknown>): Promise<unknown> => {
      if (name !== step) return go();
      seen.push(step);
      reach();
      return firstValueFrom(held);
    };
    setCrypto({
      randomUUID,
      subtle: {
        digest: (...args: Parameters<SubtleCrypto['digest']>) =>
          at(++digests === 1 ? 'body' : 'request', () => crypto.subtle.digest(...args)),
        importKey: (...args: Parameters<SubtleCrypto['importKey']>) =>
          at('key', () => crypto.subtle.importKey(...args)),
        sign: (...args: Parameters<SubtleCrypto['sign']>) => at('signature', () => crypto.subtle.sign(...args)),
      },
    });
    return held;
  };
  let seen: string[];
  let reach: () => void;
  let reached: Promise<void>;
  beforeEach(() => {
    seen = [];
    reached = new Promise((resolve) => (reach = resolve));
  });

  it.each(['body', 'request', 'key', 'signature'] as const)('is not sent: while it waits for the %s', async (step) => {
    const held = heldAt(step);
    const transport = new MemoryTransport();
    const call = pipelineOver(transport)
      .call(upload, { Id: 'c', body: bytesOf(100) })
      .subscribe();
    await reached;
    call.unsubscribe();
    held.error(new Error('too late'));
    await turns();
    expect([seen, transport.sent]).toEqual([[step], []]);
  });

  it.each(['body', 'request', 'key', 'signature'] as const)(
    'is sent where the browser refuses the %s',
    async (step) => {
      const expected = await sentBy('node', upload, { Id: 'c', body: bytesOf(100) }, undefined, fixed);
      const held = heldAt(step);
      const sent = sentBy('browser', upload, { Id: 'c', body: bytesOf(100) }, undefined, fixed);
      await reached;
      held.error(new Error('refused'));
      expect(await sent).toEqual(expected);
    },
  );
});

describe('hashing that a page over plain HTTP has to load', () => {
  it('is a typed error where that fails, and is loaded by the next call', async () => {
    jest.resetModules();
    setCrypto({ randomUUID, subtle: { digest: refusing } });
    const transport = new MemoryTransport();
    const pipeline = pipelineOver(transport);
    mockSide.isOnline = false;
    expect(await errorOf(pipeline.call(operation(), {}))).toMatchObject({
      code: 'SDK.NotLoaded',
      cause: { message: 'Failed to fetch dynamically imported module' },
    });
    expect(transport.sent).toEqual([]);
    mockSide.isOnline = true;
    await lastValueFrom(pipeline.call(operation(), {}));
    expect(transport.sent).toHaveLength(1);
  });
});
