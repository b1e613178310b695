import { EMPTY, NEVER, Observable, of, Subject, throwError } from 'rxjs';
import { inspect } from 'node:util';
import type { Credentials, CredentialsProvider } from '../../lib/credentials/credentials.js';
import { ClientError, isClientError, TimeoutError } from '../../lib/errors.js';
import { defaultOptions, errorOf, MemoryTransport, operation, pipelineOver, secret, sentFor } from './support.js';

const key: Credentials = { accessKeyId: 'LTAI5tOwn', accessKeySecret: secret };

/** Plain JavaScript gives anything. */
const provider = (give: () => unknown): CredentialsProvider => give as CredentialsProvider;

async function failure(credentials: CredentialsProvider | undefined): Promise<ClientError> {
  const transport = new MemoryTransport();
  const error = await errorOf(pipelineOver(transport, { credentials }).call(operation(), {}));
  expect(transport.sent).toEqual([]);
  expect(error).toBeInstanceOf(ClientError);
  return error as ClientError;
}

describe('a credentials provider', () => {
  it.each<[what: string, give: CredentialsProvider]>([
    ['a Promise', () => Promise.resolve(key)],
    ['an Observable', () => of(key)],
    ['an array', () => [key]],
    [
      'an async iterable',
      async function* () {
        yield await Promise.resolve(key);
      },
    ],
    ['an Observable that goes on', () => new Observable((subscriber) => subscriber.next(key))],
    ['more than one', () => [key, { bearerToken: 'second' }]],
  ])('may give %s', async (_what, give) => {
    const { headers } = await sentFor(operation(), {}, undefined, { credentials: give });
    expect(headers.authorization).toContain('Credential=LTAI5tOwn,');
  });

  it('is left after its first value', () => {
    const credentials$ = new Subject<Credentials>();
    const call = pipelineOver(new MemoryTransport(() => NEVER), { credentials: () => credentials$ })
      .call(operation(), {})
      .subscribe();
    credentials$.next(key);
    expect(credentials$.observed).toBe(false);
    call.unsubscribe();
  });

  it('is asked once for each call, when it is subscribed to', () => {
    let asked = 0;
    const call = pipelineOver(new MemoryTransport(), { credentials: () => (asked++, [key]) }).call(operation(), {});
    expect(asked).toBe(0);
    call.subscribe();
    call.subscribe();
    expect(asked).toBe(2);
  });

  it("of the call stands in the place of the client's", async () => {
    const { headers } = await sentFor(operation(), {}, { credentials: () => [key] });
    expect(headers.authorization).toContain('Credential=LTAI5tOwn,');
  });

  it.each<[what: string, given: object, signed: boolean, token: boolean]>([
    ['an access key beside an undefined token', { ...key, bearerToken: undefined }, true, false],
    ['an access key beside an empty token', { ...key, bearerToken: '' }, true, false],
    ['a token beside an empty access key', { bearerToken: 't', accessKeyId: '', accessKeySecret: '' }, false, true],
    ['a token beside an undefined access key', { bearerToken: 't', accessKeyId: undefined }, false, true],
  ])('may give %s', async (_what, given, signed, token) => {
    const { headers } = await sentFor(operation(), {}, undefined, { credentials: provider(() => [given]) });
    expect(['authorization' in headers, 'x-acs-bearer-token' in headers]).toEqual([signed, token]);
  });

  it.each<[securityToken: unknown]>([[undefined], [null], ['']])(
    'may leave the security token out as %p',
    async (securityToken) => {
      const credentials = provider(() => [{ ...key, securityToken }]);
      expect((await sentFor(operation(), {}, undefined, { credentials })).headers).not.toHaveProperty(
        'x-acs-security-token',
      );
    },
  );
});

