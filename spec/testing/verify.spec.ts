import { createHash } from 'node:crypto';
import type { Emulator } from '../../lib/testing/emulator.js';
import type { HttpRequest } from '../../lib/transport/transport.js';
import { keys, sign, withHeader, type Signable } from './support/signer.js';
import { stoppedClock, thingsEmulator } from './support/things.js';
import { wires, type Wire } from './support/wires.js';

const minute = 60_000;

describe.each(wires)('the emulator checks who calls, %s', (_name, open) => {
  let clock: ReturnType<typeof stoppedClock>;
  let emulator: Emulator;
  let wire: Wire;

  beforeEach(async () => {
    clock = stoppedClock();
    emulator = thingsEmulator({
      clock,
      credentials: [keys, { accessKeyId: 'STS.key', accessKeySecret: 'sts-secret', securityToken: 'sts-token' }],
      bearerTokens: ['good-token'],
    });
    wire = await open(emulator);
  });

  afterEach(() => wire.close());

  const signed = (parts: Signable = {}): HttpRequest => sign({ origin: wire.origin, time: clock(), ...parts });

  /** The answer's status and code, `200` where it isn't refused. */
  async function outcome(request: HttpRequest): Promise<string> {
    const { status, body } = await wire.send(request);
    const { Code } = JSON.parse(body) as { Code?: string };
    return Code === undefined ? String(status) : `${status} ${Code}`;
  }

  describe('a signed request', () => {
    it('is accepted', async () => {
      expect(await outcome(signed())).toBe('200');
    });

    it('is accepted with a query full of what has to be encoded', async () => {
      const query = {
        'Tag.1.Key': "a b+c/=&?#!'()*~%_ü漢",
        'Tag.1.Value': '',
        'Filter.a/b c': 'x',
        RegionId: 'cn-beijing',
      };
      expect(await outcome(signed({ query }))).toBe('200');
    });

    it('is accepted with a form and with JSON', async () => {
      const form = signed({
        action: 'CreateThing',
        query: { RegionId: 'cn-hangzhou' },
        body: 'Name=%E6%BC%A2&Parts.1=a',
        contentType: 'application/x-www-form-urlencoded',
      });
      const json = signed({
        action: 'PutRules',
        path: '/rules',
        body: '[{"name":"漢"}]',
        contentType: 'application/json; charset=utf-8',
      });
      expect(await outcome(form)).toBe('200');
      expect(await outcome(json)).toBe('200');
    });

    it('is refused with a wrong secret, which nobody is told', async () => {
      const { status, body, headers } = await wire.send(signed({ accessKeySecret: 'not-the-secret' }));
      expect(status).toBe(400);
      expect(JSON.parse(body)).toMatchObject({
        Code: 'SignatureDoesNotMatch',
        Message: expect.stringContaining('is not matched with our calculation') as string,
        HostId: wire.origin.slice('http://'.length),
        RequestId: headers['x-acs-request-id'],
        Recommend: expect.stringContaining('SignatureDoesNotMatch') as string,
      });
      expect(body).not.toContain(keys.accessKeySecret);
    });

    it('is told what the server has signed in its place', async () => {
      const parts = { query: { RegionId: 'cn-hangzhou' }, nonce: 'n', time: clock() };
      const { body } = await wire.send(withHeader(signed(parts), 'x-acs-signature-nonce', 'another'));
      const { Message } = JSON.parse(body) as { Message: string };
      const [, text, canonical] =
        /calculation\. server StringToSign is \[(.*?)\], server CanonicalRequest is \[(.*)\]$/s.exec(Message) ?? [];
      expect(canonical?.split('\n')).toEqual([
        'POST',
        '/',
        'RegionId=cn-hangzhou',
        `host:${wire.origin.slice('http://'.length)}`,
        'x-acs-action:DescribeThings',
        `x-acs-content-sha256:${sha256('')}`,
        'x-acs-date:2024-05-01T00:00:00Z',
        'x-acs-signature-nonce:another',
        'x-acs-version:2020-01-01',
        '',
        'host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version',
        sha256(''),
      ]);
      expect(text).toBe(`ACS3-HMAC-SHA256\n${sha256(canonical ?? '')}`);
      expect(body).not.toContain(keys.accessKeySecret);
    });

    it('is refused with a key that nobody has', async () => {
      expect(await outcome(signed({ accessKeyId: 'nobody' }))).toBe('404 InvalidAccessKeyId.NotFound');
    });

    it.each<[string, (request: HttpRequest) => HttpRequest]>([
      ['query', (request) => ({ ...request, url: `${request.url}?PageSize=2` })],
      ['method', (request) => ({ ...request, method: 'GET' })],
      ['body', (request) => ({ ...request, body: 'changed' })],
      ['header', (request) => withHeader(request, 'x-acs-signature-nonce', 'another')],
    ])('is refused where its %s was changed on the way', async (_what, change) => {
      expect(await outcome(change(signed()))).toBe('400 SignatureDoesNotMatch');
    });

    it('is refused where the body and its hash were changed together', async () => {
      const other = sign({ origin: wire.origin, body: 'Name=b' });
      const request = withHeader(
        signed({ body: 'Name=a' }),
        'x-acs-content-sha256',
        other.headers['x-acs-content-sha256'],
      );
      expect(await outcome({ ...request, body: 'Name=b' })).toBe('400 SignatureDoesNotMatch');
    });

    it('is refused where the hash of its body is wrong, though signed', async () => {
      const headers = { 'x-acs-content-sha256': 'e3b0c442' };
      expect(await outcome(signed({ headers }))).toBe('400 SignatureDoesNotMatch');
    });

    it.each(['host', 'x-acs-action', 'x-acs-date', 'x-acs-anything', 'content-type'])(
      'is refused where %s is not among the signed headers',
      async (name) => {
        const headers = { 'x-acs-anything': '1' };
        const request = signed({ headers, contentType: 'text/plain', unsigned: [name] });
        expect(await outcome(request)).toBe('400 IncompleteSignature');
      },
    );

    it('is refused where Authorization is not complete', async () => {
      const request = withHeader(signed(), 'authorization', 'ACS3-HMAC-SHA256 Credential=spec-key,Signature=00');
      expect(await outcome(request)).toBe('400 IncompleteSignature');
    });

    it.each(['x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256'])('is refused without %s', async (name) => {
      const { status, body } = await wire.send(signed({ headers: { [name]: undefined } }));
      expect(status).toBe(400);
      expect(JSON.parse(body)).toMatchObject({
        Code: 'MissingParameter',
        Message: expect.stringContaining(name) as string,
      });
    });

    it.each(['x-acs-action', 'x-acs-version', 'authorization'])('is refused without %s at all', async (name) => {
      expect(await outcome(withHeader(signed(), name, undefined))).toBe('400 MissingParameter');
    });
  });

  describe('a nonce', () => {
    it('is good for one request', async () => {
      expect(await outcome(signed({ nonce: 'once' }))).toBe('200');
      expect(await outcome(signed({ nonce: 'once' }))).toBe('400 SignatureNonceUsed');
      expect(await outcome(signed({ nonce: 'twice' }))).toBe('200');
    });

    it('is not used up by a request that was refused', async () => {
      expect(await outcome(signed({ nonce: 'kept', accessKeySecret: 'wrong' }))).toBe('400 SignatureDoesNotMatch');
      expect(await outcome(signed({ nonce: 'kept' }))).toBe('200');
    });

    it('is remembered for as long as its request can be sent again', async () => {
      const request = signed({ nonce: 'early', time: clock() + 15 * minute });
      expect(await outcome(request)).toBe('200');
      clock.advance(30 * minute);
      expect(await outcome(request)).toBe('400 SignatureNonceUsed');
      clock.advance(1000);
      expect(await outcome(request)).toBe('400 InvalidTimeStamp.Expired');
    });
  });

  describe('a clock', () => {
    it.each([15 * minute, -15 * minute])('may be off by %i ms', async (offset) => {
      expect(await outcome(signed({ time: clock() + offset }))).toBe('200');
    });

    it.each([15 * minute + 1000, -15 * minute - 1000])('may not be off by %i ms', async (offset) => {
      expect(await outcome(signed({ time: clock() + offset }))).toBe('400 InvalidTimeStamp.Expired');
    });

    it('is off by the millisecond', async () => {
      const [inTime, late] = [signed(), signed()];
      clock.advance(15 * minute);
      expect(await outcome(inTime)).toBe('200');
      clock.advance(1);
      expect(await outcome(late)).toBe('400 InvalidTimeStamp.Expired');
    });

    it('is set by the Date of any answer', async () => {
      const { headers } = await wire.send(signed({ time: 0 }));
      expect(headers.date).toBe(new Date(clock()).toUTCString());
    });

    it.each(['yesterday', '2024-05-01', '2024-13-01T00:00:00Z', '2024-05-01T00:00:00.000Z'])(
      'is not told by the date %s',
      async (date) => {
        expect(await outcome(signed({ headers: { 'x-acs-date': date } }))).toBe('400 InvalidTimeStamp.Format');
      },
    );
  });

  describe('temporary credentials', () => {
    const sts = { accessKeyId: 'STS.key', accessKeySecret: 'sts-secret' };
    const withToken = (token: string): Record<string, string> => ({
      'x-acs-accesskey-id': 'STS.key',
      'x-acs-security-token': token,
    });

    it('are accepted with their token', async () => {
      expect(await outcome(signed({ ...sts, headers: withToken('sts-token') }))).toBe('200');
    });

    it('are refused with another, or with none', async () => {
      expect(await outcome(signed({ ...sts, headers: withToken('other') }))).toBe('400 InvalidSecurityToken.Malformed');
      expect(await outcome(signed(sts))).toBe('400 MissingParameter');
    });

    it('are not what a key without a token is', async () => {
      const headers = { 'x-acs-security-token': 'sts-token' };
      expect(await outcome(signed({ headers }))).toBe('400 InvalidSecurityToken.Malformed');
    });
  });

  describe('a bearer token', () => {
    const bearer = (token: string, parts: Signable = {}): HttpRequest =>
      withHeader(
        signed({
          query: { SignatureType: 'BEARERTOKEN' },
          ...parts,
          headers: { 'x-acs-bearer-token': token, ...parts.headers },
        }),
        'authorization',
        undefined,
      );

    it('is accepted where it is known', async () => {
      expect(await outcome(bearer('good-token'))).toBe('200');
    });

    it('is accepted with its type in a header, as ROA calls have it', async () => {
      const parts = { action: 'ListClusters', method: 'GET', path: '/clusters', query: {} };
      expect(
        await outcome(bearer('good-token', { ...parts, headers: { 'x-acs-signature-type': 'BEARERTOKEN' } })),
      ).toBe('200');
    });

    it('is refused where it is not known, or does not say what it is', async () => {
      expect(await outcome(bearer('bad-token'))).toBe('400 InvalidBearerToken');
      expect(await outcome(bearer('good-token', { query: {} }))).toBe('400 InvalidSignatureType');
    });

    it('is not good for the same request twice', async () => {
      expect(await outcome(bearer('good-token', { nonce: 'once' }))).toBe('200');
      expect(await outcome(bearer('good-token', { nonce: 'once' }))).toBe('400 SignatureNonceUsed');
    });
  });

  it('asks nobody who they are where the operation is open to all', async () => {
    const query = 'Action=OpenDoor&Version=2020-01-01&Format=json&Timestamp=2024-05-01T00%3A00%3A00Z&SignatureNonce=1';
    expect(await outcome({ method: 'POST', url: `${wire.origin}/?${query}`, headers: {} })).toBe('200');
    expect(emulator.requests.get('OpenDoor')).toBe(1);
  });

  it('executes nothing that it refuses', async () => {
    await outcome(signed({ accessKeySecret: 'wrong' }));
    await outcome(signed());
    expect(emulator.requests.get('DescribeThings')).toBe(1);
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
