import fc from 'fast-check';
import { describeMismatch, signatureMismatch, type Signed } from '../../lib/signature/mismatch.js';
import { isSignatureRefusal } from '../../lib/signature/refusal.js';

const rpc = 'POST&%2F&AccessKeyId%3DLTAI1%26Action%3DDescribeZones%26Format%3Djson%26RegionId%3Dcn-hangzhou';
const roa = 'GET\napplication/json\n\n\nSat, 31 Jan 2026 08:00:00 GMT\nx-acs-version:2015-12-15\n/clusters?a=b';
const canonical = [
  'POST',
  '/',
  'RegionId=cn-hangzhou',
  'host:ecs.aliyuncs.com',
  'x-acs-action:DescribeZones',
  '',
  'host;x-acs-action',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
].join('\n');
const v3: Signed = { stringToSign: 'ACS3-HMAC-SHA256\n00ff', canonicalRequest: canonical };

const olderMessage = (text: string): string =>
  `Specified signature is not matched with our calculation. server string to sign is:${text}`;
const v3Message = ({ stringToSign, canonicalRequest = '' }: Signed): string =>
  `Specified signature does not match our calculation. server StringToSign is [${stringToSign}] server CanonicalRequest is [${canonicalRequest}]`;

const equal = { at: undefined, server: undefined, client: undefined };

describe('isSignatureRefusal', () => {
  it.each(['SignatureDoesNotMatch', 'InvalidSignature', 'IncompleteSignature', 'SignatureDoesNotMatch.Something'])(
    'knows %s',
    (code) => {
      expect(isSignatureRefusal(code)).toBe(true);
    },
  );

  it.each(['SignatureNonceUsed', 'InvalidSignatureMethod', 'InvalidAccessKeyId.NotFound', ''])('not %j', (code) => {
    expect(isSignatureRefusal(code)).toBe(false);
  });
});

