/** One failure that passes must fail nobody, whoever is asked for credentials, and one that stays must not be hammered. */
import { NEVER, of, throwError, type Observable } from 'rxjs';
import { accessKey, type CredentialsProvider } from '../../lib/credentials/credentials.js';
import { NetworkError, type AlicloudError } from '../../lib/errors.js';
import { cloudSso, oauth } from '../../lib/providers/cli-logins.js';
import { credentialsUri } from '../../lib/providers/credentials-uri.js';
import { ecsRamRole } from '../../lib/providers/ecs-ram-role.js';
import { oidcRole } from '../../lib/providers/oidc-role.js';
import { ramRoleArn } from '../../lib/providers/ram-role-arn.js';
import { sectionOf } from '../../lib/providers/section.js';
import type { HttpRequest, HttpResponse, Transport } from '../../lib/transport/transport.js';
import { answer } from './metadata.js';
import { given, Machine } from './support.js';

const token = '/latest/api/token';
const roles = '/latest/meta-data/ram/security-credentials/';
const roleArn = 'acs:ram::1234567890123456:role/reader';
const inAnHour = String(Math.floor(Date.now() / 1000) + 36_000);
const login = (facts: object) =>
  sectionOf('p', new Map(Object.entries({ ...facts, access_token: 't', oauth_access_token: 't' })));

/** What is asked where, and what the proper answer is. */
interface Asked {
  readonly provider: (transport: Transport) => CredentialsProvider;
  /** The path that hiccups; all of them where there is none. */
  readonly path?: string;
  readonly body: () => string;
}

const inner = () => JSON.parse(answer({ Code: undefined })) as object;

const asked: Readonly<Record<string, Asked>> = {
  'the token of the metadata service': {
    provider: (transport) => ecsRamRole({ transport, disableImdsV1: true }),
    path: token,
    body: answer,
  },
  'the role of the metadata service': {
    provider: (transport) => ecsRamRole({ transport, disableImdsV1: true }),
    path: roles,
    body: answer,
  },
  'the credentials of the metadata service': {
    provider: (transport) => ecsRamRole({ transport, roleName: 'reader' }),
    path: `${roles}reader`,
    body: answer,
  },
  'a credentials URI': {
    provider: (transport) => credentialsUri('http://broker.example.com/', { transport }),
    body: answer,
  },
  CloudSSO: {
    provider: (transport) =>
      cloudSso(
        login({
          cloud_sso_sign_in_url: 'https://sso.example.com/',
          cloud_sso_account_id: 'a',
          cloud_sso_access_config: 'c',
          cloud_sso_access_token_expire: inAnHour,
        }),
        { transport },
      ),
    body: () => JSON.stringify({ CloudCredential: inner() }),
  },
  OAuth: {
    provider: (transport) =>
      oauth(login({ oauth_site_type: 'CN', oauth_access_token_expire: inAnHour }), { transport }),
    body: answer,
  },
  'a RAM role': {
    provider: (transport) => ramRoleArn({ transport, roleArn, credentials: accessKey('id', 'secret') }),
    body: () => JSON.stringify({ RequestId: 'r', Credentials: inner() }),
  },
  'an OIDC role': {
    provider: (transport) =>
      oidcRole({ transport, roleArn, oidcProviderArn: 'arn', token: () => of('e30.e30.the-token') }),
    body: () => JSON.stringify({ RequestId: 'r', Credentials: inner() }),
  },
};

type Outcome = (body: string) => Observable<HttpResponse>;
const reply =
  (status: number, body: string | ((body: string) => string) = '', headers: Record<string, string> = {}): Outcome =>
  (proper) =>
    of({ status, headers, body: typeof body === 'string' ? body : body(proper) });
const breaks =
  (code: string): Outcome =>
  () =>
    throwError(() => new NetworkError('it broke', 'http://broker.example.com', code));

const passing: Readonly<Record<string, Outcome>> = {
  500: reply(500),
  502: reply(502, '<html>Bad Gateway</html>'),
  503: reply(503, '{"Code":"ServiceUnavailable"}'),
  504: reply(504),
  429: reply(429),
  '503 with a hint': reply(503, '', { 'retry-after': '2' }),
  'a reset': breaks('ECONNRESET'),
  'nobody listening': breaks('ECONNREFUSED'),
  'a name that is not resolved': breaks('EAI_AGAIN'),
  silence: () => NEVER,
  'half of the JSON': reply(200, (body) => body.slice(0, body.length / 2)),
  'an empty body': reply(200),
  'a page': reply(200, '<html>please wait</html>'),
};

