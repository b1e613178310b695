import { hideFields, hideParameters, hiding, isSecretName } from '../lib/masking.js';

describe('a name', () => {
  it.each([
    ...['Password', 'AccountPasswd', 'AccessKeySecret', 'SecurityToken', 'x-acs-security-token', 'PrivateKeyBody'],
    ...['private_key', 'SAMLAssertion', 'Tag.1.Pwd', 'ApiKey', 'api_key', 'x-api-key', 'Plaintext', 'KeyPassphrase'],
  ])('%s is that of a secret', (name) => expect(isSecretName(name)).toBe(true));

  it.each(['NextToken', 'ClientToken', 'next_token', 'AccessKeyId', 'RegionId', 'PublicKey', 'x-acs-signature-nonce'])(
    '%s is not',
    (name) => expect(isSecretName(name)).toBe(false),
  );
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
