/** Whatever is sent, a gateway answers, and with nothing of the inside. */
import fc from 'fast-check';
import { of, throwError } from 'rxjs';
import { accessKey } from '../../lib/credentials/credentials.js';
import { NetworkError } from '../../lib/errors.js';
import { parseStrictJson } from '../../lib/gateway/strict-json.js';
import { parseJson, stringifyJson } from '../../lib/schema/json.js';
import { describeInstances, runInstances } from '../../lib/services/ecs.js';
import { createGateway } from '../../lib/gateway/index.js';
import { answerTo, newAttempt, origin, recorderOf, requestOf, siteOf } from './support.js';

const seed = process.env.FC_SEED === undefined ? undefined : Number(process.env.FC_SEED);
const runs = (numRuns: number): fc.Parameters<unknown> => ({ numRuns, ...(seed === undefined ? {} : { seed }) });
const limits = { depth: 16, listLength: 100, keys: 100 };
const codes = /^Gateway\.\w+$/;
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('JSON from strangers', () => {
  it('is read as JSON.parse reads it, or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        let read: unknown;
        try {
          read = parseStrictJson(bytesOf(text), limits);
        } catch (error) {
          // Half characters, and numbers beyond what is exact.
          expect((error as { code: string }).code).toBe('Gateway.InvalidRequest');
          return;
        }
        expect(read).toEqual(parseJson(text));
      }),
      runs(300),
    );
  });

  it('that JSON.parse refuses is refused, and what is broken anywhere', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (json, at, piece) => {
        const text = json.slice(0, at % (json.length + 1)) + piece + json.slice((at % (json.length + 1)) + 1);
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(() => parseStrictJson(bytesOf(text), limits)).toThrow();
          return;
        }
        try {
          expect(stringifyJson(parseStrictJson(bytesOf(text), limits))).toBe(stringifyJson(parseJson(text)));
        } catch (error) {
          if ((error as { code?: string }).code !== 'Gateway.InvalidRequest') throw error;
        }
        void expected;
      }),
      runs(500),
    );
  });

  it('has exact integers of 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (integer) => {
        expect(BigInt(parseStrictJson(bytesOf(String(integer)), limits) as number | bigint)).toBe(integer);
      }),
      runs(200),
    );
  });
});

describe('whatever is sent', () => {
  const site = siteOf({ rates: { requests: 1_000_000 }, allow: [describeInstances, runInstances] });

  it('as a request is answered, and what is answered is one of the errors', async () => {
    const header = fc.oneof(
      fc.constantFrom('application/json', 'text/plain', origin, 'gzip', '0', '5, 5', 'null'),
      fc.string().filter((text) => /^[\x20-\x7e]*$/.test(text)),
    );
    const headers = fc.dictionary(
      fc.constantFrom(
        'content-type',
        'origin',
        'host',
        'x-rx-alicloud-attempt',
        'content-encoding',
        'content-length',
        'sec-fetch-site',
        'accept',
        'x-user',
      ),
      header,
    );
    const path = fc.oneof(
      fc.constant('/Ecs/2014-05-26/DescribeInstances'),
      fc.webPath(),
      fc.string().map((text) => `/${encodeURIComponent(text)}`),
    );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc.json().map(bytesOf),
      fc.json().map((json) => bytesOf(`{"request":${json}}`)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('POST', 'GET', 'PUT', 'OPTIONS'),
        path,
        headers,
        body,
        async (method, where, more, content) => {
          let request: Request;
          try {
            request = requestOf({ method, path: where, headers: more, body: content });
          } catch {
            // What no `Request` can be, an adapter never makes one of.
            return;
          }
          const response = await site.gateway.handle(request);
          const text = await response.text();
          if (response.status === 200) return expect(text).toContain('RequestId');
          const { Code } = JSON.parse(text) as { Code: string };
          expect(Code.startsWith('Gateway.') ? codes.test(Code) : response.status >= 400).toBe(true);
          expect(Code).not.toBe('Gateway.InternalError');
          expect(text).not.toMatch(/ {4}at |node_modules|\.ts:/);
        },
      ),
      runs(100),
    );
    expect(site.warnings).toEqual([]);
  });
});