describe('credentials that can not be had', () => {
  it('are named: no provider', async () => {
    expect((await failure(undefined)).message).toBe(
      "DescribeZones can't be signed: expected `credentials` in the client's options, such as accessKey(id, secret), got none",
    );
  });

  it('are named: a provider without a value', async () => {
    for (const give of [() => EMPTY, () => []]) {
      expect((await failure(give)).message).toBe(
        "DescribeZones can't be signed: the credentials provider completed without giving any",
      );
    }
  });

  it.each<[how: string, give: (error: Error) => unknown]>([
    [
      'throws',
      (error) => {
        throw error;
      },
    ],
    ['rejects', (error) => Promise.reject(error)],
    ['errors', (error) => throwError(() => error)],
  ])('are named: a provider that %s', async (_how, give) => {
    const cause = new Error('the vault is locked');
    const error = await failure(provider(() => give(cause)));
    expect(error.message).toBe("DescribeZones can't be signed: the credentials provider failed: the vault is locked");
    expect([error.code, error.cause]).toEqual(['SDK.CredentialsUnavailable', cause]);
  });

  it.each([undefined, null, 'locked', Object.create(null)])('are named: a provider that throws %p', async (thrown) => {
    const error = await failure(
      provider(() => {
        throw thrown;
      }),
    );
    expect(error.message).toMatch(/^DescribeZones can't be signed: the credentials provider failed: /);
  });

  it('hand on an error of ours as it is', async () => {
    const error = new TimeoutError({ phase: 'attempt', timeout: 1, action: 'AssumeRole' });
    expect(await failure(() => throwError(() => error))).toBe(error);
  });

  it.each<[given: unknown, words: string]>([
    [undefined, 'nothing'],
    [null, 'nothing'],
    [42, 'a number'],
    [[key], 'an array of 1'],
    [`x${secret}`, 'a string'],
    [() => 1, 'a function'],
    [{}, 'an object with nothing in it'],
    [{ accessKeyId: 'id' }, 'an object with accessKeyId'],
    [{ accessKeyId: 'id', accessKeySecret: '' }, 'an object with accessKeyId, accessKeySecret'],
    [{ accessKeyId: 1, accessKeySecret: secret }, 'an object with accessKeyId, accessKeySecret'],
    [{ AccessKeyId: 'id', AccessKeySecret: secret }, 'an object with AccessKeyId, AccessKeySecret'],
    [{ accessKeyId: 'id\n', accessKeySecret: secret }, 'an object with accessKeyId, accessKeySecret'],
    [{ accessKeyId: 'id', accessKeySecret: `${secret}\n` }, 'an object with accessKeyId, accessKeySecret'],
    [{ ...key, securityToken: 1 }, 'an object with accessKeyId, accessKeySecret, securityToken'],
    [{ ...key, securityToken: `${secret}\r\nx: y` }, 'an object with accessKeyId, accessKeySecret, securityToken'],
    [{ bearerToken: '' }, 'an object with bearerToken'],
    [{ bearerToken: `${secret}\n` }, 'an object with bearerToken'],
  ])('are described and not shown: %j', async (given, words) => {
    const error = await failure(provider(() => Promise.resolve(given)));
    expect(isClientError(error, 'SDK.CredentialsUnavailable')).toBe(true);
    expect(error.message).toBe(
      "DescribeZones can't be signed: expected the credentials provider to give { accessKeyId, accessKeySecret, securityToken? }, " +
        `{ bearerToken } or { idToken }, non-empty strings of visible ASCII characters, got ${words}`,
    );
    expect(inspect(error, { showHidden: true }) + JSON.stringify(error)).not.toContain(secret);
  });

  it.each([undefined, null, 42, { ...key }])(
    'are described and not shown where the provider returns %j itself',
    async (returned) => {
      const error = await failure(provider(() => returned));
      expect(error.code).toBe('SDK.CredentialsUnavailable');
      expect(inspect(error, { showHidden: true }) + JSON.stringify(error)).not.toContain(secret);
    },
  );

  it('do not disturb an operation that is not signed', async () => {
    await sentFor(operation({ anonymous: true }), {}, undefined, { ...defaultOptions, credentials: () => EMPTY });
  });
});
