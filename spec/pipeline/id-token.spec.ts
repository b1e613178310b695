import { of } from 'rxjs';
import { idToken, type CredentialsProvider } from '../../lib/credentials/credentials.js';
import { refreshing } from '../../lib/providers/refreshing.js';
import { answer, errorOf, MemoryTransport, operation, pipelineOver, queryOf, sentFor } from './support.js';

const token = 'e30.hunter2Token';

it.each<[protocol: 'V3' | 'V1', path: string | undefined]>([
  ['V3', undefined],
  ['V3', '/zones'],
  ['V1', undefined],
  ['V1', '/zones'],
])('an id token goes in its own header, in place of a signature: %s, %j', async (protocol, path) => {
  const called = operation({ query: 'A:s', protocol, ...(path === undefined ? {} : { path }) });
  const providers: CredentialsProvider[] = [
    idToken(token),
    () => of({ idToken: token }),
    refreshing(() => of({ idToken: token })),
  ];
  for (const credentials of providers) {
    const sent = await sentFor(called, { A: 'a' }, {}, { credentials });
    expect(sent.headers['x-acs-zero-trust-idtoken']).toBe(token);
    const others = ['authorization', 'x-acs-bearer-token', 'x-acs-signature-type', 'x-acs-security-token'];
    expect(Object.keys(sent.headers).filter((name) => others.includes(name))).toEqual([]);
    const signed = ['Signature', 'SignatureType', 'SignatureMethod', 'AccessKeyId', 'BearerToken', 'SecurityToken'];
    expect(Object.keys(queryOf(sent)).filter((name) => signed.includes(name))).toEqual([]);
  }
});

it('an id token is shown in no error', async () => {
  const echo = new MemoryTransport(({ headers }) => of(answer(JSON.stringify({ Code: 'No', Message: headers }), 400)));
  const error = await errorOf(pipelineOver(echo, { credentials: idToken(token) }).call(operation(), {}));
  expect(`${JSON.stringify(error)} ${error.stack} ${error.message}`).not.toContain(token);
});
