/** The operations of STS: who calls, and temporary credentials, which the emulator accepts until they expire. */
import type { StsOperations } from '../services/sts.js';
import { invalidParameter, missingParameter } from './api-error.js';
import type { CredentialStore } from './credentials.js';
import { keyed, type AnyHandler, type Call } from './handlers.js';

const account = '1234567890123456';
const user = '2234567890123456';

export function stsHandlers({ credentials }: { readonly credentials: CredentialStore }): [string, AnyHandler][] {
  const assume = (call: AssumeCall): Assumed => assumeRole(credentials, call);
  return keyed<StsOperations>('2015-04-01', {
    getCallerIdentity: ({ role }) =>
      role === undefined
        ? {
            AccountId: account,
            Arn: `acs:ram::${account}:user/emulator`,
            IdentityType: 'RAMUser',
            PrincipalId: user,
            UserId: user,
          }
        : { AccountId: account, Arn: role, IdentityType: 'AssumedRoleUser', PrincipalId: idOf(role), RoleId: roleId },
    assumeRole: assume,
    assumeRoleWithOIDC: (call) => {
      if (!call.request.OIDCToken) throw missingParameter('OIDCToken');
      return {
        ...assume(call),
        OIDCTokenInfo: { Issuer: 'https://oidc.example.com', Subject: 'emulator', ClientIds: 'emulator' },
      };
    },
    assumeRoleWithSAML: (call) => {
      if (!call.request.SAMLAssertion) throw missingParameter('SAMLAssertion');
      return {
        ...assume(call),
        SAMLAssertionInfo: { Issuer: 'https://saml.example.com', Subject: 'emulator', SubjectType: 'persistent' },
      };
    },
  });
}

const roleId = '3234567890123456';

interface AssumeRequest {
  readonly RoleArn?: string | undefined;
  readonly RoleSessionName?: string | undefined;
  readonly DurationSeconds?: number | bigint | undefined;
}

type AssumeCall = Pick<Call<AssumeRequest>, 'request' | 'now' | 'accessKeyId' | 'role'>;

interface Assumed {
  AssumedRoleUser: { Arn: string; AssumedRoleId: string };
  Credentials: { AccessKeyId: string; AccessKeySecret: string; SecurityToken: string; Expiration: string };
}

function assumeRole(
  credentials: CredentialStore,
  { request, now, accessKeyId = '', role: before }: AssumeCall,
): Assumed {
  const { RoleArn, RoleSessionName = 'emulator', DurationSeconds = 3600 } = request;
  if (!RoleArn) throw missingParameter('RoleArn');
  const role = /^acs:ram::(\d+):role\/(.+)$/.exec(RoleArn);
  if (role === null) throw invalidParameter('RoleArn', 'acs:ram::<account>:role/<name>');
  const seconds = Number(DurationSeconds);
  // A role that assumes another may do so for an hour.
  const longest = before === undefined ? 43_200 : 3600;
  if (!(seconds >= 900 && seconds <= longest))
    throw invalidParameter('DurationSeconds', `a number from 900 to ${longest}`);

  // To the second, as it is told to the caller.
  const expires = Math.floor(now / 1000 + seconds) * 1000;
  const Arn = `acs:ram::${role[1]}:assumed-role/${role[2]}/${RoleSessionName}`;
  const account = credentials.find(accessKeyId)?.account ?? Arn;
  const issued = credentials.issue(Arn, expires, account);
  return {
    AssumedRoleUser: { Arn, AssumedRoleId: idOf(Arn) },
    Credentials: {
      AccessKeyId: issued.accessKeyId,
      AccessKeySecret: issued.accessKeySecret,
      SecurityToken: issued.securityToken,
      Expiration: new Date(expires).toISOString().replace('.000', ''),
    },
  };
}

function idOf(assumedRole: string): string {
  return `${roleId}:${assumedRole.slice(assumedRole.lastIndexOf('/') + 1)}`;
}
