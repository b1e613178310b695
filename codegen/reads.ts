/**
 * Which operations only read, so that they may be executed twice. The names of all operations that the rule calls reads, and
 * of those that it does not, were read one by one; the table has what the rule gets wrong, or can't know, and says why.
 */
import { isDoubtful, isRead } from '../lib/retry/is-read.js';
import type { HttpMethod } from '../lib/service.js';
import type { Operation } from './model.js';

type Named = Pick<Operation, 'action' | 'httpMethod' | 'path'>;

/** What the descriptor has to say of it: nothing where the runtime concludes the same from the name. */
export function readFact(product: string, operation: Named): boolean | undefined {
  const { action, httpMethod, path } = operation;
  const reads = exceptionFor(product, action)?.read ?? readsByRule(operation);
  // The compiler can't know which methods there are, and the runtime asks for one of them.
  const described = { service, action, method: httpMethod as HttpMethod, ...(path === undefined ? {} : { path }) };
  return isRead(described) === reads ? undefined : reads;
}

/** An RPC operation by `GET` tells nothing: `DeleteKv` is one. */
export function readsByRule({ action, httpMethod, path }: Named): boolean {
  if (isDoubtful(action)) return false;
  return readVerb.test(action) || (httpMethod === 'GET' && path !== undefined && !otherVerb.test(action));
}

const readVerb =
  /^(?:Batch)?(?:Describe|Desc|List|Get|Query|Check|Search|Find|Lookup|Count|Inquiry|Preview|Validate)(?=[A-Z0-9]|$)/;
const otherVerb =
  /^(?:Batch)?(?:Activate|Add|Apply|Cancel|Clear|Create|Delete|Disable|Edit|Enable|Execute|Modify|Put|Receive|Refresh|Remove|Reset|Restart|Revoke|Run|Save|Send|Set|Start|Stop|Submit|Sync|Update|Upgrade)(?=[A-Z0-9]|$)/;

export function exceptionFor(product: string, action: string): Exception | undefined {
  const name = product.toLowerCase().replace(/[^a-z0-9]/g, '');
  return exceptions.find((each) => each.products.includes(name) && each.actions.test(action));
}

export interface Exception {
  /** Their codes, in lower case, letters and digits alone. */
  readonly products: readonly string[];
  readonly actions: RegExp;
  readonly read: boolean;
  readonly why: string;
}

const row = (read: boolean, products: string, names: string, why: string): Exception => ({
  products: products.split(' '),
  actions: new RegExp(`^(?:${names.replaceAll(' ', '|')})$`),
  read,
  why,
});

const computes = 'It computes its answer from what it is given, and keeps nothing.';
const looksUp = 'What sounds like a code, a token or two actions is what it looks up.';
const lends = 'Credentials for the storage, which end by themselves; the last answer is as good as the first.';
const takes = 'It takes a code or a token that is good for once: the second time it is refused.';
const issues = 'It hands out a new token or address each time, and some are counted.';
const sends = 'It sends a message to somebody.';
const makes = 'It makes something, and answers with its id.';

