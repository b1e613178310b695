import { shownLength, shownRequest, shownResponse, shownUrl } from '../../lib/masking/shown.js';
import {
  accessKeyId,
  expectNoSecretIn,
  keySecret,
  origin,
  password,
  request,
  response,
  secrets,
  token,
  writings,
} from './support.js';

describe('a request that is shown', () => {
  it('has no secret in any field', () => {
    const shown = shownRequest(request(), secrets);
    expectNoSecretIn(shown);
    for (const text of Object.values(shown.headers)) expectNoSecretIn(text);
  });

  it('says what is no secret', () => {
    const { method, url, headers, body } = shownRequest(request(), secrets);
    expect(method).toBe('POST');
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      Action: 'RunInstances',
      AccessKeyId: 'LTAI***7WpB',
      SecurityToken: '***',
      BearerToken: '***',
      Signature: '***',
      SignatureNonce: 'nonce-1',
      Password: '***',
      'Account.1.PassWord': '***',
      Body: '{"DBInstancePassword":"***","Name":"n"}',
      Xml: '<A><PrivateKey>***</PrivateKey></A>',
    });
    expect(headers).toEqual({
      'content-type': 'application/x-www-form-urlencoded',
      authorization: 'ACS3-HMAC-SHA256 ***',
      'proxy-authorization': 'Basic ***',
      'x-acs-accesskey-id': 'LTAI***7WpB',
      'x-acs-security-token': '***',
      'x-acs-bearer-token': '***',
      'x-api-key': '***',
      cookie: '***',
      'x-acs-action': 'RunInstances',
      'x-echo': 'it was ***',
    });
    expect(body).toBe('Instance.1.Password=***&UserData=x+***&PageSize=5');
  });

  it('keeps what it does not hide as it was sent', () => {
    const url = `${origin}/a%2Fb?Name=a%20b%2Bc&Empty=&Flag&Eq=a=b&ClientToken=c-1&NextToken=n`;
    expect(shownRequest({ method: 'GET', url, headers: {} }, secrets)).toEqual({
      method: 'GET',
      url,
      headers: {},
      body: undefined,
    });
  });

  it.each(['{"Password":"%"}', '<A><Password>%</Password></A>', '{"A":"{\\"Password\\":\\"%\\"}"}', '% alone'])(
    'hides what is in its body: %s',
    (pattern) => {
      const body = pattern.replace('%', pattern.includes('alone') ? keySecret : password);
      const shown = shownRequest(request({ headers: { 'content-type': 'application/json' }, body }), secrets);
      expectNoSecretIn(shown.body);
      expect(shown.body).toContain('***');
    },
  );

  it('of bytes says how many', () => {
    expect(shownRequest(request({ body: new Uint8Array(12) }), secrets).body).toBe('12 bytes');
  });

  it('of a short key shows nothing of its id', () => {
    expect(shownUrl(`${origin}/?AccessKeyId=testId`)).toBe(`${origin}/?AccessKeyId=***`);
  });

  it('may be percent-encoded wrongly', () => {
    expect(shownUrl(`${origin}/?A=%E4%22${password}&B=%`)).toBe(`${origin}/?A=***&B=%`);
  });
});

describe('an answer that is shown', () => {
  it('has no secret in any field', () => {
    expectNoSecretIn(shownResponse(response(), secrets));
  });

  it('says what is no secret', () => {
    const { status, headers, body } = shownResponse(response(), secrets);
    expect(status).toBe(200);
    expect(headers).toEqual({
      'content-type': 'application/json',
      'x-acs-request-id': 'R-1',
      'set-cookie': '***',
      'x-token': '***',
      'x-echo': '***',
    });
    expect(body).toContain(
      '{"RequestId":"R-1","NextToken":"page-2","Credentials":{"AccessKeySecret":"***","SecurityToken":"***"},"Passwords":["***"],',
    );
    expect(body).toContain('"Echo":"*** ***"}');
  });

  it('hides the secrets of the call however they are written', () => {
    for (const secret of secrets) {
      for (const write of writings) {
        expectNoSecretIn(shownResponse(response({ body: `got ${write(secret)}.` }), secrets));
      }
    }
  });

  it('of bytes says how many', () => {
    expect(shownResponse(response({ body: '', bytes: new Uint8Array(3) }), secrets).body).toBe('3 bytes');
  });

  it('that is passed on as it comes has no body', () => {
    expect(shownResponse({ status: 200, headers: {} }, secrets)).toEqual({ status: 200, headers: {}, body: undefined });
  });
});

describe('a long body', () => {
  const shown = (body: string, hidden: readonly string[] = []): string =>
    shownResponse(response({ body }), hidden).body ?? '';

  it('is cut, and says how much more there is', () => {
    expect(shown('a'.repeat(shownLength))).toBe('a'.repeat(shownLength));
    expect(shown('a'.repeat(shownLength + 12))).toBe(`${'a'.repeat(shownLength)}… 12 more characters`);
    expect(shown('a'.repeat(100_000), secrets)).toBe(
      `${'a'.repeat(shownLength)}… ${100_000 - shownLength} more characters`,
    );
  });

  it.each([keySecret, token, accessKeyId + keySecret])(
    'is never cut within a secret, so that a part would show: %s',
    (secret) => {
      for (const write of writings) {
        const written = write(secret);
        for (let before = shownLength - written.length - 3; before < shownLength + 300; before += 7) {
          const text = shown(`${'a'.repeat(before)}${written}${'b'.repeat(5000)}`, [secret]);
          // Four characters of it in a row would be a part.
          expect(text).not.toContain(written.slice(0, 4));
          expect(text).not.toContain(written.slice(4, 8));
        }
      }
    },
  );

  it('hides a field whose value is cut off', () => {
    const body = `{"A":"${'a'.repeat(3000)}","Password":"${password}${'b'.repeat(5000)}"}`;
    expect(shown(body)).toContain('"Password":"***… ');
    for (const hidden of [[], secrets]) expectNoSecretIn(shown(body, hidden));
  });

  it('hides secrets that make it much shorter', () => {
    const text = shown(keySecret.repeat(2000), secrets);
    expectNoSecretIn(text);
    expect(text).not.toContain(keySecret.slice(0, 4));
  });
});
