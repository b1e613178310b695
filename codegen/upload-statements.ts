/** The statements of a method that uploads, in the ways of the newest library and of the two before it. */
import { statement } from './pattern.js';

/** They name the product to those who authorise the upload. */
export const products = [
  statement('let authRequest = { Product: $$product, RegionId: this._regionId, };'),
  statement(`let authRequest = new $OpenPlatform.AuthorizeFileUploadRequest({
    product: $$product, regionId: this._regionId,
  });`),
];

/** Who calls, and where: the same for all. */
export const preparations = [
  'if ($dara.isNull(this._credential)) { throw new $OpenApi.ClientError($$error); }',
  'let credentialModel = await this._credential.getCredential();',
  'let $$name = credentialModel.$$part;',
  'let $$name = await this._credential.$$get();',
  'let credentialType = this._credential.getType();',
  'let openPlatformEndpoint = this._openPlatformEndpoint;',
  ...['$dara.isNull(openPlatformEndpoint)', 'Util.empty(openPlatformEndpoint)'].map(
    (isMissing) => `if (${isMissing}) { openPlatformEndpoint = "openplatform.aliyuncs.com"; }`,
  ),
  `if ($dara.isNull(openPlatformEndpoint) || openPlatformEndpoint == "") {
    openPlatformEndpoint = "openplatform.aliyuncs.com";
  }`,
  'if ($dara.isNull(credentialType)) { credentialType = "access_key"; }',
  'let authConfig = new $OpenApiUtil.Config($$config);',
  'let authConfig = new $RPC.Config($$config);',
  'let authClient = new $$Client(authConfig);',
  'let authReq = new $OpenApiUtil.OpenApiRequest({ query: OpenApiUtil.query(authRequest), });',
  `let authParams = new $OpenApiUtil.Params({
    action: "AuthorizeFileUpload", version: "2019-12-19", protocol: "HTTPS", pathname: "/", method: "GET",
    authType: "AK", style: "RPC", reqBodyType: "formData", bodyType: "json",
  });`,
  'let authResponse : {[key: string]: any} = { };',
  'let authResponse = new $OpenPlatform.AuthorizeFileUploadResponse({ });',
  'let fileObj = new $dara.FileField({ });',
  'let fileObj = new $FileForm.FileField({ });',
  'let ossHeader : {[key: string]: any} = { };',
  'let ossHeader = new $OSS.PostObjectRequestHeader({ });',
  'let tmpBody : {[key: string]: any} = { };',
  'let useAccelerate : boolean = false;',
  'let authResponseBody : {[key: string ]: string} = { };',
  'let ossConfig = new $OSS.Config($$config);',
  'let ossClient : OSS = null;',
  'let ossClient : OSS = new OSS(ossConfig);',
  'let uploadRequest = new $OSS.PostObjectRequest({ });',
  'let ossRuntime = new $OSSUtil.RuntimeOptions({ });',
  'OpenApiUtil.convert(runtime, ossRuntime);',
  'RPCUtil.convert(runtime, ossRuntime);',
  // In the oldest, the file may not be missing, so that there is no `if` around its upload.
  ...uploads()
    .flatMap(({ upload }) => upload('request.$$object').split(/;\n/))
    .map((line) => `${line};`),
].map(statement);

/** Each uploads the file of one field of the request, or of one field of each item of a list in it. */
export const filePatterns = uploads().flatMap(({ upload, address }) => {
  const put = `$$request.$$property = ${address};`;
  return [
    statement(put),
    statement(`if (!$dara.isNull(request.$$object)) { ${upload('request.$$object')}; ${put} }`),
    ...['$$i++', '$$i = Number.ltoi(Number.add(Number.itol($$i), Number.itol(1)))'].map((next) =>
      statement(`if (!$dara.isNull(request.$$list)) {
        let $$i : number = 0;
        for (let $$each of request.$$list) {
          if (!$dara.isNull($$each.$$object)) {
            ${upload('$$each.$$object')};
            let $$item : $$type = $$request.$$list[$$i];
            $$item.$$property = ${address};
            ${next};
          }
        }
      }`),
    ),
  ];
});

interface Way {
  /** The statements that upload the content. */
  readonly upload: (content: string) => string;
  /** The expression of the address at which the file is then. */
  readonly address: string;
}

function uploads(): Way[] {
  const posts = ['authResponseBody["Bucket"], ossHeader, runtime', 'authResponseBody["Bucket"], ossHeader'];
  return [
    ...posts.map((post) => ({
      upload: (content: string) => `
        authResponse = await authClient.callApi(authParams, authReq, runtime);
        tmpBody = authResponse["body"];
        useAccelerate = Boolean(tmpBody["UseAccelerate"]);
        authResponseBody = OpenApiUtil.stringifyMapValue(tmpBody);
        fileObj = new $dara.FileField({
          filename: authResponseBody["ObjectKey"], content: ${content}, contentType: "",
        });
        ossHeader = {
          host: $$host, OSSAccessKeyId: authResponseBody["AccessKeyId"], policy: authResponseBody["EncodedPolicy"],
          Signature: authResponseBody["Signature"], key: authResponseBody["ObjectKey"], file: fileObj,
          success_action_status: "201",
        };
        await this._postOSSObject(${post})`,
      address:
        '`http://${authResponseBody["Bucket"]}.${authResponseBody["Endpoint"]}/${authResponseBody["ObjectKey"]}`',
    })),
    ...['authResponse.body', 'authResponse'].flatMap((answer) =>
      ['OpenApiUtil', 'RPCUtil'].map((util) => ({
        upload: (content: string) => `
          authResponse = await authClient.authorizeFileUploadWithOptions(authRequest, runtime);
          ossConfig.accessKeyId = ${answer}.accessKeyId;
          ossConfig.endpoint = ${util}.getEndpoint(${answer}.endpoint, ${answer}.useAccelerate, this._endpointType);
          ossClient = new OSS(ossConfig);
          fileObj = new $FileForm.FileField({
            filename: ${answer}.objectKey, content: ${content}, contentType: "",
          });
          ossHeader = new $OSS.PostObjectRequestHeader({
            accessKeyId: ${answer}.accessKeyId, policy: ${answer}.encodedPolicy, signature: ${answer}.signature,
            key: ${answer}.objectKey, file: fileObj, successActionStatus: "201",
          });
          uploadRequest = new $OSS.PostObjectRequest({ bucketName: ${answer}.bucket, header: ossHeader, });
          await ossClient.postObject(uploadRequest, ossRuntime)`,
        address: `\`http://\${${answer}.bucket}.\${${answer}.endpoint}/\${${answer}.objectKey}\``,
      })),
    ),
  ];
}
