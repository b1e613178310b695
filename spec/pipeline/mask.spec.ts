import { of } from 'rxjs';
import { inspect } from 'node:util';
import { bearerToken, stsToken, type CredentialsProvider } from '../../lib/credentials/credentials.js';
import type { AlicloudError } from '../../lib/errors.js';
import type { HttpRequest, HttpResponse } from '../../lib/transport/transport.js';
import { answer, answered, errorOf, MemoryTransport, operation, pipelineOver, secret } from './support.js';

const token = 'CAIS+x/1y&z<"=\'==';
const bearer = 'eyJhbGciOi.e30/+.s_-=';

/** All that can be seen of an error, by whoever logs it. */
function everythingOf(error: AlicloudError): string {
  return [
    error.message,
    error.stack,
    String(error),
    JSON.stringify(error),
    JSON.stringify({ ...error }),
    inspect(error, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null }),
    // As a program reads them.
    ...Object.values(error).map(String),
  ].join('\n');
}

/** How a server may write a text that it was sent. */
const writings: [how: string, write: (text: string) => string][] = [
  ['as it came', (text) => text],
  ['in JSON', (text) => JSON.stringify(text).slice(1, -1)],
  [
    'in JSON that is safe in HTML',
    (text) =>
      JSON.stringify(text)
        .slice(1, -1)
        .replace(/[&<>='+]/g, unicodeEscape),
  ],
  ['in JSON with slashes escaped', (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/')],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded twice', (text) => encodeURIComponent(encodeURIComponent(text))],
  ['in XML', (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)],
  [
    'in XML with names',
    (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll("'", '&apos;'),
  ],
];

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What a server that explains itself sends back. */
function echo({ headers }: HttpRequest, write: (text: string) => string): string {
  return [secret, ...Object.values(headers)].map(write).join(' ');
}

const answers: [what: string, of: (text: string) => HttpResponse][] = [
  [
    'an error in JSON',
    (text) =>
      answer(`{"Code":"SignatureDoesNotMatch","Message":"got ${text}","AccessDeniedDetail":{"x":"${text}"}}`, 400),
  ],
  ['an error in XML', (text) => answer(`<Error><Code>X</Code><Message>${text}</Message></Error>`, 400)],
  ['an error page', (text) => answer(`<p>${text}</p>`, 502)],
  ['a code', (text) => answer(JSON.stringify({ Code: text }), 400)],
  ['a page with status 200', (text) => answer(`<p>${text}`)],
  ['a response that does not fit', (text) => answer(`{"A":{},"B":"${text}"}`)],
  ['headers', (text) => answer('', 400, { 'x-acs-request-id': text, location: text })],
];

describe.each(writings)('a secret of the call that the server sends back %s', (_how, write) => {
  it.each(answers)('shows nowhere: %s', async (_what, responseOf) => {
    const transport = new MemoryTransport((request) => of(responseOf(echo(request, write))));
    const call = (credentials: CredentialsProvider): Promise<AlicloudError> =>
      errorOf(pipelineOver(transport, { credentials, strict: true }).call(operation({ response: '{A:n,B:n}' }), {}));

    const signed = everythingOf(await call(stsToken('LTAI5tId', secret, token)));
    const signature = transport.sent[0]?.headers.authorization?.slice(-64) ?? 'no signature';
    for (const hidden of [secret, token, signature]) {
      for (const [, writing] of writings) expect(signed).not.toContain(writing(hidden));
    }
    expect(signed).toContain('***');

    const borne = everythingOf(await call(bearerToken(bearer)));
    for (const [, writing] of writings) expect(borne).not.toContain(writing(bearer));
    expect(borne).toContain('***');
  });
});

describe('a secret in an answer', () => {
  const operationOf = operation({ response: '{Credentials:s}' });

  it.each([
    'AccessKeySecret',
    'SecurityToken',
    'Password',
    'accessToken',
    'BearerToken',
    'PrivateKey',
    'private_key',
    'OIDCToken',
    'SAMLAssertion',
    'Passwd',
  ])('shows nowhere: %s', async (name) => {
    for (const body of [
      `{"Credentials":{"${name}":"hunter2","Expiration":"e"}}`,
      `{"Credentials":{"${name}" : "hunter2 \\" hunter2"}}`,
      `{"Credentials":{"Expiration":"e","${name}":"hunter2`,
      `<Credentials><${name}>hunter2</${name}></Credentials>`,
    ]) {
      const seen = everythingOf(await errorOf(() => answered(operationOf, answer(body), { strict: true })));
      expect(seen).not.toContain('hunter2');
      expect(seen).toContain('***');
    }
  });

  it('leaves what is next to it', async () => {
    const body = '{"Code":"X","AccessKeySecret":"hunter2","Message":"the secret","RequestId":"r"}';
    expect(await errorOf(() => answered(operationOf, answer(body, 400)))).toMatchObject({
      message: 'the secret',
      requestId: 'r',
      rawBody: '{"Code":"X","AccessKeySecret":"***","Message":"the secret","RequestId":"r"}',
    });
  });
});

it('a response is handed on as it came', async () => {
  const body = { SecurityToken: secret, Password: secret };
  const called = operation({ response: '{SecurityToken:s,Password:s}' });
  expect(await answered(called, answer(JSON.stringify(body), 200, { 'x-a': secret }))).toMatchObject({
    body,
    headers: { 'x-a': secret },
  });
});

it('a failed request shows no secret of the request', async () => {
  const transport = new MemoryTransport((request) => {
    throw Object.assign(new Error('broken'), { request: undefined, url: request.url });
  });
  const seen = everythingOf(await errorOf(pipelineOver(transport).call(operation(), {})));
  expect(seen).not.toContain(secret);
});
