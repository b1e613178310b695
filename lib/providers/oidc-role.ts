import { defer, from, map, switchMap, take, type Observable, type ObservableInput } from 'rxjs';
import { readTextFile } from '#host';
import type { CredentialsProvider } from '../credentials/credentials.js';
import { checkOptions, ofType } from '../schema/options.js';
import type { Operation } from '../service.js';
import { assumeRoleWithOIDC } from '../services/sts.js';
import type { Transport } from '../transport/transport.js';
import { assumed, ofRoles, sharedFields, type RoleOptions } from './assume.js';
import { transportOf } from './http.js';
import { text } from './options.js';
import { refreshing } from './refreshing.js';
import { explained, unavailable } from './unavailable.js';
import { required } from './variables.js';

export interface OidcRoleOptions extends RoleOptions {
  /** Such as `acs:ram::1234567890123456:role/reader`. @default `ALIBABA_CLOUD_ROLE_ARN` */
  readonly roleArn?: string | undefined;
  /** The identity provider, such as `acs:ram::1234567890123456:oidc-provider/ack`. @default `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` */
  readonly oidcProviderArn?: string | undefined;
  /** The file with the token; it is read each time, as tokens are replaced. @default `ALIBABA_CLOUD_OIDC_TOKEN_FILE` */
  readonly tokenFile?: string | undefined;
  /** Gives the token, in place of a file: a page's own sign-in, for one. */
  readonly token?: (() => ObservableInput<string>) | undefined;
}

/**
 * The temporary credentials of a RAM role, for a token of an OpenID Connect provider, such as a pod of Kubernetes has one.
 * @throws ConfigurationError where an option can't work.
 */
export function oidcRole(options: OidcRoleOptions = {}): CredentialsProvider {
  checkOptions(options, {
    ...ofRoles,
    roleArn: text,
    oidcProviderArn: text,
    tokenFile: text,
    token: ofType('function'),
  });
  const transport = transportOf(options.transport);

  return refreshing(
    () => {
      const RoleArn = required(options.roleArn, 'ROLE_ARN', 'roleArn');
      const OIDCProviderArn = required(options.oidcProviderArn, 'OIDC_PROVIDER_ARN', 'oidcProviderArn');
      return tokenOf(options).pipe(
        switchMap((OIDCToken) => {
          const request = { RoleArn, OIDCProviderArn, OIDCToken, ...sharedFields(options) };
          const silent = withoutToken(transport, OIDCToken);
          return assumed((client) => client.call(inBody(assumeRoleWithOIDC), request), options, { transport: silent });
        }),
        map((credentials) => ({ ...credentials, providerName: 'oidc_role_arn' })),
        explained(`the role ${RoleArn} could not be taken on`),
      );
    },
    { clock: options.clock },
  );
}

function tokenOf({ token, tokenFile }: OidcRoleOptions): Observable<string> {
  if (token !== undefined) return defer(() => from(token())).pipe(take(1), map(trimmed));
  const file = required(tokenFile, 'OIDC_TOKEN_FILE', 'tokenFile');
  return from(readTextFile(file)).pipe(map(trimmed), explained(`the token file ${file}`));
}

/** Files end in a line break. */
function trimmed(token: string): string {
  const kept = token.trim();
  if (/^[\x21-\x7e]+$/.test(kept)) return kept;
  throw unavailable(`expected a token of visible ASCII characters${kept === '' ? ', got none' : ''}`);
}

/** The same fields in the body: URLs are written to logs, and a token is long. */
function inBody<Request, Response>({
  query = '',
  ...rest
}: Operation<Request, Response>): Operation<Request, Response> {
  return { ...rest, body: query };
}

/** The call is not signed, so nothing else knows that the token is a secret when the server repeats it. */
function withoutToken(transport: Transport, token: string): Transport {
  return {
    send: (request) =>
      transport.send(request).pipe(map((response) => ({ ...response, body: response.body.replaceAll(token, '***') }))),
  };
}
