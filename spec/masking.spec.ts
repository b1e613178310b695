import { hideFields, hideParameters, hiding, isSecretName } from '../lib/masking/masking.js';

describe('a name', () => {
  it.each([
    ...['Password', 'AccountPasswd', 'AccessKeySecret', 'SecurityToken', 'x-acs-security-token', 'PrivateKeyBody'],
    ...['private_key', 'SAMLAssertion', 'Tag.1.Pwd', 'ApiKey', 'api_key', 'x-api-key', 'Plaintext', 'KeyPassphrase'],
    ...[
      'SSLPri',
      'Psk',
      'AuthKey',
      'ServerKey',
      'ClientKey',
      'Cak',
      'client-key-data',
      'KubeConfig',
      'AppCode',
      'PinCode',
    ],
    ...[
      'VpnConnection.Psk',
      'Secrets',
      'SecretsJson',
      'AccessTokenValue',
      'OSS_ACCESS_KEY_SECRET',
      'VerifyCode',
      'ExternalId',
    ],
    ...['AuthenticationCode1', 'set-cookie', 'Authorization', 'Password.Value'],
  ])('%s is that of a secret', (name) => expect(isSecretName(name)).toBe(true));

  it.each([
    ...['NextToken', 'ClientToken', 'next_token', 'AccessKeyId', 'RegionId', 'PublicKey', 'x-acs-signature-nonce'],
    ...['Key', 'KeyPairName', 'KeyName', 'TagKey', 'TokenId', 'TokenType', 'SecretName', 'SecretId', 'SecretArn'],
    ...[
      'PasswordPolicy',
      'MaxPasswordAge',
      'PasswordInherit',
      'InputTokens',
      'max_tokens',
      'HttpTokens',
      'Code',
      'RequestId',
    ],
    ...[
      'StatusCode',
      'SignatureMethod',
      'NextPageToken',
      'PskEnabled',
      'AccessTokenExpiredTime',
      'PrivateIpAddress',
      'EncryptionKey',
    ],
    ...['Compass', 'Authority', 'Unspecified', 'Keyword', 'PassRate', 'KMSKeyId', 'Principal', 'SpotPrice'],
  ])('%s is not', (name) => expect(isSecretName(name)).toBe(false));
});

describe('fields', () => {
  it.each([
    ['{"Password":"p","A":"b"}', '{"Password":"***","A":"b"}'],
    ['{ "Password" : "p" }', '{ "Password" : "***" }'],
    ['{"Password":"p\\"p\\\\","A":"b"}', '{"Password":"***","A":"b"}'],
    ['{"Password":"p', '{"Password":"***'],
    ['{"Password":"","A":"b"}', '{"Password":"***","A":"b"}'],
    ['{"Secrets":["p","q\\"q" , "r"],"A":"b"}', '{"Secrets":["***"],"A":"b"}'],
    ['{"Secrets":[],"A":"b"}', '{"Secrets":[],"A":"b"}'],
    ['{"Secrets":["p","q', '{"Secrets":["***'],
    ['{"SecretList":[{"Name":"n","SecretData":"p"}]}', '{"SecretList":[{"Name":"n","SecretData":"***"}]}'],
    ['{"A":"{\\"Password\\":\\"p\\"}"}', '{"A":"{\\"Password\\":\\"***\\"}"}'],
    ['{"A":"{\\"Password\\":\\"p\\\\\\"q\\",\\"B\\":1}"}', '{"A":"{\\"Password\\":\\"***\\",\\"B\\":1}"}'],
    ['{"A":"{\\"Password\\":\\"p"}', '{"A":"{\\"Password\\":\\"***"}'],
    ['{"A":"the password: p"}', '{"A":"the password: p"}'],
    ['{"NextToken":"n","Password":"p","ClientToken":"c"}', '{"NextToken":"n","Password":"***","ClientToken":"c"}'],
    ['{"A":"Password","Token":"p"}', '{"A":"Password","Token":"***"}'],
    ['<A><Password>p</Password><B>b</B></A>', '<A><Password>***</Password><B>b</B></A>'],
    ['<Password x="1"><![CDATA[p<q]]></Password>', '<Password x="1">***</Password>'],
    ['<Password><![CDATA[p<q', '<Password>***'],
    ['<Password>p', '<Password>***'],
    ['{"Password":12345,"A":1}', '{"Password":"***","A":1}'],
    ['{"Password":-1.5e9}', '{"Password":"***"}'],
    ['{"HasPassword":true,"Token":null}', '{"HasPassword":true,"Token":null}'],
    ['{"Secret":{"a":["p}",{"b":"q"}]},"A":1}', '{"Secret":"***","A":1}'],
    ['{"Secret":{"a":"p', '{"Secret":"***'],
    ['{"Secrets":[{"a":"p"}],"A":1}', '{"Secrets":["***"],"A":1}'],
    ['{"PinCodes":[1],"Passwords":[1,2],"A":1}', '{"PinCodes":[1],"Passwords":["***"],"A":1}'],
    ['{"A":"{\\"Secret\\":{\\"b\\":\\"p\\"}}","C":1}', '{"A":"{\\"Secret\\":\\"***\\"}","C":1}'],
    ["{'Password': 'p', 'A': 'b'}", "{'Password': '***', 'A': 'b'}"],
    ['{&quot;Password&quot;:&quot;p&quot;,&quot;A&quot;:1}', '{&quot;Password&quot;:&quot;***&quot;,&quot;A&quot;:1}'],
    ['<A Password="p" Name="n"/>', '<A Password="***" Name="n"/>'],
    ["<A Name='n' ns:token='p'>x</A>", "<A Name='n' ns:token='***'>x</A>"],
    ['<Password value="p"/>', '<Password value="***"/>'],
    ['<Secret><V>p</V><Secret>q</Secret>r</Secret><B>b</B>', '<Secret>***</Secret><B>b</B>'],
    ['<ns:Password>p</ns:Password>', '<ns:Password>***</ns:Password>'],
    ['&lt;Password&gt;p&lt;/Password&gt;', '&lt;Password&gt;***&lt;/Password&gt;'],
    ['GET&%2F&Password%3Dp%26A%3Db', 'GET&%2F&Password%3D***%26A%3Db'],
    ['GET&%2F&Password%253Dp%2526A', 'GET&%2F&Password%253D***%2526A'],
    [
      'POST\n/\nA=b&Password=p&C=d\nx-acs-security-token:p\nhost:h',
      'POST\n/\nA=b&Password=***&C=d\nx-acs-security-token:***\nhost:h',
    ],
    ['users:\n- token: p\n  name: n', 'users:\n- token: ***\n  name: n'],
    [
      '{"A":"-----BEGIN RSA PRIVATE KEY-----\\nMII\\n-----END RSA PRIVATE KEY-----"}',
      '{"A":"-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----"}',
    ],
    ['-----BEGIN CERTIFICATE-----MII-----END', '-----BEGIN CERTIFICATE-----MII-----END'],
    ['<NextToken>n</NextToken>', '<NextToken>n</NextToken>'],
  ])('%s', (text, shown) => expect(hideFields(text)).toBe(shown));

  it.each([
    ['a text', '{"A":"', 'a', '{"A":"'],
    ['a secret', '{"Password":"', 'a', '{"Password":"***'],
    ['a secret full of quotes', '{"Password":"', '\\"', '{"Password":"***'],
    ['a list', '{"Passwords":["', '","', '{"Passwords":["***'],
    ['an element', '<Password>', 'a', '<Password>***'],
    ['an element of sections', '<Password>', '<![CDATA[]]>', '<Password>***'],
  ])('may be as long as an answer may be: %s', (_what, before, part, shown) => {
    expect(hideFields(before + part.repeat(12_000_000)).slice(0, shown.length)).toBe(shown);
  });
});

