/** A transport of the user's own may fail with anything: the call still ends in one typed error, which says what is known. */
import { inspect } from 'node:util';
import { throwError } from 'rxjs';
import { accessKey } from '../../lib/credentials/credentials.js';
import { isClientError } from '../../lib/errors.js';
import { errorOf, MemoryTransport, operation, pipelineOver, secret } from './support.js';

const failWith = (thrown: unknown, retry: false | { maxAttempts: number; baseDelay: number } = false) => {
  const transport = new MemoryTransport(() => throwError(() => thrown));
  const pipeline = pipelineOver(transport, { retry, credentials: accessKey('LTAI5tId', secret) });
  return { transport, error: errorOf(pipeline.call(operation(), {})) };
};

/** As Angular's `HttpClient` fails; it is no `Error`. */
const httpErrorResponse = (differs: object): object => ({
  name: 'HttpErrorResponse',
  headers: {},
  ok: false,
  url: 'https://ecs.example/',
  ...differs,
});

const refusing = {
  get message(): string {
    throw new RangeError('not to be read');
  },
  status: 502,
};

const wary = new Proxy(
  { message: 'hidden' },
  {
    get() {
      throw new RangeError('not to be read');
    },
    ownKeys() {
      throw new RangeError('not to be listed');
    },
    getPrototypeOf() {
      throw new RangeError('not to be asked');
    },
  },
);

const unreadable = Object.defineProperty(new Error('readable'), 'status', {
  get() {
    throw new RangeError('not to be read');
  },
});

const round: Record<string, unknown> = { message: 'goes round' };
round.cause = round;

const itself: Record<string, unknown> = {};
itself.error = itself;

describe('what a transport fails with, and is no error that can be read', () => {
  it.each<[string, unknown, { message: RegExp; status?: number; cause?: unknown }]>([
    ['a text', 'down for today', { message: /^down for today$/, cause: 'down for today' }],
    ['an empty text', '', { message: /^a text with nothing in it was thrown/ }],
    ['nothing', undefined, { message: /^undefined was thrown, which does not say why/ }],
    ['null', null, { message: /^null was thrown, which does not say why/ }],
    ['a number', 503, { message: /^503/ }],
    ['a symbol', Symbol('gone'), { message: /^Symbol\(gone\)/ }],
    ['a bigint', 5n, { message: /^5$/ }],
    [
      'the rejection of a promise',
      { reason: { message: 'within', code: 'ECONNRESET' } },
      { message: /^within/, cause: { cause: { message: 'within', code: 'ECONNRESET' } } },
    ],
    ['an object that is its own error', itself, { message: /^an object with error was thrown/ }],
    [
      'an object with very much in it',
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i])),
      { message: /^an object with k0, k1, k2, k3, k4, k5, k6, k7, k8, k9 was thrown/ },
    ],
    ['a function', () => secret, { message: /^a function was thrown/ }],
    ['an object with nothing to say', { a: 1, b: 2 }, { message: /^an object with a, b was thrown/ }],
    ['an object without a prototype', Object.create(null), { message: /^an object with nothing in it was thrown/ }],
    [
      'an object with a message, a status and a cause',
      { message: 'refused', status: 403, cause: new RangeError('too far') },
      { message: /^refused/, status: 403, cause: { message: 'refused', status: 403, cause: { message: 'too far' } } },
    ],
    [
      'an object with an error',
      { error: { message: 'within' } },
      { message: /^within/, cause: { cause: { message: 'within' } } },
    ],
    ['the body of a service', { Code: 'X', Message: 'Not now', status: 500 }, { message: /^Not now/, status: 500 }],
    [
      "Angular's error of an answer",
      httpErrorResponse({ status: 503, statusText: 'Service Unavailable', message: 'Http failure response: 503' }),
      { message: /^Http failure response: 503/, status: 503, cause: { name: 'HttpErrorResponse', status: 503 } },
    ],
    [
      'the same without a message',
      httpErrorResponse({ status: 503, statusText: 'Service Unavailable', error: { detail: 1 } }),
      { message: /^HTTP status 503: Service Unavailable/, status: 503 },
    ],
    [
      'an answer of fetch',
      new Response('no', { status: 502, statusText: 'Bad Gateway' }),
      { message: /^HTTP status 502: Bad Gateway/, status: 502 },
    ],
    [
      'a DOMException',
      new DOMException('no more space', 'QuotaExceededError'),
      { message: /^no more space/, cause: { name: 'QuotaExceededError' } },
    ],
    [
      'an event',
      new Event('error'),
      { message: /^a Event with isTrusted was thrown|^a Event with nothing in it was thrown/ },
    ],
    ['an object whose getter throws', refusing, { message: /^HTTP status 502/, status: 502 }],
    ['an error whose getter throws', unreadable, { message: /^readable/ }],
    ['a proxy that refuses everything', wary, { message: /was thrown/ }],
    ['an object that goes round', round, { message: /^goes round/ }],
  ])('%s', async (_what, thrown, { message, ...facts }) => {
    const error = await failWith(thrown).error;
    expect(isClientError(error, 'SDK.Unexpected')).toBe(true);
    expect(error).toMatchObject({ ...facts, action: 'DescribeZones' });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('[object');
    expect(() => JSON.stringify(error)).not.toThrow();
  });

  it("is a failure of the network, and repeated, where Angular's HttpClient says that no answer came", async () => {
    const thrown = httpErrorResponse({ status: 0, statusText: 'Unknown Error', error: new Event('error') });
    const { error, transport } = failWith(thrown, { maxAttempts: 2, baseDelay: 0 });
    expect(await error).toMatchObject({ code: 'SDK.NetworkError', systemCode: 'ERR_NETWORK' });
    expect(transport.sent).toHaveLength(2);
  });

  it.each<[string, (text: string) => unknown]>([
    ['a text', (text) => text],
    ['a message', (text) => ({ message: text })],
    ['a name', (name) => ({ name, message: 'm' })],
    ['a status line', (statusText) => ({ status: 500, statusText })],
    ['an error within', (text) => ({ error: { message: text } })],
    ['a cause', (text) => ({ message: 'm', cause: { message: text } })],
    ['a cause that is a text', (cause) => ({ message: 'm', cause })],
    ['a code', (code) => ({ message: 'm', code })],
    ['a field that nobody knows', (text) => ({ message: 'm', config: { headers: { authorization: text } } })],
    ['what is written in a function', (text) => Object.assign(() => 0, { toString: () => text })],
  ])('shows no secret of the request that stands in %s', async (_where, thrown) => {
    const error = await failWith(thrown(`it was ${secret}`)).error;
    for (const shown of [error.message, String(error.stack), JSON.stringify(error), inspect(error, { depth: 9 })]) {
      expect(shown).not.toContain(secret);
    }
  });
});
