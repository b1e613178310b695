import { exceptions, exceptionFor, readFact, readsByRule } from '../../codegen/reads.js';
import { slowest } from '../../codegen/read-timeouts.js';
import { isDoubtful, isRead } from '../../lib/retry/is-read.js';
import type { AnyOperation } from '../../lib/service.js';
import { catalog } from '../../lib/services/catalog.js';

let all: AnyOperation[] = [];
beforeAll(async () => {
  const services = await Promise.all(catalog.map(({ load }) => load()));
  all = services.flatMap(({ operations }) => Object.values(operations));
});

function reads(product: string, action: string): boolean[] {
  const found = all.filter((each) => each.service.product === product && each.action === action);
  return [...new Set(found.map(isRead))];
}

function named({ action, method = 'POST', path }: AnyOperation) {
  return { action, httpMethod: method, path };
}

describe('what only reads', () => {
  it.each([
    ['Dypnsapi', 'CheckSmsVerifyCode GetAuthToken GetFusionAuthToken GetMobile GetPhoneWithToken GetSmsAuthTokens'],
    ['Dypnsapi', 'VerifySmsCode VerifyMobile SendSmsVerifyCode'],
    ['WebsiteBuild', 'CheckAppVerifyCode GetUserAccessTokenForPartner'],
    ['cams', 'GetChatappVerifyCode GetMigrationVerifyCode GetPermissionByCode'],
    ['imp-room', 'GetLoginToken'],
    ['Dysmsapi', 'RequiredPhoneCode ValidPhoneCode'],
    ['Cdn', 'DeleteRealtimeLogDelivery CreateRealTimeLogDelivery'],
    ['ESA', 'DeleteKv DeleteCertificate RevokeClientCertificate ActivateClientCertificate'],
    ['NAS', 'CreateRecycleBinDeleteJob DisableAndCleanRecycleBin'],
    ['Rds', 'ValidateImportTask'],
  ])('is in %s none of %s', (product, actions) => {
    for (const action of actions.split(' '))
      expect({ action, reads: reads(product, action) }).toEqual({ action, reads: [false] });
  });

  it.each([
    [
      'Kms',
      'Encrypt Decrypt GenerateDataKey GenerateDataKeyWithoutPlaintext AsymmetricVerify AsymmetricSign GetRandomPassword',
    ],
    ['cas', 'Verify Sign Encrypt Decrypt'],
    ['ocr-api', 'RecognizeInvoice RecognizeGeneral'],
    ['Dm', 'DescDomain DescTemplate DescAccountSummary'],
    ['Alidns', 'SearchCloudGtmInstances PreviewGtmRecoveryPlan ValidateDnsGtmCnameRrCanUse'],
    ['Iot', 'BatchGetDeviceState BatchQueryDeviceDetail QueryDevice'],
    ['Cdn', 'BatchDescribeCdnIpInfo DescribeDomainHttpCodeData'],
    ['BssOpenApi', 'InquiryPriceRefundInstance'],
    ['ROS', 'PreviewStack ValidateTemplate'],
    ['elasticsearch', 'UpgradeInfo RecommendTemplates ValidateSlrPermission'],
    ['Ecs', 'DescribeInstances'],
    ['CS', 'DescribeClusterUserKubeconfig'],
  ])('is in %s each of %s', (product, actions) => {
    for (const action of actions.split(' '))
      expect({ action, reads: reads(product, action) }).toEqual({ action, reads: [true] });
  });

  it('is as the generator has it, for every operation', () => {
    const wrong = all.filter((each) => {
      const { product } = each.service;
      return each.read !== readFact(product, named(each));
    });
    expect(wrong.map(({ action }) => action)).toEqual([]);
  });

  it('was looked up for every name that may mean either', () => {
    const readish = /^(?:Batch)?(?:Describe|List|Get|Query|Check)(?=[A-Z0-9])/;
    const open = all.filter(
      ({ service, action }) => readish.test(action) && isDoubtful(action) && !exceptionFor(service.product, action),
    );
    expect(open.map(({ service, action }) => `${service.product} ${action}`)).toEqual([]);
  });

  it('has no exception that concerns nothing, and none that says what the rule says of a name that is clear', () => {
    const idle = exceptions.filter((each) => {
      const concerned = all.filter(({ service, action }) => exceptionFor(service.product, action) === each);
      return !concerned.some(
        (operation) => isDoubtful(operation.action) || readsByRule(named(operation)) !== each.read,
      );
    });
    expect(idle.map(({ products, actions }) => `${products.join()} ${actions.source}`)).toEqual([]);
  });
});

describe('readsByRule, for what nobody has looked at', () => {
  const rpc = (action: string, httpMethod = 'POST') => readsByRule({ action, httpMethod });
  const get = (action: string) => readsByRule({ action, httpMethod: 'GET', path: '/' });

  it.each([
    'DescribeFoo',
    'DescFoo',
    'BatchGetFoo',
    'BatchQueryFoo',
    'SearchFoo',
    'InquiryPrice',
    'PreviewFoo',
    'ValidateFoo',
  ])('takes %s for a read', (action) => expect(rpc(action)).toBe(true));
  it.each([
    'GetOrCreateFoo',
    'BatchGetToken',
    'SearchAndReplace',
    'VerifyFoo',
    'RecognizeFoo',
    'Searching',
    'Validator',
    'FetchFoo',
  ])('does not take %s for one', (action) => expect(rpc(action)).toBe(false));
  it('takes GET for one where it has a path and the name speaks not against it', () => {
    expect(['FetchFoo', 'FooList', 'Anything'].map(get)).toEqual([true, true, true]);
    expect(['DeleteFoo', 'BatchCreateFoo', 'StartFoo', 'FetchFooToken'].map(get)).toEqual([false, false, false, false]);
    expect(rpc('FooList', 'GET')).toBe(false);
  });
});

describe('read timeouts', () => {
  it('are there for the operations of ECS that the list has, and for no other', () => {
    const slow = all.filter(({ readTimeout }) => readTimeout !== undefined);
    expect(Object.fromEntries(slow.map(({ action, readTimeout }) => [action, readTimeout! / 1000]))).toEqual(slowest);
    expect(slow.every(({ service }) => service.product === 'Ecs')).toBe(true);
    expect(Math.min(...Object.values(slowest))).toBeGreaterThan(10);
    expect(slowest).toMatchObject({ RunInstances: 86, DescribeSecurityGroupAttribute: 133 });
  });
});