describe('signatureMismatch', () => {
  it.each<[what: string, message: string, ours: Signed]>([
    ['RPC', olderMessage(rpc), { stringToSign: rpc }],
    ['ROA', olderMessage(roa), { stringToSign: roa }],
    ['RPC, with space around', olderMessage(` ${rpc} \n`), { stringToSign: rpc }],
    ['V3', v3Message(v3), v3],
    ['V3, with line breaks escaped once more', v3Message(v3).replaceAll('\n', '\\n'), v3],
    ['V3 without the canonical request', `server StringToSign is [${v3.stringToSign}]`, v3],
    [
      'V3 with brackets in a header',
      v3Message({ ...v3, canonicalRequest: canonical.replace('ecs.aliyuncs.com', '[::1]:80') }),
      { ...v3, canonicalRequest: canonical.replace('ecs.aliyuncs.com', '[::1]:80') },
    ],
  ])('finds equal strings equal: %s', (_what, message, ours) => {
    expect(signatureMismatch(message, ours)).toEqual(equal);
  });

  it.each([
    'Specified signature is not matched with our calculation.',
    'server string to sign is:',
    'server CanonicalRequest is missing',
    '',
  ])('makes nothing of %j', (message) => {
    expect(signatureMismatch(message, v3)).toBeUndefined();
  });

  it('shows where the one line of the older protocol differs', () => {
    const theirs = rpc.replace('Format%3Djson', 'Format%3DJSON');
    expect(signatureMismatch(olderMessage(theirs), { stringToSign: rpc })).toEqual({
      at: { part: 'string to sign', line: 1, column: 66 },
      server: '…on%3DDescribeZones%26Format%3DJSON%26RegionId%3Dcn-hangzhou',
      client: '…on%3DDescribeZones%26Format%3Djson%26RegionId%3Dcn-hangzhou',
    });
  });

  it('shows which line differs', () => {
    const theirs = roa.replace('2015-12-15', '2015-12-16');
    expect(signatureMismatch(olderMessage(theirs), { stringToSign: roa })).toEqual({
      at: { part: 'string to sign', line: 6, column: 24 },
      server: 'x-acs-version:2015-12-16',
      client: 'x-acs-version:2015-12-15',
    });
  });

  it('shows the difference of the canonical requests rather than that of their hashes', () => {
    const theirs = { stringToSign: 'ACS3-HMAC-SHA256\nff00', canonicalRequest: canonical.replace('cn-h', 'CN-H') };
    expect(signatureMismatch(v3Message(theirs), v3)).toEqual({
      at: { part: 'canonical request', line: 3, column: 10 },
      server: 'RegionId=CN-Hangzhou',
      client: 'RegionId=cn-hangzhou',
    });
  });

  it('shows a line that one of them has not', () => {
    const theirs = { ...v3, canonicalRequest: `${canonical}\nmore` };
    expect(signatureMismatch(v3Message(theirs), v3)).toEqual({
      at: { part: 'canonical request', line: 9, column: 1 },
      server: 'more',
      client: undefined,
    });
    expect(signatureMismatch(v3Message(v3), theirs)).toMatchObject({ server: undefined, client: 'more' });
  });

  it('shows no more than what is around it', () => {
    const [theirs, ours] = [`${'a'.repeat(500)}X${'b'.repeat(500)}`, `${'a'.repeat(500)}Y${'b'.repeat(500)}`];
    expect(signatureMismatch(olderMessage(theirs), { stringToSign: ours })).toEqual({
      at: { part: 'string to sign', line: 1, column: 501 },
      server: `…${'a'.repeat(30)}X${'b'.repeat(49)}…`,
      client: `…${'a'.repeat(30)}Y${'b'.repeat(49)}…`,
    });
  });

  describe('with secrets', () => {
    const token = 'CAIS+hunter2/x==';
    const twice = encodeURIComponent(encodeURIComponent(token));
    const mask = (text: string): string => text.replaceAll(token, '***');

    it.each<[what: string, message: string, ours: Signed]>([
      [
        'in the query',
        olderMessage(`GET&%2F&SecurityToken%3D${twice}%26Timestamp%3D1`),
        { stringToSign: `GET&%2F&SecurityToken%3D${twice}%26Timestamp%3D2` },
      ],
      [
        'in the query, of a bearer',
        olderMessage(`GET&%2F&BearerToken%3D${twice}%26Timestamp%3D1`),
        { stringToSign: `GET&%2F&BearerToken%3D${twice}%26Timestamp%3D2` },
      ],
      [
        'in a header',
        v3Message({ ...v3, canonicalRequest: `POST\nx-acs-security-token:${token}\nx:1` }),
        { ...v3, canonicalRequest: `POST\nx-acs-security-token:${token}\nx:2` },
      ],
      [
        'in a header, and masked before',
        v3Message({ ...v3, canonicalRequest: `POST\nx-acs-security-token:***\nx:1` }),
        { ...v3, canonicalRequest: `POST\nx-acs-security-token:${token}\nx:2` },
      ],
      ['anywhere', olderMessage(`GET ${token} 1`), { stringToSign: `GET ${token} 2` }],
    ])('%s shows none, and compares the rest', (_what, message, ours) => {
      const mismatch = signatureMismatch(message, ours, mask);
      expect([mismatch?.server?.at(-1), mismatch?.client?.at(-1)]).toEqual(['1', '2']);
      expect(JSON.stringify(mismatch)).not.toMatch(/hunter2/);
    });

    it('does not take two tokens for the difference', () => {
      const ours = { ...v3, canonicalRequest: `POST\nx-acs-security-token:${token}` };
      const message = v3Message({ ...v3, canonicalRequest: 'POST\nx-acs-security-token:another' });
      expect(signatureMismatch(message, ours)).toEqual(equal);
    });
  });

  it('points at the first character that differs, whatever the strings', () => {
    const anyText = fc.string({ unit: fc.constantFrom('a', 'b', '%', '&', '\n', ' '), minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        const [theirs, ours] = [`x${a}`, `x${b}`];
        const mismatch = signatureMismatch(olderMessage(theirs), { stringToSign: ours });
        if (theirs.trimEnd() === ours.trimEnd()) return expect(mismatch).toEqual(equal);
        const { line = 0, column = 0 } = mismatch?.at ?? {};
        const [theirLines, ourLines] = [theirs.trimEnd().split('\n'), ours.trimEnd().split('\n')];
        expect(theirLines.slice(0, line - 1)).toEqual(ourLines.slice(0, line - 1));
        const [their, our] = [theirLines[line - 1], ourLines[line - 1]];
        expect(their?.slice(0, column - 1) ?? '').toBe(our?.slice(0, column - 1) ?? '');
        if (their !== undefined && our !== undefined) expect(their[column - 1]).not.toBe(our[column - 1]);
      }),
    );
  });
});

describe('describeMismatch', () => {
  it('says where they differ', () => {
    const mismatch = { at: { part: 'canonical request', line: 3, column: 10 }, server: 'a"1', client: 'a"2' } as const;
    expect(describeMismatch(mismatch)).toBe(
      'The signed strings differ at line 3, column 10 of the canonical request: the server has "a\\"1", the client "a\\"2"',
    );
    expect(describeMismatch({ ...mismatch, client: undefined })).toContain(
      'the server has "a\\"1", the client nothing more',
    );
  });

  it('says what else it can be where they do not', () => {
    expect(describeMismatch(equal)).toBe(
      'The strings to sign are equal: the access key secret is not that of the access key id',
    );
  });
});
