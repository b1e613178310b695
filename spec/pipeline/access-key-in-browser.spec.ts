/** A long-lived access key in a page is told of, once. */
import { lastValueFrom } from 'rxjs';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey, bearerToken, stsToken } from '../../lib/credentials/credentials.js';
import { MemoryTransport, operation, pipelineOver, secret } from './support.js';

const key = accessKey('LTAI5tId', secret);

describe('a page whose calls are signed', () => {
  const { process } = globalThis;
  let warnings: unknown[][];

  beforeEach(() => {
    warnings = [];
    jest.spyOn(console, 'warn').mockImplementation((...args) => void warnings.push(args));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    delete (globalThis as { document?: unknown }).document;
    delete (globalThis as Record<symbol, unknown>)[Symbol.for('rx-alicloud.access-key-in-browser')];
  });

  /** In a window, where there is nothing of Node, unless it is said otherwise. */
  function called(options: ClientOptions = {}, { document = true, node = false } = {}): void {
    if (document) Object.assign(globalThis, { document: {} });
    const pipeline = pipelineOver(new MemoryTransport(), { credentials: key, ...options });
    Object.assign(globalThis, { process: node ? process : undefined });
    try {
      for (let i = 0; i < 3; i++) void lastValueFrom(pipeline.call(operation(), {}));
    } finally {
      Object.assign(globalThis, { process });
    }
  }

  it('with a long-lived key is warned once, however many clients it has, without the key', () => {
    called();
    called();
    expect(warnings).toEqual([[expect.stringContaining('docs/browser-security.md')]]);
    expect(String(warnings[0])).not.toMatch(new RegExp(`${secret}|LTAI5tId`));
  });

  it.each<[string, ClientOptions]>([
    ['a token of STS', { credentials: stsToken('STS.Id', secret, 'token') }],
    ['a bearer token', { credentials: bearerToken('token') }],
    ['a key that is meant', { allowAccessKeyInBrowser: true }],
    ['a key for an emulator', { endpoint: 'http://127.0.0.1:8080' }],
    ['a key for an emulator by its name', { endpoint: 'http://localhost:8080' }],
    ['a key for an emulator over IPv6', { endpoint: 'http://[::1]:8080' }],
  ])('with %s is not warned', (_what, options) => {
    called(options);
    expect(warnings).toEqual([]);
  });

  it('is not warned where it is none: a worker or a server, and a test with jsdom', () => {
    called({}, { document: false });
    called({}, { node: true });
    expect(warnings).toEqual([]);
  });

  it('is warned of a host that only looks like the machine itself', () => {
    called({ endpoint: 'http://127.0.0.1.example:8080' });
    expect(warnings).toHaveLength(1);
  });
});
