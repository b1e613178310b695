import { of, throwError } from 'rxjs';
import { defaultCredentials } from '../../lib/providers/default-credentials.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import type { Transport } from '../../lib/transport/transport.js';
import { answer } from './metadata.js';
import { errorOf, given, Machine } from './support.js';

describe('the default chain', () => {
  let machine: Machine;
  let hosts: string[];
  beforeEach(() => {
    machine = new Machine();
    hosts = [];
  });
  afterEach(() => machine.end());

  const emulator = createEmulator();
  const transport: Transport = {
    send(request) {
      const { host } = new URL(request.url);
      hosts.push(host);
      if (host.startsWith('sts.')) return emulator.transport.send(request);
      if (host === 'down.example.com') return throwError(() => new Error('down'));
      return of({ status: 200, headers: {}, body: request.method === 'PUT' ? 'token' : answer() });
    },
  };

  const places: Record<string, () => void> = {
    env: () => machine.set({ ACCESS_KEY_ID: 'id', ACCESS_KEY_SECRET: 'secret' }),
    oidc_role_arn: () =>
      machine.set({
        ROLE_ARN: 'acs:ram::1234567890123456:role/pod',
        OIDC_PROVIDER_ARN: 'arn',
        OIDC_TOKEN_FILE: machine.write('token', 'e30.e30.x'),
      }),
    cli_profile: () => {
      const profile = { name: 'default', mode: 'AK', access_key_id: 'id', access_key_secret: 'secret' };
      machine.write('.aliyun/config.json', JSON.stringify({ profiles: [profile] }));
    },
    profile: () =>
      void machine.write(
        '.alibabacloud/credentials',
        '[default]\ntype=access_key\naccess_key_id=id\naccess_key_secret=s',
      ),
    ecs_ram_role: () => {
      machine.unset('ECS_METADATA_DISABLED');
      machine.set({ ECS_METADATA: 'reader' });
    },
    credential_uri: () => machine.set({ CREDENTIALS_URI: 'http://broker.example.com/' }),
  };
  const order = Object.keys(places);

  it.each(order)('takes %s before those after it', async (name) => {
    machine.set({ ECS_METADATA_DISABLED: 'true' });
    for (const later of order.slice(order.indexOf(name))) places[later]?.();
    expect(await given(defaultCredentials({ transport }))).toMatchObject({ providerName: `default/${name}` });
  });

  it('goes on to the next where one is there and fails', async () => {
    machine.set({ ECS_METADATA_DISABLED: 'true', CREDENTIALS_URI: 'http://broker.example.com/' });
    machine.set({ ACCESS_KEY_ID: 'id' });
    machine.write('.aliyun/config.json', '{');
    machine.write('.alibabacloud/credentials', '[default]\ntype=unknown');
    expect(await given(defaultCredentials({ transport }))).toMatchObject({ providerName: 'default/credential_uri' });
    expect(hosts).toEqual(['broker.example.com']);
  });

  it('asks one place at a time for all callers, and stays where it found some', async () => {
    machine.set({ ECS_METADATA: 'reader' });
    const provider = defaultCredentials({ transport });
    await Promise.all(Array.from({ length: 10 }, () => given(provider)));
    expect(hosts).toHaveLength(2);
    // What comes into the environment later changes nothing.
    places.env?.();
    expect(await given(provider)).toMatchObject({ providerName: 'default/ecs_ram_role' });
    expect(hosts).toHaveLength(2);
  });

  it('passes on what was refused', async () => {
    machine.set({ ECS_METADATA: 'reader' });
    const provider = defaultCredentials({ transport });
    provider.invalidate?.(await given(provider));
    await given(provider);
    expect(hosts).toHaveLength(4);
  });

  it('says what was missing at each place, and looks again', async () => {
    machine.set({ ECS_METADATA_DISABLED: 'true' });
    const provider = defaultCredentials({ transport });
    const { home } = machine;
    expect(await errorOf(provider)).toMatchObject({
      name: 'ClientError',
      code: 'SDK.CredentialsUnavailable',
      message: `No provider of the chain gave credentials. ${[
        'env: ALIBABA_CLOUD_ACCESS_KEY_ID is not set',
        'oidc_role_arn: `roleArn` is not given, and ALIBABA_CLOUD_ROLE_ARN is not set',
        `cli_profile: ${home}/.aliyun/config.json: there is no such file`,
        `profile: profile default of ${home}/.alibabacloud/credentials: there is no such file`,
        'ecs_ram_role: the metadata service is switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED',
        'credential_uri: `uri` is not given, and ALIBABA_CLOUD_CREDENTIALS_URI is not set',
      ].join('; ')}`,
    });
    places.env?.();
    expect(await given(provider)).toMatchObject({ providerName: 'default/env' });
  });

  it('reads nothing before it is asked', () => {
    const environment = jest.replaceProperty(process, 'env', new Proxy({}, { get: () => expect(true).toBe(false) }));
    defaultCredentials()();
    environment.restore();
  });
});
