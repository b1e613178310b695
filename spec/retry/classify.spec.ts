import { ClientError, InvalidResponseError, type AlicloudError } from '../../lib/errors.js';
import { failureKindOf, isUnexecuted } from '../../lib/retry/classify.js';
import { isRead } from '../../lib/retry/is-read.js';
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

  const hints: Record<string, string>[] = [
    { 'x-acs-retry-after': '1000' },
    { 'x-acs-retry-after': 'soon' },
    { 'x-ratelimit-user-api': 'Limit:1,Remain:0,TimeLeft:2000,Reset:1234' },
    { 'x-ratelimit-user': 'Limit:1,Remain:-2,TimeLeft:2000,Reset:1234' },
    { 'x-ratelimit-user-api': 'Limit:5,Remain:1,TimeLeft:2000,Reset:1234' },
    { 'retry-after': '3' },
  ];
  const codes = ['Something', 'Throttling.User', 'InternalError', 'InvalidTimeStamp.Expired', 'SignatureNonceUsed'];
  const statuses = [400, 403, 404, 409, 429, 500, 502, 503, 504];

  it.each(statuses.flatMap((status) => codes.map((code) => [code, status] as const)))(
    'of %s with status %i is the same with any hint: a hint may stand on the answer to a call that was executed',
    (code, status) => {
      const kinds = hints.map((headers) => failureKindOf(refusal(code, status, headers)));
      expect(new Set(kinds)).toEqual(new Set([failureKindOf(refusal(code, status))]));
    },
  );

  it.each<[code: string, status: number, FailureKind]>([
    ['Throttling.User', 403, 'throttled'],
    ['Throttling.User', 503, 'throttled'],
    ['Throttling.User', 500, 'transient'],
    ['Throttling.User', 502, 'transient'],
    ['Throttling.User', 504, 'transient'],
    ['InternalError', 429, 'throttled'],
  ])('of %s with status %i', (code, status, kind) => {
    expect(failureKindOf(refusal(code, status))).toBe(kind);
  });

  it.each(['InvalidTimeStamp.Expired', 'SignatureNonceUsed', 'SecurityTokenExpired'])(
    'of %s is not transient, even with HTTP 500',
    (code) => {
      expect(failureKindOf(refusal(code, 500))).not.toBe('transient');
    },
  );

  it.each([
    ...['ERR_NETWORK', 'ECONNABORTED', 'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN'],
    ...['EHOSTDOWN', 'EHOSTUNREACH', 'ENETDOWN', 'ENETUNREACH'],
  ])('of %s', (systemCode) => {
    expect(failureKindOf(broken(systemCode))).toBe('transient');
  });

  it.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_REDIRECT', undefined])(
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
    refusal('Throttling.User', 503),
    refusal('Whatever', 429),
    refusal('InvalidTimeStamp.Expired'),
    refusal('SecurityTokenExpired'),
  ])('of $message: certainly', (error) => {
    expect(isUnexecuted(error)).toBe(true);
  });

  it.each<AlicloudError>([
    broken('ECONNRESET'),
    broken('EPIPE'),
    broken('ERR_NETWORK'),
    broken('ETIMEDOUT'),
    broken(undefined),
    late('read'),
    late('attempt'),
    late('deadline'),
    refusal('InternalError', 500),
    refusal('ServiceUnavailable', 503),
    refusal('Whatever', 503, { 'x-acs-retry-after': '5' }),
    refusal('Throttling.User', 500),
    refusal('InvalidTimeStamp.Expired', 502),
    refusal('SecurityTokenExpired', 504),
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
