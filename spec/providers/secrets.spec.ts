/** A secret is put wherever there is room for one, and whatever goes wrong then is searched for it. */
import { firstValueFrom } from 'rxjs';
import type { CredentialsProvider } from '../../lib/credentials/credentials.js';
import { accessKey, bearerToken, stsToken } from '../../lib/credentials/credentials.js';
import { AlicloudClient } from '../../lib/client.js';
import { chain } from '../../lib/providers/chain.js';
import { cliProfile } from '../../lib/providers/cli-profile.js';
import { credentialsUri } from '../../lib/providers/credentials-uri.js';
import { ecsRamRole } from '../../lib/providers/ecs-ram-role.js';
import { environment } from '../../lib/providers/environment.js';
import { iniProfile } from '../../lib/providers/ini-profile.js';
import { oidcRole } from '../../lib/providers/oidc-role.js';
import { ramRoleArn } from '../../lib/providers/ram-role-arn.js';
import { describeRegions } from '../../lib/services/ecs.js';
import { LoopbackServer, type Reply } from './metadata.js';
import { errorOf, Machine, shownOf } from './support.js';

const secret = 'hunter2Secret';
const roleArn = 'acs:ram::1234567890123456:role/reader';
const key = accessKey('id', secret);
const cliFields = [
  ...['access_key_id', 'access_key_secret', 'sts_token', 'external_id', 'policy', 'process_command', 'credentials_uri'],
  ...['access_token', 'oauth_access_token', 'oauth_refresh_token', 'bearer_token', 'private_key'],
];
const iniFields = ['access_key_id', 'access_key_secret', 'security_token', 'bearer_token', 'external_id', 'policy'];

/** What a server may answer that has seen secrets: an echo, an error, something half. */
const answers: readonly Reply[] = [
  { status: 500, body: `<html>${secret}</html>` },
  { status: 400, body: JSON.stringify({ Code: secret, Message: `the token ${secret} is no good`, RequestId: 'r' }) },
  { status: 403, body: JSON.stringify({ ErrorCode: 'No', AccessKeySecret: secret, Token: secret }) },
  { status: 200, body: secret },
  { status: 200, body: JSON.stringify({ AccessKeySecret: secret, SecurityToken: secret, Expiration: secret }) },
  {
    status: 200,
    body: JSON.stringify({ Credentials: { AccessKeySecret: secret, SecurityToken: secret } }),
  },
  { status: 200, body: JSON.stringify({ CloudCredential: { AccessKeySecret: secret, SecurityToken: secret } }) },
];

describe('no secret is shown', () => {
  let machine: Machine;
  let server: LoopbackServer;
  let origin: string;
  let reply: Reply;

  beforeEach(async () => {
    machine = new Machine();
    server = new LoopbackServer(() => reply);
    origin = await server.listen();
  });
  afterEach(async () => {
    await server.close();
    machine.end();
  });

  function providers(): CredentialsProvider[] {
    const tokenFile = machine.write('token', secret);
    const endpoint = origin;
    machine.set({
      CREDENTIALS_URI: `${origin}/?key=${secret}`,
      ACCESS_KEY_ID: secret,
      ACCESS_KEY_SECRET: `${secret}\n`,
    });
    return [
      environment(),
      ramRoleArn({ roleArn, endpoint, credentials: key, externalId: secret, policy: secret }),
      ramRoleArn({ roleArn, endpoint, credentials: stsToken('id', secret, secret) }),
      ramRoleArn({ roleArn, endpoint, credentials: bearerToken(secret) }),
      oidcRole({ roleArn, endpoint, oidcProviderArn: 'arn', tokenFile, policy: secret }),
      ecsRamRole({ metadataOrigin: origin, roleName: 'reader' }),
      ecsRamRole({ metadataOrigin: origin, disableImdsV1: true }),
      credentialsUri(),
      credentialsUri(`${origin.replace('//', `//user:${secret}@`)}/?key=${secret}`),
      ...[
        'AK',
        'StsToken',
        'RamRoleArn',
        'CloudSSO',
        'OAuth',
        'External',
        'CredentialsURI',
        'BearerToken',
        'RsaKeyPair',
        '',
      ].map((mode) => cliProfile({ file: machine.write(`cli-${mode}.json`, cliFile(mode)) })),
      cliProfile({ file: machine.write('broken.json', cliFile('AK').slice(0, -2)) }),
      ...['access_key', 'sts', 'ram_role_arn', 'bearer', 'rsa_key_pair'].map((type) =>
        iniProfile({ file: machine.write(`ini-${type}`, iniFile(type)) }),
      ),
    ];
  }

  /** A space makes a credential of none, so that each is refused. */
  function cliFile(mode: string): string {
    const fields = Object.fromEntries(cliFields.map((field) => [field, `${secret} ${secret}`]));
    const sso = { cloud_sso_sign_in_url: origin, cloud_sso_account_id: 'a', cloud_sso_access_config: 'c' };
    const inAnHour = Math.floor(Date.now() / 1000) + 3600;
    const logins = { ...sso, cloud_sso_access_token_expire: inAnHour, access_token: secret, oauth_site_type: secret };
    const profile = { name: 'default', mode, ram_role_arn: roleArn, sts_endpoint: origin, ...fields, ...logins };
    return JSON.stringify({ profiles: [profile] });
  }

  function iniFile(type: string): string {
    const fields = iniFields.map((field) => `${field} = ${secret} ${secret}\n`).join('');
    return `[default]\ntype = ${type}\nrole_arn = ${roleArn}\nsts_endpoint = ${origin}\n${fields}`;
  }

  it.each(answers)('whatever a server answers: %j', async (answer) => {
    reply = answer;
    const all = providers();
    for (const error of await Promise.all(all.map(errorOf))) {
      expect(shownOf(error)).not.toContain(secret);
      expect(error.code).toBe('SDK.CredentialsUnavailable');
    }
    const some = all.slice(0, 4);
    const together = chain(Object.fromEntries(some.map((provider, index) => [`p${index}`, provider])));
    expect(shownOf(await errorOf(together))).not.toContain(secret);
    expect(shownOf(all)).not.toContain(secret);
  });

  it('when nobody listens', async () => {
    const all = providers();
    await server.close();
    for (const error of await Promise.all(all.map(errorOf))) expect(shownOf(error)).not.toContain(secret);
    await server.listen();
  });

  it('in the error of a call that could not be signed', async () => {
    reply = answers[1] ?? {};
    const errors = providers().map((credentials) => {
      const client = new AlicloudClient({ endpoint: origin, credentials });
      return firstValueFrom(client.call(describeRegions, {})).catch((thrown: unknown) => thrown);
    });
    for (const error of await Promise.all(errors)) {
      expect(error).toMatchObject({ code: 'SDK.CredentialsUnavailable' });
      expect(shownOf(error)).not.toContain(secret);
    }
  });

  it('in what refuses an option', () => {
    const refused: (() => unknown)[] = [
      () => ramRoleArn({ roleArn, credentials: key, sessionName: `${secret} ` }),
      () => ramRoleArn({ roleArn, credentials: secret as never }),
      () => ramRoleArn({ roleArn, credentials: key, extraId: secret } as never),
      () => credentialsUri(secret),
      () => oidcRole({ token: secret as never }),
      () => accessKey('id', `${secret} `),
    ];
    for (const refuse of refused) {
      let error: unknown;
      try {
        refuse();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ code: 'SDK.InvalidConfiguration' });
      expect(shownOf(error)).not.toContain(secret);
    }
  });
});
