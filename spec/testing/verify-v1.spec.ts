import { lastValueFrom, map } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import { accessKey, bearerToken, stsToken } from '../../lib/credentials/credentials.js';
import { isServerError } from '../../lib/errors.js';
import type { Operation } from '../../lib/service.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import { keys } from './support/signer.js';
import {
  createThing,
  describeThings,
  openDoor,
  stoppedClock,
  thingsEmulator,
  updateCluster,
} from './support/things.js';

const minute = 60_000;
const calls = {
  RPC: [describeThings, { Tag: [{ Key: "é *~!'()", Value: '' }] }],
  'RPC with a form': [createThing, { RegionId: 'cn-hangzhou', Name: 'a +&é', Parts: ['b', 'c d'] }],
  ROA: [updateCluster, { ClusterId: 'a/b +', dry_run: true, 'x-acs-mode': 'm', size: 1, labels: { é: 'f' } }],
} as const;

describe.each(Object.entries(calls))('%s in the older protocol', (style, [operation, request]) => {
  let clock: ReturnType<typeof stoppedClock>;
  let emulator: Emulator;

  beforeEach(() => {
    clock = stoppedClock();
    const temporary = { accessKeyId: 'STS.key', accessKeySecret: 'sts-secret', securityToken: 'sts-token' };
    emulator = thingsEmulator({ clock, credentials: [keys, temporary], bearerTokens: ['good-token'] });
  });

  /** How a call ends whose request is changed on its way. */
  async function outcome(
    options: ClientOptions = {},
    change: (sent: HttpRequest) => HttpRequest = (sent) => sent,
  ): Promise<string> {
    const client = new AlicloudClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey(keys.accessKeyId, keys.accessKeySecret),
      signature: 'V1',
      clock,
      retry: false,
      ...options,
      transport: { send: (sent) => emulator.transport.send(change(sent)) },
    });
    try {
      await lastValueFrom(client.call(operation as Operation<object, unknown>, request));
      return 'accepted';
    } catch (error) {
      if (isServerError(error)) return error.code;
      throw error;
    }
  }

  it('is accepted, with an access key, a temporary one, and a bearer token', async () => {
    expect(await outcome()).toBe('accepted');
    expect(await outcome({ credentials: stsToken('STS.key', 'sts-secret', 'sts-token') })).toBe('accepted');
    expect(await outcome({ credentials: bearerToken('good-token') })).toBe('accepted');
  });

  it('is refused with a wrong secret, a key that nobody has, a wrong token, and a bearer token of no one', async () => {
    expect(await outcome({ credentials: accessKey(keys.accessKeyId, 'wrong') })).toBe('SignatureDoesNotMatch');
    expect(await outcome({ credentials: accessKey('nobody', 'wrong') })).toBe('InvalidAccessKeyId.NotFound');
    expect(await outcome({ credentials: accessKey('STS.key', 'sts-secret') })).toBe('MissingParameter');
    expect(await outcome({ credentials: stsToken('STS.key', 'sts-secret', 'other') })).toBe(
      'InvalidSecurityToken.Malformed',
    );
    expect(await outcome({ credentials: bearerToken('bad-token') })).toBe('InvalidBearerToken');
  });

  it.each<[what: string, change: (sent: HttpRequest) => HttpRequest]>([
    ['method', (sent) => ({ ...sent, method: sent.method === 'POST' ? 'GET' : 'POST' })],
    ['query', ({ url, ...sent }) => ({ ...sent, url: `${url}${url.includes('?') ? '&' : '?'}A=b` })],
  ])('is refused where its %s was changed on the way', async (_what, change) => {
    expect(await outcome({}, change)).toBe('SignatureDoesNotMatch');
  });

  it('is told what the server has signed in its place', async () => {
    const client = new AlicloudClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey(keys.accessKeyId, 'wrong'),
      signature: 'V1',
      clock,
      transport: {
        send: (sent) =>
          emulator.transport.send(sent).pipe(
            map((response) => {
              const { Message } = JSON.parse(response.body) as { Message: string };
              throw new Error(Message);
            }),
          ),
      },
      retry: false,
    });
    const message = await lastValueFrom(client.call(operation as Operation<object, unknown>, request)).then(
      () => 'accepted',
      (error: unknown) => String(error),
    );
    expect(message).toMatch(
      style === 'ROA'
        ? /calculation\. server string to sign is:PUT\napplication\/json\n.*\n\/clusters\/.+$/s
        : /calculation\. server string to sign is:POST&%2F&AccessKeyId%3Dspec-key%26Action%3D/,
    );
    expect(message).not.toContain('spec-secret');
  });

  it('is refused where its nonce was used before', async () => {
    expect(await outcome({ nonce: () => 'once' })).toBe('accepted');
    expect(await outcome({ nonce: () => 'once' })).toBe('SignatureNonceUsed');
    expect(await outcome({ nonce: () => 'once', credentials: bearerToken('good-token') })).toBe('accepted');
    expect(await outcome({ nonce: () => 'once', credentials: bearerToken('good-token') })).toBe('SignatureNonceUsed');
    expect(await outcome({ nonce: () => '' })).toBe('MissingParameter');
  });

  it('is refused where its clock is off', async () => {
    const start = clock();
    expect(await outcome({ clock: () => start + 15 * minute })).toBe('accepted');
    expect(await outcome({ clock: () => start - 15 * minute - 1000 })).toBe('InvalidTimeStamp.Expired');
    const undated = style === 'ROA' ? { date: 'today' } : undefined;
    expect(
      await outcome({}, (sent) => ({
        ...sent,
        url: sent.url.replace(/Timestamp=[^&]*/, 'Timestamp=today'),
        headers: { ...sent.headers, ...undated },
      })),
    ).toBe('InvalidTimeStamp.Format');
  });
});

describe('an RPC call in the older protocol', () => {
  const query = (more: string): string =>
    `http://things.cn-hangzhou.aliyuncs.com/?Action=DescribeThings&Version=2020-01-01&Timestamp=2024-05-01T00:00:00Z&SignatureNonce=1&${more}`;

  it.each([
    ['SignatureMethod=HMAC-SHA256&Signature=x&AccessKeyId=a', 'InvalidSignatureMethod'],
    ['SignatureMethod=HMAC-SHA1&SignatureVersion=2.0&Signature=x&AccessKeyId=a', 'InvalidSignatureVersion'],
    ['SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&Signature=x', 'MissingParameter'],
    ['SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&AccessKeyId=spec-key', 'MissingParameter'],
  ])('with %s is refused: %s', async (parameters, code) => {
    const { transport } = thingsEmulator({ clock: stoppedClock() });
    const { body } = await lastValueFrom(transport.send({ method: 'POST', url: query(parameters), headers: {} }));
    expect(JSON.parse(body)).toMatchObject({ Code: code });
  });

  it('is refused where its form was changed on the way', async () => {
    const { transport } = thingsEmulator();
    const client = new AlicloudClient({
      regionId: 'cn-hangzhou',
      credentials: accessKey(keys.accessKeyId, keys.accessKeySecret),
      signature: 'V1',
      transport: { send: (sent) => transport.send({ ...sent, body: 'Name=b' }) },
    });
    const call = lastValueFrom(client.call(createThing, { RegionId: 'cn-hangzhou', Name: 'a' } as never));
    await expect(call).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });

  it('needs no signature where the operation is open to all', async () => {
    const { transport } = thingsEmulator();
    const client = new AlicloudClient({ regionId: 'cn-hangzhou', transport });
    expect(await lastValueFrom(client.call(openDoor, { Key: 'k' } as never))).toHaveProperty('RequestId');
  });
});
