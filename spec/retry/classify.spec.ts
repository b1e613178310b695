import { ClientError, InvalidResponseError, type AlicloudError } from '../../lib/errors.js';
import { failureKindOf, isRead, isUnexecuted } from '../../lib/retry/classify.js';
import type { FailureKind } from '../../lib/retry/failure.js';
import type { AnyOperation, Service } from '../../lib/service.js';
import { broken, late, refusal } from './support.js';

describe('failureKindOf', () => {
  it.each<[AlicloudError, FailureKind | undefined]>([
    [refusal('Throttling'), 'throttled'],
    [refusal('Throttling.User'), 'throttled'],
    [refusal('Throttling.Api'), 'throttled'],
    [refusal('Rejected.Throttling'), 'throttled'],
    [refusal('A.Throttling.B'), 'throttled'],
    [refusal('Anything', 429), 'throttled'],
    [refusal('NotThrottling'), undefined],
    [refusal('ThrottlingX.User'), undefined],
    [refusal('throttling'), undefined],
    [refusal('Forbidden.RAM', 403), undefined],

    [refusal('InternalError', 500), 'transient'],
    [refusal('HTTP.502', 502), 'transient'],
    [refusal('HTTP.503', 503), 'transient'],
    [refusal('HTTP.504', 504), 'transient'],
    [refusal('NotImplemented', 501), undefined],
    [refusal('ServiceUnavailable'), 'transient'],
    [refusal('InternalError'), 'transient'],
    [refusal('UnknownError'), 'transient'],
    [refusal('SystemBusy'), 'transient'],
    [refusal('ServiceBusy'), 'transient'],
    [refusal('OperationBusy'), 'transient'],
    [refusal('InternalErrors'), undefined],

    [refusal('InvalidTimeStamp.Expired'), 'clock'],
    [refusal('InvalidTimeStamp.Format'), 'clock'],
    [refusal('IllegalTimestamp'), 'clock'],
    [refusal('InvalidTimeStamp.Other'), undefined],
    [refusal('SignatureNonceUsed'), 'nonce'],
    [refusal('InvalidSecurityToken.Expired'), 'credentials'],
    [refusal('SecurityTokenExpired', 403), 'credentials'],
    [refusal('InvalidSecurityToken.Malformed'), undefined],
    [refusal('DeviceTokenExpired'), undefined],
    [refusal('Instance.Expired'), undefined],
    [refusal('InvalidAccessKeyId.NotFound'), undefined],
  ])('of %j', (error, kind) => {
    expect(failureKindOf(error)).toBe(kind);
  });

  it.each<[status: number, headers: Record<string, string>, FailureKind | undefined]>([
    [400, { 'x-acs-retry-after': '1000' }, 'throttled'],
    [503, { 'x-acs-retry-after': 'soon' }, 'throttled'],
    [200, { 'x-acs-retry-after': '1000' }, undefined],
    [400, { 'x-ratelimit-user-api': 'Limit:1,Remain:0,TimeLeft:2000,Reset:1234' }, 'throttled'],
    [400, { 'x-ratelimit-user': 'Limit:1,Remain:-2,TimeLeft:2000,Reset:1234' }, 'throttled'],
    [400, { 'x-ratelimit-user': 'Limit:-1,Remain:-1,TimeLeft:2000,Reset:1234' }, undefined],
    [400, { 'x-ratelimit-user-api': 'Limit:5,Remain:1,TimeLeft:2000,Reset:1234' }, undefined],
    [400, { 'x-ratelimit-user-api': 'whatever' }, undefined],
    [400, { 'retry-after': '3' }, undefined],
  ])('of an error with status %i and %j', (status, headers, kind) => {
    expect(failureKindOf(refusal('Something', status, headers))).toBe(kind);
  });

  it.each<[code: string, status: number]>([
    ['InvalidTimeStamp.Expired', 400],
    ['SignatureNonceUsed', 400],
    ['InvalidSecurityToken.Expired', 400],
    ['InternalError', 500],
  ])('of %s with a wait asked for is a throttle first of all', (code, status) => {
    expect(failureKindOf(refusal(code, status, { 'x-acs-retry-after': '5' }))).toBe('throttled');
  });

  it.each(['InvalidTimeStamp.Expired', 'SignatureNonceUsed', 'SecurityTokenExpired'])(
    'of %s is not transient, even with HTTP 500',
    (code) => {
      expect(failureKindOf(refusal(code, 500))).not.toBe('transient');
    },
  );

  it.each(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'])('of %s', (systemCode) => {
    expect(failureKindOf(broken(systemCode))).toBe('transient');
  });

  it.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', undefined])(
    'of %s is none: the next attempt meets the same',
    (systemCode) => {
      expect(failureKindOf(broken(systemCode))).toBeUndefined();
    },
  );

  it('of limits of time: all but that of the whole call', () => {
    expect((['connect', 'read', 'attempt', 'deadline'] as const).map((phase) => failureKindOf(late(phase)))).toEqual([
      'transient',
      'transient',
      'transient',
      undefined,
    ]);
  });

  it.each<AlicloudError>([
    new ClientError('SDK.CredentialsUnavailable', ''),
    new ClientError('SDK.Throttled', ''),
    new ClientError('SDK.Aborted', ''),
    new ClientError('SDK.Unexpected', ''),
    new InvalidResponseError('', 503, {}, ''),
  ])('of $code is none', (error) => {
    expect(failureKindOf(error)).toBeUndefined();
  });
});

