/** Profiles that a login of the CLI stands behind. The login is the user's: where it has expired, only they can renew it. */
import { defer, identity, map, of, type Observable } from 'rxjs';
import type { CredentialsProvider } from '../credentials/credentials.js';
import type { HttpRequest } from '../transport/transport.js';
import { answerOf, credentialsIn, type Answer } from './answer.js';
import { ask, readJson, transportOf, usualLimit } from './http.js';
import type { ProviderOptions } from './options.js';
import { refreshing, type ExpiringCredentials } from './refreshing.js';
import type { Section } from './section.js';
import { explained, unavailable } from './unavailable.js';

/** A user of CloudSSO, in one of the accounts that they may enter. */
export function cloudSso(section: Section, how: ProviderOptions): CredentialsProvider {
  return loggedIn(section, how, {
    providerName: 'cloud_sso',
    mode: 'CloudSSO',
    tokenExpires: 'cloud_sso_access_token_expire',
    request: () => ({
      method: 'POST',
      url: `${ssoOrigin(section.needed('cloud_sso_sign_in_url'))}/cloud-credentials`,
      headers: jsonHeaders(section.needed('access_token')),
      body: JSON.stringify({
        AccountId: section.needed('cloud_sso_account_id'),
        AccessConfigurationId: section.needed('cloud_sso_access_config'),
      }),
    }),
    inner: (answer) => {
      const inner = answer.get('cloudcredential');
      return typeof inner === 'object' && inner !== null ? answerOf(inner) : undefined;
    },
  });
}

const oauthSites: Readonly<Record<string, string>> = {
  CN: 'https://oauth.aliyun.com',
  INTL: 'https://oauth.alibabacloud.com',
};

/** A user who has signed in by a browser. */
export function oauth(section: Section, how: ProviderOptions): CredentialsProvider {
  return loggedIn(section, how, {
    providerName: 'oauth',
    mode: 'OAuth',
    tokenExpires: 'oauth_access_token_expire',
    request: () => {
      const site = oauthSites[section.needed('oauth_site_type').toUpperCase()];
      if (site === undefined)
        throw unavailable(`expected oauth_site_type to be ${Object.keys(oauthSites).join(' or ')}`);
      const headers = jsonHeaders(section.needed('oauth_access_token'));
      return { method: 'POST', url: `${site}/v1/exchange`, headers };
    },
    inner: identity,
  });
}

interface Login {
  readonly providerName: string;
  readonly mode: string;
  /** Where the profile says when the login expires, in seconds since 1970. */
  readonly tokenExpires: string;
  readonly request: () => HttpRequest;
  /** Where in the answer the credentials are. */
  readonly inner: (answer: Answer) => Answer | undefined;
}

function loggedIn(section: Section, how: ProviderOptions, login: Login): CredentialsProvider {
  const transport = transportOf(how.transport);
  const { clock = Date.now } = how;
  let stored = storedIn(section, login);
  return refreshing(
    () =>
      defer((): Observable<ExpiringCredentials> => {
        const last = stored;
        // Once refused, they are not tried again.
        stored = undefined;
        if (last !== undefined && clock() < last.expires) return of(last);
        if (clock() >= (section.number(login.tokenExpires) ?? 0) * 1000) {
          const command = `aliyun configure --mode ${login.mode} --profile ${section.name}`;
          throw unavailable(`the login has expired: \`${command}\` renews it`);
        }
        const request = login.request();
        return ask(transport, { request, limit: usualLimit, read: readJson }).pipe(
          map((answer) => credentialsIn(login.inner(answer), login.providerName)),
          explained(`${new URL(request.url).origin} gave no credentials`),
        );
      }),
    { clock },
  );
}

/** What the CLI had last, and has written down. */
function storedIn(section: Section, { providerName }: Login): (ExpiringCredentials & { expires: number }) | undefined {
  const [accessKeyId, accessKeySecret, securityToken] = ['access_key_id', 'access_key_secret', 'sts_token'].map((key) =>
    section.text(key),
  );
  const expires = (section.number('sts_expiration') ?? 0) * 1000;
  if (accessKeyId === undefined || accessKeySecret === undefined || securityToken === undefined) return undefined;
  return { accessKeyId, accessKeySecret, securityToken, providerName, expires };
}

function jsonHeaders(token: string): Record<string, string> {
  return { accept: 'application/json', 'content-type': 'application/json', authorization: `Bearer ${token}` };
}

function ssoOrigin(url: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return new URL(url).origin;
  throw unavailable('expected cloud_sso_sign_in_url to be a URL');
}