describe('whatever goes wrong', () => {
  const secrets = {
    keyId: 'LTAI5tPropertySecretKeyId',
    secret: 'property-access-key-secret-1',
    host: 'ecs-internal.example.net',
    ip: '10.11.12.13',
    path: '/srv/app/lib/secret.ts:12:34',
  };
  const anySecret = fc.constantFrom(...Object.values(secrets));
  const leaky = fc
    .array(fc.oneof(anySecret, fc.constantFrom(' ', '": "', 'Signature', '\r\n', '<')), { maxLength: 6 })
    .map((parts) => parts.join(' '));
  /** What may stand in the message of a service's error: its own words, but no key and no host. */
  const inMessage = fc
    .array(fc.constantFrom(secrets.keyId, secrets.secret, secrets.host, 'for', 'key'), { maxLength: 6 })
    .map((parts) => parts.join(' '));
  const errorBody = fc.oneof(
    fc
      .tuple(
        fc.constantFrom(
          'Bad.Request',
          'SignatureDoesNotMatch',
          'InvalidAccessKeyId.NotFound',
          'Forbidden.RAM',
          'Throttling.User',
        ),
        inMessage,
        leaky,
      )
      .map(([Code, Message, HostId]) =>
        JSON.stringify({ Code, Message, HostId, Recommend: HostId, AccessDeniedDetail: { a: HostId } }),
      ),
    leaky.map((text) => `<html>${text}</html>`),
  );
  const upstream = fc.oneof(
    fc
      .tuple(fc.constantFrom(400, 403, 404, 429, 500, 503), errorBody, leaky)
      .map(([status, body, header]) =>
        of({ status, body, headers: { server: header, 'x-acs-request-id': header, 'set-cookie': header } }),
      ),
    leaky.map((text) =>
      throwError(() => new NetworkError(text, `https://${secrets.host}`, 'ECONNREFUSED', { cause: new Error(text) })),
    ),
    leaky.map((text) => throwError(() => Object.assign(new TypeError(text), { stack: text, config: text }))),
    leaky.map((text) => throwError(() => text)),
  );

  it('upstream, what is answered has nothing of the inside in it', async () => {
    await fc.assert(
      fc.asyncProperty(upstream, fc.boolean(), async (answer$, isWrite) => {
        const events: unknown[] = [];
        const gateway = createGateway({
          client: {
            regionId: 'cn-hangzhou',
            endpoint: `https://${secrets.host}`,
            credentials: accessKey(secrets.keyId, secrets.secret),
            transport: recorderOf({ send: () => answer$ }),
            retry: false,
            rateLimiter: false,
          },
          origins: [origin],
          allow: [describeInstances, runInstances],
          authorize: () => ({ id: 'a' }),
          warn: () => undefined,
          logger: (event) => events.push(event),
        });
        const attempt = newAttempt();
        const path = `/Ecs/2014-05-26/${isWrite ? 'RunInstances' : 'DescribeInstances'}`;
        for (let time = 0; time < 2; time++) {
          const { status, text, headers } = await answerTo({ gateway }, { path, attempt });
          expect(status).toBeGreaterThanOrEqual(400);
          const shown = `${text} ${JSON.stringify([...headers])} ${JSON.stringify(events)}`;
          for (const secret of Object.values(secrets)) expect(shown).not.toContain(secret);
        }
      }),
      runs(50),
    );
  });

  it('in a hook, neither has', async () => {
    await fc.assert(
      fc.asyncProperty(leaky, fc.constantFrom('authorize', 'permit'), async (text, hook) => {
        const fail = (): never => {
          throw new Error(text);
        };
        const broken = siteOf({ authorize: hook === 'authorize' ? fail : () => ({ id: 'a', permit: fail }) });
        const answer = await answerTo(broken);
        expect(answer.text).toBe('{"Code":"Gateway.InternalError","Message":"The gateway failed"}');
      }),
      runs(20),
    );
  });
});
