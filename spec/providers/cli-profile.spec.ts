import { readFileSync } from 'node:fs';
import { of } from 'rxjs';
import type { CredentialsProvider } from '../../lib/credentials/credentials.js';
import { cliProfile, type CliProfileOptions } from '../../lib/providers/cli-profile.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import type { HttpRequest, Transport } from '../../lib/transport/transport.js';
import { answer, LoopbackServer, type Reply } from './metadata.js';
import { given, Machine, messageOf } from './support.js';

const key = { access_key_id: 'id', access_key_secret: 'secret' };
const emulatorKey = {
  access_key_id: emulatorCredentials.accessKeyId,
  access_key_secret: emulatorCredentials.accessKeySecret,
};
const inAnHour = Math.floor(Date.now() / 1000) + 3600;
const anHourAgo = inAnHour - 7200;
const ram_role_arn = 'acs:ram::1234567890123456:role/reader';

describe('a profile of the CLI', () => {
  let machine: Machine;
  let server: LoopbackServer;
  let origin: string;
  let reply: Reply & { readonly body?: string };
  /** What was sent to hosts that are not on this machine. */
  let sent: HttpRequest[];

  const emulator = createEmulator();
  /** STS is the emulator, and the metadata service a fixed answer. */
  const transport: Transport = {
    send(request) {
      const { host, pathname } = new URL(request.url);
      sent.push(request);
      if (host.startsWith('sts.')) return emulator.transport.send(request);
      const body = request.method === 'PUT' || pathname.endsWith('/security-credentials/') ? 'word' : '';
      return of({ status: 200, headers: {}, body: body === '' ? (reply.body ?? answer()) : body });
    },
  };

  const write = (...profiles: object[]): string =>
    machine.write('.aliyun/config.json', JSON.stringify({ current: 'first', profiles }));
  const provider = (options: CliProfileOptions = {}): CredentialsProvider => cliProfile(options);
  const away = (): CredentialsProvider => cliProfile({ transport });

  beforeEach(async () => {
    machine = new Machine();
    sent = [];
    reply = {};
    server = new LoopbackServer(() => reply);
    origin = await server.listen();
  });
  afterEach(async () => {
    await server.close();
    machine.end();
  });

  it('is the current one of the file in the home directory, unless another is named', async () => {
    write(...['first', 'second', 'third'].map((name) => ({ ...key, name, mode: 'AK', access_key_id: name })));
    const first = provider();
    expect(await given(first)).toEqual({
      accessKeyId: 'first',
      accessKeySecret: 'secret',
      providerName: 'cli_profile/static_ak',
    });
    machine.set({ PROFILE: 'second' });
    expect(await given(provider())).toMatchObject({ accessKeyId: 'second' });
    expect(await given(provider({ name: 'third' }))).toMatchObject({ accessKeyId: 'third' });
    expect(await given(first)).toMatchObject({ accessKeyId: 'first' });
  });

  it('can stand in another file', async () => {
    const file = machine.write(
      'other.json',
      `\uFEFF${JSON.stringify({ profiles: [{ ...key, name: 'default', mode: 'ak' }] })}`,
    );
    expect(await given(provider({ file }))).toMatchObject({ accessKeyId: 'id' });
  });

  it.each<[mode: string, profile: object, credentials: object]>([
    ['StsToken', { ...key, sts_token: 'token' }, { securityToken: 'token', providerName: 'cli_profile/static_sts' }],
    ['BearerToken', { bearer_token: 'token' }, { bearerToken: 'token', providerName: 'cli_profile' }],
    [
      'RamRoleArn',
      { ...emulatorKey, ram_role_arn, ram_session_name: 'me', expired_seconds: 900 },
      { providerName: 'cli_profile/ram_role_arn/static_ak' },
    ],
    ['EcsRamRole', { ram_role_name: 'reader' }, { accessKeyId: 'STS.id', providerName: 'cli_profile/ecs_ram_role' }],
    ['ecsramrole', {}, { accessKeyId: 'STS.id' }],
    [
      'CredentialsURI',
      { credentials_uri: 'http://broker.example.com/' },
      { providerName: 'cli_profile/credential_uri' },
    ],
  ])('can be of the mode %s', async (mode, profile, credentials) => {
    write({ name: 'first', mode, ...profile });
    expect(await given(away())).toMatchObject(credentials);
  });

  it('can be a role that another profile takes on, and that one in turn', async () => {
    write(
      { name: 'first', mode: 'ChainableRamRoleArn', ram_role_arn, source_profile: 'middle', sts_region: 'cn-hangzhou' },
      { name: 'middle', mode: 'ChainableRamRoleArn', ram_role_arn, source_profile: 'last' },
      { name: 'last', mode: 'AK', ...emulatorKey },
    );
    expect(await given(away())).toMatchObject({
      accessKeyId: expect.stringMatching(/^STS\./) as string,
      providerName: 'cli_profile/ram_role_arn/ram_role_arn/static_ak',
    });
    expect(sent.map(({ url }) => new URL(url).host)).toEqual(['sts.aliyuncs.com', 'sts.cn-hangzhou.aliyuncs.com']);
  });

  it('can be a role that the role of the instance takes on', async () => {
    const { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret } = emulatorCredentials;
    reply = { body: answer({ AccessKeyId, AccessKeySecret, SecurityToken: '' }) };
    write({ name: 'first', mode: 'RamRoleArnWithRoleName', ram_role_name: 'instance', ram_role_arn });
    expect(await given(away())).toMatchObject({ providerName: 'cli_profile/ram_role_arn/ecs_ram_role' });
  });

  it('can be a role for an OIDC token', async () => {
    const oidc_token_file = machine.write('token', 'e30.e30.x');
    write({
      name: 'first',
      mode: 'OIDC',
      ram_role_arn,
      oidc_provider_arn: 'arn',
      oidc_token_file,
      duration_seconds: 1000,
    });
    expect(await given(away())).toMatchObject({ providerName: 'cli_profile/oidc_role_arn' });
  });

  describe('of CloudSSO', () => {
    const profile = {
      name: 'first',
      mode: 'CloudSSO',
      cloud_sso_account_id: 'account',
      cloud_sso_access_config: 'config',
      access_token: 'login',
      cloud_sso_access_token_expire: inAnHour,
    };

    it('has its credentials from the portal that it is signed in to', async () => {
      reply = { body: JSON.stringify({ CloudCredential: JSON.parse(answer()) as object, RequestId: 'r' }) };
      write({ ...profile, cloud_sso_sign_in_url: `${origin}/company/login` });
      expect(await given(provider())).toMatchObject({ accessKeyId: 'STS.id', providerName: 'cli_profile/cloud_sso' });
      expect(server.seen).toEqual(['POST /cloud-credentials']);
      expect(server.headers[0]).toMatchObject({ authorization: 'Bearer login' });
      expect(JSON.parse(server.bodies[0] ?? '')).toEqual({ AccountId: 'account', AccessConfigurationId: 'config' });
    });

    it('has those that the CLI had last, as long as they are good and not refused', async () => {
      reply = { body: JSON.stringify({ CloudCredential: JSON.parse(answer()) as object }) };
      const stored = { ...key, sts_token: 'stored', sts_expiration: inAnHour };
      write({ ...profile, ...stored, cloud_sso_sign_in_url: origin });
      const kept = provider();
      const credentials = await given(kept);
      expect(credentials).toMatchObject({ securityToken: 'stored', providerName: 'cli_profile/cloud_sso' });
      expect(server.seen).toEqual([]);
      kept.invalidate?.(credentials);
      expect(await given(kept)).toMatchObject({ accessKeyId: 'STS.id' });
    });

    it('says how an expired login is renewed, and reads the file again afterwards', async () => {
      reply = { body: JSON.stringify({ CloudCredential: JSON.parse(answer()) as object }) };
      const signedIn = { ...profile, cloud_sso_sign_in_url: origin };
      const file = write({ ...signedIn, cloud_sso_access_token_expire: anHourAgo });
      const again = provider();
      expect(await messageOf(again)).toBe(
        `profile first of ${file}: the login has expired: \`aliyun configure --mode CloudSSO --profile first\` renews it`,
      );
      write(signedIn);
      expect(await given(again)).toMatchObject({ accessKeyId: 'STS.id' });
    });

    it('reads the file again when a login expires that was good at first', async () => {
      reply = { body: JSON.stringify({ CloudCredential: JSON.parse(answer()) as object }) };
      const signedIn = { ...profile, cloud_sso_sign_in_url: origin };
      write(signedIn);
      let now = Date.now();
      const again = provider({ clock: () => now });
      await given(again);
      now += 2 * 3_600_000;
      expect(await messageOf(again)).toContain('the login has expired');
      write({ ...signedIn, cloud_sso_access_token_expire: inAnHour + 7200 });
      expect(await given(again)).toMatchObject({ accessKeyId: 'STS.id' });
    });

    it('says what the portal answered, but for what there may be secrets in', async () => {
      reply = { status: 401, body: '{"ErrorCode":"AccessDenied","ErrorMessage":"hunter2"}' };
      const file = write({ ...profile, cloud_sso_sign_in_url: `${origin}/login` });
      expect(await messageOf(provider())).toBe(
        `profile first of ${file}: ${origin} gave no credentials: the answer has the status 401 and the code AccessDenied`,
      );
    });
  });

  it.each([
    ['CN', 'https://oauth.aliyun.com/v1/exchange'],
    ['INTL', 'https://oauth.alibabacloud.com/v1/exchange'],
  ])('can be signed in by a browser: %s', async (oauth_site_type, url) => {
    reply = {
      body: '{"accessKeyId":"STS.o","accessKeySecret":"s","securityToken":"t","expiration":"2099-01-01T00:00:00Z"}',
    };
    write({
      name: 'first',
      mode: 'OAuth',
      oauth_site_type,
      oauth_access_token: 'login',
      oauth_access_token_expire: inAnHour,
    });
    expect(await given(away())).toMatchObject({ accessKeyId: 'STS.o', providerName: 'cli_profile/oauth' });
    expect(sent).toMatchObject([{ method: 'POST', url, headers: { authorization: 'Bearer login' } }]);
  });

  describe('of an external program', () => {
    /** A program that prints this, and counts its runs. */
    const printing = (output: string): { readonly command: string; readonly runs: () => number } => {
      const count = machine.write('count', '');
      const script = machine.write(
        'a program.js',
        `require('fs').appendFileSync(${JSON.stringify(count)}, '.'); process.stdout.write(${JSON.stringify(output)});`,
      );
      return { command: `"${process.execPath}" '${script}'`, runs: () => readFileSync(count, 'utf8').length };
    };

    it('has the credentials that it prints, until they expire', async () => {
      const soon = new Date(Date.now() + 3_600_000).toISOString();
      const { command, runs } = printing(
        JSON.stringify({ ...key, mode: 'StsToken', sts_token: 'token', expiration: soon }),
      );
      write({ name: 'first', mode: 'External', process_command: command });
      let now = Date.now();
      const kept = provider({ clock: () => now });
      const all = await Promise.all([given(kept), given(kept), given(kept)]);
      expect(all[0]).toMatchObject({ accessKeyId: 'id', securityToken: 'token', providerName: 'cli_profile/external' });
      await given(kept);
      expect(runs()).toBe(1);
      now += 3_600_001;
      await given(kept);
      expect(runs()).toBe(2);
    });

    it('may print a key alone, and a role', async () => {
      write({ name: 'first', mode: 'External', process_command: printing(JSON.stringify(key)).command });
      expect(await given(provider())).toMatchObject({ accessKeyId: 'id', accessKeySecret: 'secret' });
      const role = printing(JSON.stringify({ ...emulatorKey, mode: 'RamRoleArn', ram_role_arn }));
      write({ name: 'first', mode: 'External', process_command: role.command });
      expect(await given(away())).toMatchObject({ accessKeyId: expect.stringMatching(/^STS\./) as string });
    });

    it.each([
      ['no JSON', 'hunter2', 'expected it to print a JSON object'],
      ['half of a key', '{"access_key_id":"hunter2"}', 'the profile has no access_key_secret'],
      ['itself', '{"mode":"External","process_command":"hunter2"}', 'the program printed the mode External again'],
      [
        'a strange date',
        JSON.stringify({ ...key, expiration: 'hunter2' }),
        'expected the expiration in the answer to be a date',
      ],
    ])('says that it printed %s', async (_what, output, reason) => {
      const file = write({ name: 'first', mode: 'External', process_command: printing(output).command });
      expect(await messageOf(provider())).toBe(`profile first of ${file}: the program of process_command: ${reason}`);
    });

    it.each([
      ['/no/such/program hunter2', 'there is no such program'],
      ['"hunter2', 'expected a program and its arguments, every quote closed'],
      [`"${process.execPath}" -e "process.exit(7)" hunter2`, 'it ended with the exit code 7'],
    ])('says how it failed: %s', async (process_command, reason) => {
      const file = write({ name: 'first', mode: 'External', process_command });
      expect(await messageOf(provider())).toBe(`profile first of ${file}: the program of process_command: ${reason}`);
    });
  });

  it.each<[what: string, profiles: object[], reason: string]>([
    ['is not there', [], 'there is no profile first in the file'],
    ['has no mode', [{}], 'the profile has no mode'],
    [
      'has an unknown mode',
      [{ mode: 'RsaKeyPair' }],
      'its mode RsaKeyPair is not supported: expected one of AK, StsToken, RamRoleArn, EcsRamRole, RamRoleArnWithRoleName, ' +
        'ChainableRamRoleArn, OIDC, CloudSSO, OAuth, External, CredentialsURI, BearerToken',
    ],
    ['has a mode of every object', [{ mode: 'constructor' }], 'its mode constructor is not supported: expected one of'],
    ['lacks something', [{ mode: 'AK', access_key_id: 'id' }], 'the profile has no access_key_secret'],
    [
      'is its own source',
      [{ mode: 'ChainableRamRoleArn', source_profile: 'first' }],
      'source_profile leads in a circle: first, first',
    ],
    [
      'has a source that is not there',
      [{ mode: 'ChainableRamRoleArn', source_profile: 'x' }],
      'there is no profile x in the file',
    ],
  ])('says that it %s', async (_what, profiles, reason) => {
    const file = write(...profiles.map((profile) => ({ name: 'first', ...profile })));
    expect(await messageOf(provider())).toContain(`profile first of ${file}: ${reason}`);
  });

  it('says that the file is not there, or is none of the CLI', async () => {
    const file = `${machine.home}/.aliyun/config.json`;
    expect(await messageOf(provider())).toBe(`${file}: there is no such file`);
    for (const content of ['{"access_key_secret":"hunter2"', '[]']) {
      machine.write('.aliyun/config.json', content);
      expect(await messageOf(provider())).toBe(`${file}: expected a JSON object`);
    }
    machine.write('.aliyun/config.json', '{"profiles":5}');
    expect(await messageOf(provider())).toContain('there is no profile default in the file');
  });

  it('is read again when its credentials were refused', async () => {
    write({ ...key, name: 'first', mode: 'StsToken', sts_token: 'old' });
    const kept = provider();
    const credentials = await given(kept);
    write({ ...key, name: 'first', mode: 'StsToken', sts_token: 'new' });
    expect(await given(kept)).toMatchObject({ securityToken: 'old' });
    kept.invalidate?.(credentials);
    expect(await given(kept)).toMatchObject({ securityToken: 'new' });
  });

  it('can be switched off', async () => {
    write({ ...key, name: 'first', mode: 'AK' });
    machine.set({ CLI_PROFILE_DISABLED: 'True' });
    expect(await messageOf(provider())).toBe(
      'the profiles of the CLI are switched off by ALIBABA_CLOUD_CLI_PROFILE_DISABLED',
    );
  });
});
