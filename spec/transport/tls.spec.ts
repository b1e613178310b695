import axios from 'axios';
import { once } from 'node:events';
import type { TlsOptions } from '../../lib/platform/connections.js';
import type { TLSSocket } from 'node:tls';
import { axiosTransport } from '../../lib/transport/axios-transport.js';
import type { Transport } from '../../lib/transport/transport.js';
import { failure, fixture, send, Setting } from './support.js';

const server = { key: fixture('server.key'), cert: fixture('server.pem') };
const ca = fixture('ca.pem');
const client = { cert: fixture('client.pem'), key: fixture('client-encrypted.key'), passphrase: 'a-passphrase' };

const makers: readonly (readonly [string, (tls?: TlsOptions) => Transport])[] = [
  ['undici', (tls) => axiosTransport({ tls })],
  ["undici, through the user's axios", (tls) => axiosTransport({ tls, axios: axios.create() })],
];

describe.each(makers)('TLS, over %s', (_name, make) => {
  const at = new Setting();
  afterEach(() => at.end());

  async function begin(tls?: TlsOptions, own: object = server): Promise<void> {
    await at.begin(undefined, own);
    at.transport = make(tls);
  }

  it.each([
    ['a text', ca],
    ['bytes', Buffer.from(ca)],
    ['several', [fixture('client.pem'), ca]],
  ])('trusts the authority of tls.ca: %s', async (_what, given) => {
    await begin({ ca: given });
    for (let i = 0; i < 3; i++) expect((await send(at.transport, { url: at.url, body: 'b' })).body).toBe('{}');
    expect(at.loopback.accepted).toBe(1);
    at.transport.closeIdle?.();
    await at.loopback.allClosed();
  });

  it('is agreed on anew in fewer steps', async () => {
    await begin({ ca });
    const reused: boolean[] = [];
    at.loopback.events.on('secureConnection', (socket: TLSSocket) => reused.push(socket.isSessionReused()));
    for (let i = 0; i < 2; i++) {
      await send(at.transport, { url: at.url });
      at.transport.closeIdle?.();
      await at.loopback.allClosed();
    }
    expect(reused).toEqual([false, true]);
  });

  it.each([
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', server],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', undefined],
  ])('trusts no other: %s', async (systemCode, own) => {
    await begin(undefined, own ?? selfSigned());
    const error = await failure(at.transport, { url: at.url });
    expect(error).toMatchObject({
      code: 'SDK.NetworkError',
      systemCode,
      origin: at.url,
      message: `${at.url} shows a certificate that is not trusted (${systemCode}): set tls.ca to the certificate of its authority`,
    });
    expect(at.loopback.seen).toEqual([]);
    await at.loopback.allClosed();
  });

  it('refuses a certificate for another host', async () => {
    await begin({ ca });
    const url = at.url.replace('127.0.0.1', 'localhost');
    const error = await failure(at.transport, { url });
    expect(error).toMatchObject({
      systemCode: 'ERR_TLS_CERT_ALTNAME_INVALID',
      message: `${url} shows a certificate for another host (ERR_TLS_CERT_ALTNAME_INVALID): check the endpoint`,
    });
    await at.loopback.allClosed();
  });

  it('shows the certificate of the client, whose key may be encrypted', async () => {
    await begin({ ca, ...client }, { ...server, ca, requestCert: true });
    const [[socket]] = await Promise.all([
      once(at.loopback.events, 'secureConnection') as Promise<[TLSSocket]>,
      send(at.transport, { url: at.url }),
    ]);
    expect(socket.getPeerCertificate().subject.CN).toBe('a client');
  });

  it('says that a certificate of the client is wanted', async () => {
    await begin({ ca }, { ...server, ca, requestCert: true, rejectUnauthorized: true });
    const error = await failure(at.transport, { url: at.url });
    expect(error.code).toBe('SDK.NetworkError');
    expect(['ECONNRESET', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED']).toContain(error.systemCode);
    await at.loopback.allClosed();
  });

  it('checks nothing where it is told so, and warns of it once', async () => {
    const warnings: unknown[] = [];
    const emitWarning = process.emitWarning.bind(process);
    process.emitWarning = (...warning: unknown[]) => void warnings.push(warning);
    await begin({ insecure: true }, selfSigned());
    for (let i = 0; i < 2; i++) expect((await send(at.transport, { url: at.url })).body).toBe('{}');
    process.emitWarning = emitWarning;
    expect(warnings).toEqual([
      [expect.stringContaining('tls.insecure'), { type: 'SecurityWarning', code: 'RX_ALICLOUD_INSECURE' }],
    ]);
  });

  it('says what OpenSSL refuses', async () => {
    await begin({ ...client, passphrase: 'hunter2' });
    const error = await failure(at.transport, { url: at.url });
    expect(error).toMatchObject({ code: 'SDK.InvalidConfiguration', path: 'tls' });
    expect(JSON.stringify(error) + error.stack).not.toContain('hunter2');
  });

  it.each(['ca', 'cert', 'key'])('refuses at once what is not in PEM: %s', (name) => {
    const expected = {
      path: `tls.${name}`,
      message: `Expected \`tls.${name}\` to be the content of a file in PEM, got a text without -----BEGIN`,
    };
    expect(() => make({ [name]: 'hunter2' })).toThrow(expect.objectContaining(expected) as Error);
    expect(() => make({ [name]: Buffer.from('hunter2') })).toThrow(expect.objectContaining(expected) as Error);
  });
});

function selfSigned(): object {
  return { key: fixture('self-signed.key'), cert: fixture('self-signed.pem') };
}
