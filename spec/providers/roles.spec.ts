import { defer, firstValueFrom, of, throwError } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey, type CredentialsProvider } from '../../lib/credentials/credentials.js';
import { oidcRole, type OidcRoleOptions } from '../../lib/providers/oidc-role.js';
import { ramRoleArn, type RamRoleArnOptions } from '../../lib/providers/ram-role-arn.js';
import { apiError } from '../../lib/testing/api-error.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import {
  assumeRole,
  assumeRoleWithOIDC,
  getCallerIdentity,
  type GetCallerIdentityResponse,
} from '../../lib/services/sts.js';
import type { HttpRequest, Transport } from '../../lib/transport/transport.js';
import { errorOf, given, Machine, messageOf } from './support.js';

const arn = (role: string): string => `acs:ram::1234567890123456:role/${role}`;
const key = accessKey(emulatorCredentials.accessKeyId, emulatorCredentials.accessKeySecret);

describe('a RAM role', () => {
  let machine: Machine;
  let emulator: Emulator;
  let endpoint: string;
  let now: number;
  const clock = (): number => now;

  beforeEach(async () => {
    machine = new Machine();
    now = Date.now();
    emulator = createEmulator({ clock });
    endpoint = (await emulator.listen()).url;
  });
  afterEach(async () => {
    await emulator.close();
    machine.end();
  });

  const role = (options: Partial<RamRoleArnOptions> = {}): CredentialsProvider =>
    ramRoleArn({ roleArn: arn('reader'), credentials: key, endpoint, clock, ...options });

  /** Whom the service takes the caller for. */
  const identity = (credentials: CredentialsProvider): Promise<GetCallerIdentityResponse> =>
    firstValueFrom(new AlicloudClient({ endpoint, clock, credentials }).call(getCallerIdentity));

  /** The fields of the calls of STS. */
  function requests(operation: typeof assumeRole | typeof assumeRoleWithOIDC): object[] {
    const seen: object[] = [];
    // The answer is that of the emulator, of a fixed kind.
    emulator.handle(operation as typeof assumeRole, ({ request }) => {
      seen.push(request);
      return { Credentials: { AccessKeyId: 'STS.id', AccessKeySecret: 'secret', SecurityToken: 'token' } };
    });
    return seen;
  }

  it('is taken on once for all, and signs', async () => {
    const provider = role({ sessionName: 'spec' });
    const identities = await Promise.all([identity(provider), identity(provider), identity(provider)]);
    expect(identities.map(({ Arn }) => Arn)).toEqual(
      Array(3).fill('acs:ram::1234567890123456:assumed-role/reader/spec'),
    );
    expect(emulator.requests.get('AssumeRole')).toBe(1);
    expect(await given(provider)).toMatchObject({ providerName: 'ram_role_arn/static_ak' });
  });

  it('can take on another', async () => {
    const provider = role({ roleArn: arn('second'), credentials: role({ roleArn: arn('first') }) });
    expect((await identity(provider)).Arn).toBe('acs:ram::1234567890123456:assumed-role/second/rx-alicloud');
    expect(emulator.requests.get('AssumeRole')).toBe(2);
    expect(await given(provider)).toMatchObject({ providerName: 'ram_role_arn/ram_role_arn/static_ak' });
  });

  it('is taken on anew when its time has passed, and when it was refused', async () => {
    const provider = role({ duration: 900 });
    await identity(provider);
    now += 901_000;
    expect(await identity(provider)).toMatchObject({ IdentityType: 'AssumedRoleUser' });
    expect(emulator.requests.get('AssumeRole')).toBe(2);
    provider.invalidate?.(await given(provider));
    await given(provider);
    expect(emulator.requests.get('AssumeRole')).toBe(3);
  });

  it('is asked for with all that was said', async () => {
    const seen = requests(assumeRole);
    await given(role({ sessionName: 'me@work', policy: '{"Version":"1"}', duration: 1800, externalId: 'outside' }));
    machine.set({ ROLE_SESSION_NAME: 'from-environment' });
    await given(role());
    expect(seen).toEqual([
      {
        RoleArn: arn('reader'),
        RoleSessionName: 'me@work',
        Policy: '{"Version":"1"}',
        DurationSeconds: 1800,
        ExternalId: 'outside',
      },
      { RoleArn: arn('reader'), RoleSessionName: 'from-environment', DurationSeconds: 3600 },
    ]);
  });

  it.each<[Partial<RamRoleArnOptions>, Record<string, string>, string]>([
    [{}, {}, 'https://sts.aliyuncs.com'],
    [{ vpc: true }, {}, 'https://sts.aliyuncs.com'],
    [{ regionId: 'cn-hangzhou' }, {}, 'https://sts.cn-hangzhou.aliyuncs.com'],
    [{ regionId: 'cn-hangzhou', vpc: true }, {}, 'https://sts-vpc.cn-hangzhou.aliyuncs.com'],
    [{}, { STS_REGION: 'cn-beijing', VPC_ENDPOINT_ENABLED: 'true' }, 'https://sts-vpc.cn-beijing.aliyuncs.com'],
    [{ regionId: 'cn-hangzhou', vpc: false }, { VPC_ENDPOINT_ENABLED: 'true' }, 'https://sts.cn-hangzhou.aliyuncs.com'],
    [{ endpoint: 'sts.example.com' }, { STS_REGION: 'cn-beijing' }, 'https://sts.example.com'],
  ])('is asked of the host that %j and %j name', async (options, variables, expected) => {
    machine.set(variables);
    const sent: HttpRequest[] = [];
    const transport: Transport = { send: (request) => (sent.push(request), emulator.transport.send(request)) };
    await given(ramRoleArn({ roleArn: arn('reader'), credentials: key, clock, transport, ...options }));
    expect(sent.map(({ url }) => new URL(url).origin)).toEqual([expected]);
  });

  it('is refused in the words of the service', async () => {
    emulator.handle(assumeRole, () => {
      throw apiError(403, 'NoPermission', 'You are not authorized to do this action.');
    });
    const error = await errorOf(role());
    expect(error).toMatchObject({
      code: 'SDK.CredentialsUnavailable',
      message: `the role ${arn('reader')} could not be taken on: NoPermission: You are not authorized to do this action. (NoPermission, Sts AssumeRole)`,
      cause: { code: 'NoPermission', action: 'AssumeRole' },
    });
  });

  it('fails with its source', async () => {
    const provider = role({ credentials: () => throwError(() => new Error('no key today')) });
    expect(await messageOf(provider)).toContain('no key today');
  });

  it.each<[object, string]>([
    [{ roleArn: undefined }, 'Expected `roleArn` to be a non-empty string, got nothing'],
    [{ credentials: undefined }, 'Expected `credentials` to be a function, got nothing'],
    [{ duration: 899 }, 'Expected `duration` to be seconds from 900 to 43200, got 899'],
    [{ duration: 3_600_000 }, 'Expected `duration` to be seconds from 900 to 43200, got 3600000'],
    [{ sessionName: 'a b' }, 'Expected `sessionName` to be a text of 2 to 64 letters, digits and .@-_, got a string'],
    [
      { externalID: 'hunter2' },
      'Expected `externalID` to be absent, as there is no such option (did you mean `externalId`?), got a string',
    ],
  ])('is refused at once with %j', (options, message) => {
    expect(() => role(options)).toThrow(message);
  });

  describe('for an OIDC token', () => {
    const oidcProviderArn = 'acs:ram::1234567890123456:oidc-provider/ack';
    const oidc = (options: OidcRoleOptions = {}): CredentialsProvider => oidcRole({ endpoint, clock, ...options });

    it('is taken on without a key', async () => {
      const tokenFile = machine.write('token', 'e30.e30.x\n');
      machine.set({ ROLE_ARN: arn('pod'), OIDC_PROVIDER_ARN: oidcProviderArn, OIDC_TOKEN_FILE: tokenFile });
      const provider = oidc();
      expect((await identity(provider)).Arn).toBe('acs:ram::1234567890123456:assumed-role/pod/rx-alicloud');
      expect(await given(provider)).toMatchObject({ providerName: 'oidc_role_arn' });
    });

    it('reads the file each time, and puts the token in no URL', async () => {
      const seen = requests(assumeRoleWithOIDC);
      const urls: string[] = [];
      const tokenFile = machine.write('token', 'first');
      const provider = oidc({
        roleArn: arn('pod'),
        oidcProviderArn,
        tokenFile,
        transport: { send: (request) => (urls.push(request.url), emulator.transport.send(request)) },
      });
      const credentials = await given(provider);
      machine.write('token', 'second');
      provider.invalidate?.(credentials);
      await given(provider);
      expect(seen).toMatchObject([
        { OIDCToken: 'first', OIDCProviderArn: oidcProviderArn, RoleArn: arn('pod') },
        { OIDCToken: 'second' },
      ]);
      expect(urls.join()).not.toMatch(/first|second/);
    });

    it('takes a token from a function', async () => {
      const seen = requests(assumeRoleWithOIDC);
      await given(oidc({ roleArn: arn('page'), oidcProviderArn, token: () => defer(() => of('from-the-page')) }));
      expect(seen).toMatchObject([{ OIDCToken: 'from-the-page' }]);
    });

    it('says what is missing', async () => {
      const said = [await messageOf(oidc())];
      machine.set({ ROLE_ARN: arn('pod') });
      said.push(await messageOf(oidc()));
      machine.set({ OIDC_PROVIDER_ARN: oidcProviderArn });
      said.push(await messageOf(oidc()));
      machine.set({ OIDC_TOKEN_FILE: `${machine.home}/none` });
      said.push(await messageOf(oidc()));
      machine.set({ OIDC_TOKEN_FILE: machine.write('token', 'hunter 2') });
      said.push(await messageOf(oidc()));
      expect(said).toEqual([
        '`roleArn` is not given, and ALIBABA_CLOUD_ROLE_ARN is not set',
        '`oidcProviderArn` is not given, and ALIBABA_CLOUD_OIDC_PROVIDER_ARN is not set',
        '`tokenFile` is not given, and ALIBABA_CLOUD_OIDC_TOKEN_FILE is not set',
        `the role ${arn('pod')} could not be taken on: the token file ${machine.home}/none: there is no such file`,
        `the role ${arn('pod')} could not be taken on: the token file ${machine.home}/token: expected a token of visible ASCII characters`,
      ]);
    });
  });
});