export const exceptions: readonly Exception[] = [
  // What reads, whatever it is called.
  row(true, 'kms', 'Encrypt Decrypt Asymmetric\\w+ GenerateDataKey(?:WithoutPlaintext)?', computes),
  row(true, 'cas', 'Encrypt Decrypt Sign Verify', computes),
  row(true, 'ocrapi iot', 'Recognize\\w+', computes),
  row(true, 'facebody', 'Recognize(?!PublicFace)\\w+', computes),
  row(true, 'bailian', 'Retrieve', 'It searches an index.'),
  row(true, 'cloudphoto', 'Fetch\\w+', 'They list what is in an album.'),
  row(true, 'agency', 'CustomerQuotaRecordList QuotaListExportPaged', 'They list.'),
  row(true, 'agency', 'GetCoupondeductProductCode', looksUp),
  row(true, 'esa', 'ExportRecords', 'The DNS records as a text.'),
  row(true, 'elasticsearch', 'UpgradeInfo', 'What an upgrade would do.'),
  row(true, 'openplatform', 'AuthorizeFileUpload', lends),
  row(true, 'devs', 'FetchArtifactTempBucketToken', lends),
  row(true, 'cloudauth', 'DescribeOssUploadToken', lends),
  row(true, 'intelligentcreation', 'GetOssUploadToken', lends),
  row(true, 'viapiutils', 'GetOssStsToken', lends),
  row(true, 'paillmtrace', 'GetXtraceToken', 'The token that the account has.'),
  row(
    true,
    'cams',
    'GetChatappPhoneNumberMetric GetPhoneEncryptionPublicKey GetPhoneNumberVerificationStatus Query\\w*Phone\\w+',
    looksUp,
  ),
  row(true, 'cdn', 'DescribeCdnRegionAndIsp DescribeRangeDataByLocateAndIspService', looksUp),
  row(true, 'dcdn', 'DescribeDcdnRegionAndIsp', looksUp),
  row(true, 'dm', 'GetTrackListByMailFromAndTagName', looksUp),
  row(true, 'dysmsapi', 'CheckMobilesCardSupport Query\\w*(?:Code|Mobile)\\w+', looksUp),
  row(true, 'esserverless', 'ListAccessTokens', looksUp),
  row(true, 'esa', 'GetCustomResponseCodeRule GetRoutineCodeVersion', looksUp),
  row(true, 'fc fcopen', 'GetFunctionCode', looksUp),
  row(true, 'ims ram', 'GetLoginProfile', looksUp),
  row(true, 'iot', '(?:Get|Query)SoundCode\\w+', looksUp),
  row(true, 'marketingevent', 'QueryQwenConferenceSgTicket\\w+', looksUp),
  row(true, 'nas', 'GetDirectoryOrFileProperties List\\w*DirectoriesAndFiles', looksUp),
  row(true, 'rds', 'QueryRecommendByCode', looksUp),
  row(true, 'websitebuild', 'GetAppCodeWorkspaceDetail GetAppTokenService', looksUp),
  row(true, 'workorder', 'Get\\w*Ticket\\w*', looksUp),

  // What does not, though it is called so.
  row(false, 'dypnsapi', 'CheckSmsVerifyCode GetMobile GetPhoneWithToken', takes),
  row(false, 'dypnsapi', 'GetAuthToken GetFusionAuthToken GetSmsAuthTokens GetAuthorizationUrl', issues),
  row(false, 'websitebuild', 'CheckAppVerifyCode GetUserAccessTokenForPartner', takes),
  row(false, 'websitebuild', 'GetAppInstanceTempShortUrl GetMiniAppAuthUrl GetUserTmpIdentityForPartner', issues),
  row(false, 'websitebuild', 'GetAppSandboxPreviewUrl', 'It may restart the sandbox.'),
  row(false, 'cams', 'GetPermissionByCode GetPreValidatePhoneId', takes),
  row(false, 'cams', 'GetChatappVerifyCode GetMigrationVerifyCode', sends),
  row(false, 'dm', 'CheckReplyToMailAddress', sends),
  row(false, 'dm', 'GetSendifyAutoLoginURL', issues),
  row(false, 'improom', 'GetLoginToken', issues),
  row(false, 'iot', 'GetStudioAppTokenOpen', issues),
  row(false, 'esa', 'GetRoutineAccessToken', issues),
  row(false, 'esa', 'GetEdgeContainerTerminal', 'It opens a session.'),
  row(false, 'esa', 'GetRoutineStagingCodeUploadInfo', makes),
  row(false, 'cloudauth', 'DescribeVerifyToken', 'It begins a verification.'),
  row(false, 'bailian', 'GetAlipayUrl', 'It begins a payment.'),
  row(false, 'dysmsapi', 'GetCardSmsLink GetMediaResourceId', makes),
  row(false, 'iot', 'BatchCheckDeviceNames', makes),
  row(false, 'rds', 'ValidateImportTask', makes),
  row(false, 'rds', 'CheckRdsCustomInit', 'It registers the account.'),
  row(false, 'alidns', 'GetTxtRecordForVerify', 'It makes the value of the record anew.'),
  row(false, 'resourcemanager', 'CheckAccountDelete', 'It starts a check, whose result another operation gives.'),
  row(false, 'appmallsservice', 'GetMessages', 'It takes messages from a topic.'),
];

/** Only the name is looked at. */
const service = { product: '', version: '', endpoints: { prefix: '', rule: 'none', regions: {} } } as const;