describe('isUnexecuted', () => {
  it.each<AlicloudError>([
    broken('ECONNREFUSED'),
    broken('ENOTFOUND'),
    broken('EAI_AGAIN'),
    late('connect'),
    refusal('Throttling.User'),
    refusal('Whatever', 503, { 'x-acs-retry-after': '5' }),
    refusal('InvalidTimeStamp.Expired'),
    refusal('SecurityTokenExpired'),
  ])('of $message: certainly', (error) => {
    expect(isUnexecuted(error)).toBe(true);
  });

  it.each<AlicloudError>([
    broken('ECONNRESET'),
    broken('EPIPE'),
    broken('ETIMEDOUT'),
    broken(undefined),
    late('read'),
    late('attempt'),
    late('deadline'),
    refusal('InternalError', 500),
    refusal('ServiceUnavailable', 503),
    refusal('SignatureNonceUsed'),
    refusal('InvalidParameter'),
  ])('of $message: nobody knows', (error) => {
    expect(isUnexecuted(error)).toBe(false);
  });
});

describe('isRead', () => {
  const service = { product: 'Foo', version: '2020-01-01', endpoints: { prefix: 'foo', rule: 'central', regions: {} } };
  const named = (action: string, facts: Partial<AnyOperation> = {}): AnyOperation => ({
    service: service as Service,
    action,
    ...facts,
  });

  it.each([
    'DescribeRegions',
    'ListTagResources',
    'GetCallerIdentity',
    'QueryOrder',
    'CheckDomain',
    'List',
    'Get2',
    'DescribeDomainHttpCodeData',
    'ListTickets',
  ])('knows that %s only reads', (action) => {
    expect(isRead(named(action))).toBe(true);
  });

  it.each([
    'RunInstances',
    'Checkout',
    'Listen',
    'describeRegions',
    'GetawayCreate',
    'Getaway',
    'Queryless',
    'UpdateDescribe',
    '',
    'CheckSmsVerifyCode',
    'GetAuthToken',
    'GetPhoneWithToken',
    'GetMobile',
    'GetOrCreateUser',
    'QueryAndConsumeCoupon',
    'DescribeAndLockOrder',
    'CheckLoginTicket',
  ])('does not take %j for a read', (action) => {
    expect(isRead(named(action))).toBe(false);
  });

  it('takes the GET of a ROA operation for a read, whatever it is called, and no other method or style', () => {
    expect(isRead(named('FetchFoo', { method: 'GET', path: '/foo' }))).toBe(true);
    expect(isRead(named('FetchFoo', { method: 'GET' }))).toBe(false);
    expect(isRead(named('FetchFoo', { path: '/foo' }))).toBe(false);
    expect(isRead(named('FetchToken', { method: 'GET', path: '/foo' }))).toBe(false);
  });

  it('believes the descriptor', () => {
    expect(isRead(named('RunFoo', { read: true }))).toBe(true);
    expect(isRead(named('GetFoo', { read: false }))).toBe(false);
    expect(isRead(named('FetchFoo', { method: 'GET', path: '/foo', read: false }))).toBe(false);
  });
});