it.each([
  ['A=1&Password=p&B=2', 'A=1&Password=***&B=2'],
  ['Pass%77ord=p', 'Pass%77ord=***'],
  ['Password=p=q', 'Password=***'],
  ['Signature=s&SignatureNonce=n&SignatureMethod=m', 'Signature=***&SignatureNonce=n&SignatureMethod=m'],
  ['A=%7B%22Password%22%3A%22p%22%7D', `A=${encodeURIComponent('{"Password":"***"}')}`],
  ['A=%7B%22Name%22%3A+%22p%22%7D', 'A=%7B%22Name%22%3A+%22p%22%7D'],
  ['', ''],
])('parameters: %s', (text, shown) => expect(hideParameters(text)).toBe(shown));

describe('known secrets', () => {
  it('are hidden, the longer one where one is part of another', () => {
    expect(hiding(['abc', 'abcdef'])('x abcdef abc')).toBe('x *** ***');
  });

  it('may have characters that mean something to a regular expression', () => {
    expect(hiding(['a.c*(^$'])('abc a.c*(^$ a%2Ec%2a%28%5E%24')).toBe('abc *** ***');
  });

  it('may be none, or empty', () => {
    expect(hiding([])('abc')).toBe('abc');
    expect(hiding([''])('abc')).toBe('abc');
  });
});

/** So long that a pass that looks anywhere twice would take hours. */
describe('three megabytes of the same', () => {
  const parts = [
    ...[
      '"Password\\\\',
      '"Password":"p",',
      '"Password":{',
      '<Password',
      '<Password>',
      '&lt;Password',
      'Password=',
      'Password ',
      'xtokenx.',
    ],
    ...[
      '-----BEGIN PRIVATE KEY-----',
      'token\\"',
      '<Password><![CDATA[',
      "'",
      '\\',
      '&quot;',
      '%25',
      '%2541',
      '&amp;',
      '&#0',
      '\\u00',
      '+',
      'a',
    ],
  ];
  const hide = hiding(['+/=aVerySecret&<"Thing1234', `${'a'.repeat(1000)}+`]);

  it.each(parts)('are no more work than they are long: %j', (part) => {
    const text = part.repeat(3_000_000 / part.length);
    expect(hideFields(text).length).toBeLessThanOrEqual(text.length * 2);
    expect(hideFields(`{"Password":"${text}`).length).toBeGreaterThan(0);
    expect(hide(text).length).toBeLessThanOrEqual(text.length);
  });
});