const staying: Readonly<Record<string, Outcome>> = {
  400: reply(400, '{"Code":"InvalidParameter"}'),
  401: reply(401),
  403: reply(403, '{"Code":"NoPermission"}'),
  404: reply(404, '<html>Not Found</html>'),
  302: reply(302, '', { location: 'http://elsewhere.example.com' }),
  '503 with a hint that is too long': reply(503, '', { 'retry-after': '3600' }),
  'a certificate that is not trusted': breaks('CERT_HAS_EXPIRED'),
};

const rows = (outcomes: Readonly<Record<string, Outcome>>): [string, string, Asked, Outcome][] =>
  Object.entries(asked).flatMap(([who, facts]) =>
    Object.entries(outcomes)
      .map(([what, outcome]): [string, string, Asked, Outcome] => [what, who, facts, outcome])
      // Half of a word is a word.
      .filter(([what]) => what !== 'half of the JSON' || (facts.path !== token && facts.path !== roles)),
  );

describe('a hiccup', () => {
  let machine: Machine;
  /** What the part that hiccups was asked. */
  let seen: HttpRequest[];

  beforeEach(() => {
    machine = new Machine();
    seen = [];
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
    machine.end();
  });

  /** Answers properly from the `good`th time on. */
  const transportOf = ({ path, body }: Asked, outcome: Outcome, good: number): Transport => ({
    send(request) {
      const { pathname } = new URL(request.url);
      const isStep = path === undefined || path === pathname;
      const properly = pathname === token ? 'token' : pathname === roles ? 'reader' : body();
      if (!isStep) return of({ status: 200, headers: {}, body: properly });
      seen.push(request);
      return seen.length < good ? outcome(properly) : of({ status: 200, headers: {}, body: properly });
    },
  });

  /** What the callers get, and how long it took, in milliseconds. */
  async function outcomes(provider: CredentialsProvider, callers: number): Promise<[all: unknown[], took: number]> {
    const start = Date.now();
    let end = start;
    const all = Promise.all(
      Array.from({ length: callers }, () => given(provider).catch((error: unknown) => error)),
    ).finally(() => (end = Date.now()));
    await jest.advanceTimersByTimeAsync(120_000);
    return [await all, end - start];
  }

  it.each(rows(passing))('that passes fails nobody: %s, %s', async (_what, _who, facts, outcome) => {
    const [all] = await outcomes(facts.provider(transportOf(facts, outcome, 2)), 20);
    expect(all).toEqual(Array(20).fill(expect.objectContaining({ accessKeyId: 'STS.id', securityToken: 'token' })));
    expect(seen).toHaveLength(2);
  });

  it.each(rows(passing))('that stays is asked for three times at most: %s, %s', async (what, _who, facts, outcome) => {
    const provider = facts.provider(transportOf(facts, outcome, Infinity));
    const [[error, ...others], took] = await outcomes(provider, 5);
    expect(error).toMatchObject({ code: 'SDK.CredentialsUnavailable' });
    expect(others).toEqual(Array(4).fill(error));
    expect(seen).toHaveLength(what === 'silence' ? 2 : 3);
    // The limit of a whole fetch.
    expect(took).toBeLessThanOrEqual(60_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each(rows(staying))('is not what %s is, of %s', async (what, _who, facts, outcome) => {
    const [[error]] = await outcomes(facts.provider(transportOf(facts, outcome, Infinity)), 1);
    expect(error).toMatchObject({ code: 'SDK.CredentialsUnavailable' });
    // Without the token, once, where version 1 is not switched off.
    const isFallback = facts.path === `${roles}reader` && what === '404';
    expect(seen).toHaveLength(isFallback ? 2 : 1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each(Object.entries(asked).filter(([, { path }]) => path === undefined))(
    'is not what an answer is that lacks something: %s',
    async (_who, facts) => {
      const lacking = reply(200, (body) => body.replace('AccessKeySecret', 'Other'));
      const [[error]] = await outcomes(facts.provider(transportOf(facts, lacking, Infinity)), 1);
      expect((error as AlicloudError).message).toContain('expected an access key secret in the answer, got none');
      expect(seen).toHaveLength(1);
    },
  );

  it('is waited for as long as the server asks', async () => {
    const facts = asked['a credentials URI']!;
    const hint = reply(503, '', { 'retry-after': '3' });
    const [, took] = await outcomes(facts.provider(transportOf(facts, hint, 2)), 1);
    expect(took).toBe(3000);
  });

  it.each(Object.entries(asked))('has a limit of size: %s', async (_who, facts) => {
    const long = reply(200, (body) => body + ' '.repeat(1 << 20));
    const [[error]] = await outcomes(facts.provider(transportOf(facts, long, Infinity)), 1);
    expect(error).toMatchObject({ code: 'SDK.CredentialsUnavailable' });
    expect((error as AlicloudError).message).toMatch(/is longer than maxResponseSize, 1048576 bytes/);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.maxResponseSize).toBe(1 << 20);
  });
});
