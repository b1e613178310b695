import { assumeRole, assumeRoleWithOIDC, getCallerIdentity } from '../../lib/services/sts.js';
import { openSession, refusalOf } from './support/session.js';
import type { Signable } from './support/signer.js';

const RoleArn = 'acs:ram::1234567890123456:role/reader';

describe('the emulated STS', () => {
  it('says who calls', async () => {
    const { call } = openSession();
    expect(await call(getCallerIdentity, {})).toMatchObject({
      AccountId: '1234567890123456',
      IdentityType: 'RAMUser',
      Arn: expect.stringMatching(/^acs:ram::1234567890123456:user\//) as string,
    });
  });

  it('hands out credentials that are good until they expire', async () => {
    const { call, clock } = openSession();
    const { Credentials, AssumedRoleUser } = await call(assumeRole, {
      RoleArn,
      RoleSessionName: 'spec',
      DurationSeconds: 900,
    });
    expect(Credentials?.Expiration).toBe('2024-05-01T00:15:00Z');
    expect(AssumedRoleUser?.Arn).toBe('acs:ram::1234567890123456:assumed-role/reader/spec');

    const asRole = (token = Credentials?.SecurityToken): Signable => ({
      accessKeyId: Credentials?.AccessKeyId ?? '',
      accessKeySecret: Credentials?.AccessKeySecret ?? '',
      headers: { 'x-acs-security-token': token },
    });
    expect(await call(getCallerIdentity, {}, asRole())).toMatchObject({
      IdentityType: 'AssumedRoleUser',
      Arn: AssumedRoleUser?.Arn,
    });
    expect(await refusalOf(call(getCallerIdentity, {}, asRole('another')))).toBe('400 InvalidSecurityToken.Malformed');
    clock.advance(900_000 - 1);
    expect(await refusalOf(call(getCallerIdentity, {}, asRole()))).toBe('accepted');
    clock.advance(1);
    expect(await refusalOf(call(getCallerIdentity, {}, asRole()))).toBe('400 InvalidSecurityToken.Expired');
  });

  it('lets a role assume another, for an hour at most', async () => {
    const { call } = openSession();
    const { Credentials } = await call(assumeRole, { RoleArn, RoleSessionName: 'first' });
    const asReader: Signable = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      accessKeySecret: Credentials?.AccessKeySecret ?? '',
      headers: { 'x-acs-security-token': Credentials?.SecurityToken },
    };
    const next = { RoleArn: 'acs:ram::1234567890123456:role/writer', RoleSessionName: 'second' };
    expect(await refusalOf(call(assumeRole, { ...next, DurationSeconds: 3601 }, asReader))).toBe(
      '400 InvalidParameter',
    );
    const second = (await call(assumeRole, { ...next, DurationSeconds: 3600 }, asReader)).Credentials;
    const asWriter: Signable = {
      accessKeyId: second?.AccessKeyId ?? '',
      accessKeySecret: second?.AccessKeySecret ?? '',
      headers: { 'x-acs-security-token': second?.SecurityToken },
    };
    expect((await call(getCallerIdentity, {}, asWriter)).Arn).toBe(
      'acs:ram::1234567890123456:assumed-role/writer/second',
    );
  });

  it('takes an OIDC token for a key', async () => {
    const { call } = openSession();
    const unsigned = { headers: { authorization: undefined } };
    const { Credentials } = await call(assumeRoleWithOIDC, { RoleArn, OIDCToken: 'token' }, unsigned);
    expect(Credentials?.AccessKeyId).toMatch(/^STS\./);
    expect(await refusalOf(call(assumeRoleWithOIDC, { RoleArn }, unsigned))).toBe('400 MissingParameter');
  });

  it.each([
    [{ RoleArn: 'reader' }, '400 InvalidParameter'],
    [{ DurationSeconds: 899 }, '400 InvalidParameter'],
    [{ DurationSeconds: 43_201 }, '400 InvalidParameter'],
  ])('refuses %j', async (request, expected) => {
    const { call } = openSession();
    expect(await refusalOf(call(assumeRole, { RoleArn, RoleSessionName: 'spec', ...request }))).toBe(expected);
  });
});
