import { credentialsUri } from '../../lib/providers/credentials-uri.js';
import { answer, LoopbackServer, type Reply } from './metadata.js';
import { given, Machine, messageOf } from './support.js';

describe('a credentials URI', () => {
  let machine: Machine;
  let server: LoopbackServer;
  let origin: string;
  let reply: Reply;

  beforeEach(async () => {
    machine = new Machine();
    reply = { body: answer() };
    server = new LoopbackServer(() => reply);
    origin = await server.listen();
  });
  afterEach(async () => {
    await server.close();
    machine.end();
  });

  it('is asked once for all', async () => {
    const provider = credentialsUri(`${origin}/credentials?key=a`);
    const all = await Promise.all(Array.from({ length: 20 }, () => given(provider)));
    expect(new Set(all).size).toBe(1);
    expect(all[0]).toMatchObject({ accessKeyId: 'STS.id', securityToken: 'token', providerName: 'credential_uri' });
    expect(server.seen).toEqual(['GET /credentials?key=a']);
  });

  it('may have a user and a password', async () => {
    await given(credentialsUri(`${origin.replace('//', '//me%40work:p%C3%A9@')}/a`));
    expect(server.seen).toEqual(['GET /a']);
    expect(server.headers[0]).toMatchObject({ authorization: `Basic ${Buffer.from('me@work:pé').toString('base64')}` });
  });

  it('is read from the environment when it is asked', async () => {
    const provider = credentialsUri();
    expect(await messageOf(provider)).toBe('`uri` is not given, and ALIBABA_CLOUD_CREDENTIALS_URI is not set');
    machine.set({ CREDENTIALS_URI: 'hunter2' });
    expect(await messageOf(provider)).toBe(
      'expected ALIBABA_CLOUD_CREDENTIALS_URI to be a URL that begins with http:// or https://',
    );
    machine.set({ CREDENTIALS_URI: origin });
    expect(await given(provider)).toMatchObject({ accessKeyId: 'STS.id' });
  });

  it('may give a key without a token, and for ever', async () => {
    reply = { body: JSON.stringify({ AccessKeyId: 'id', AccessKeySecret: 'secret', SecurityToken: '' }) };
    expect(await given(credentialsUri(origin))).toEqual({
      accessKeyId: 'id',
      accessKeySecret: 'secret',
      providerName: 'credential_uri',
      expires: undefined,
    });
  });

  it('says what went wrong, but for what there may be secrets in', async () => {
    reply = { status: 403, body: '{"Code":"Forbidden.Key","Message":"hunter2"}' };
    const provider = credentialsUri(`${origin.replace('//', '//user:hunter2@')}/?key=hunter2`);
    expect(await messageOf(provider)).toBe(
      `${origin} gave no credentials: the answer has the status 403 and the code Forbidden.Key`,
    );
  });

  it.each(['', 'ftp://a', 'http://', 5 as never])('refuses %j', (uri) => {
    expect(() => credentialsUri(uri)).toThrow(
      /^Expected `uri` to be a URL that begins with http:\/\/ or https:\/\/, got /,
    );
  });
});
