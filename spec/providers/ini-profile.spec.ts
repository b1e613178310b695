import { of } from 'rxjs';
import { parseIni } from '../../lib/providers/ini.js';
import { iniProfile } from '../../lib/providers/ini-profile.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import type { Transport } from '../../lib/transport/transport.js';
import { answer } from './metadata.js';
import { given, Machine, messageOf } from './support.js';

describe('an INI file', () => {
  it('has sections, and comments that quotes and words keep out', () => {
    const parsed = parseIni(
      [
        '; a comment',
        'outside = lost',
        '[ a ] # a section',
        'plain=value',
        '  spaced  =  two words  ; a comment',
        'hash = a#b;c',
        'quoted = "a # b" # a comment',
        "single = ' x '",
        'empty =',
        'only = # a comment',
        'policy = {"Statement":[{"Effect":"Allow"}]}',
        'equals = a=b',
        'no value',
        '# key = hidden',
        '[b]',
        'plain = other',
        '[a]',
        'plain = later',
        '[__proto__]',
        'x = 1',
      ].join('\r\n'),
    );
    expect([...parsed].map(([name, values]) => [name, Object.fromEntries(values)])).toEqual([
      [
        'a',
        {
          plain: 'later',
          spaced: 'two words',
          hash: 'a#b;c',
          quoted: 'a # b',
          single: ' x ',
          empty: '',
          only: '',
          policy: '{"Statement":[{"Effect":"Allow"}]}',
          equals: 'a=b',
        },
      ],
      ['b', { plain: 'other' }],
      ['__proto__', { x: '1' }],
    ]);
  });
});

it('an INI file may begin with a byte order mark', () => {
  expect(parseIni('\uFEFF[a]\nx=1').get('a')).toEqual(new Map([['x', '1']]));
});

describe('a profile of the SDKs', () => {
  let machine: Machine;
  beforeEach(() => (machine = new Machine()));
  afterEach(() => machine.end());

  const emulator = createEmulator();
  const transport: Transport = {
    send(request) {
      if (new URL(request.url).host.startsWith('sts.')) return emulator.transport.send(request);
      return of({ status: 200, headers: {}, body: request.method === 'PUT' ? 'token' : answer() });
    },
  };
  const write = (text: string): string => machine.write('.alibabacloud/credentials', text);
  const key = `access_key_id = ${emulatorCredentials.accessKeyId}\naccess_key_secret = ${emulatorCredentials.accessKeySecret}\n`;
  const role = 'role_arn = acs:ram::1234567890123456:role/reader\nrole_session_name = me\n';

  it.each<[type: string, text: string, credentials: object]>([
    ['access_key', key, { ...emulatorCredentials, providerName: 'profile/static_ak' }],
    ['sts', `${key}security_token = token`, { securityToken: 'token', providerName: 'profile/static_sts' }],
    ['bearer', 'bearer_token = token', { bearerToken: 'token', providerName: 'profile' }],
    ['ecs_ram_role', 'role_name = reader', { accessKeyId: 'STS.id', providerName: 'profile/ecs_ram_role' }],
    ['credentials_uri', 'credentials_uri = http://broker.example.com/', { providerName: 'profile/credential_uri' }],
    ['ram_role_arn', key + role, { providerName: 'profile/ram_role_arn/static_ak' }],
  ])('can be of the type %s', async (type, text, credentials) => {
    write(`[default]\ntype = ${type} # as the documentation has it\n${text}`);
    expect(await given(iniProfile({ transport }))).toMatchObject(credentials);
  });

  it('can be of the type oidc_role_arn', async () => {
    const file = machine.write('token', 'e30.e30.x');
    write(`[default]\ntype = oidc_role_arn\noidc_provider_arn = arn\noidc_token_file_path = ${file}\n${role}`);
    expect(await given(iniProfile({ transport }))).toMatchObject({ providerName: 'profile/oidc_role_arn' });
  });

  it('is found by its name, in the file that is named', async () => {
    const file = machine.write('own.ini', '[b]\ntype=bearer\nbearer_token=own-b');
    const other = machine.write('other.ini', '[b]\ntype=bearer\nbearer_token=other-b');
    write('[b]\ntype=bearer\nbearer_token=b\n[c]\ntype=bearer\nbearer_token=c');
    const token = async (options = {}): Promise<unknown> =>
      ((await given(iniProfile(options))) as { bearerToken: string }).bearerToken;
    expect(await token({ name: 'c' })).toBe('c');
    machine.set({ PROFILE: 'b' });
    expect(await token()).toBe('b');
    machine.set({ CREDENTIALS_FILE: file });
    expect(await token()).toBe('own-b');
    expect(await token({ file: other })).toBe('other-b');
  });

  it.each([
    ['is not there', '[other]\n', 'there is no such profile in the file'],
    ['has no type', '[default]\n', 'the profile has no type'],
    [
      'has an unknown type',
      '[default]\ntype=rsa_key_pair',
      'its type rsa_key_pair is not supported: expected one of access_key, sts, bearer, ecs_ram_role, credentials_uri, ram_role_arn, oidc_role_arn',
    ],
    ['has a type of every object', '[default]\ntype=toString', 'its type toString is not supported'],
    ['lacks something', '[default]\ntype=access_key\naccess_key_secret=hunter2', 'the profile has no access_key_id'],
    [
      'has no credential',
      '[default]\ntype=access_key\naccess_key_id=id\naccess_key_secret=hunter2é',
      'Expected `accessKeySecret` to be a non-empty string of visible ASCII characters, got a string with other characters in it',
    ],
  ])('says that it %s', async (_what, text, reason) => {
    const file = write(text);
    expect(await messageOf(iniProfile())).toContain(`profile default of ${file}: ${reason}`);
  });

  it('says that there is no file, and finds it later', async () => {
    const provider = iniProfile();
    expect(await messageOf(provider)).toBe(
      `profile default of ${machine.home}/.alibabacloud/credentials: there is no such file`,
    );
    write(`[default]\ntype=access_key\n${key}`);
    expect(await given(provider)).toMatchObject(emulatorCredentials);
  });
});
