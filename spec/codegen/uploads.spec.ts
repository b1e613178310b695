import { generate } from '../../codegen/generate.js';
import { model, packageOf, place, type Fixture } from './fixture.js';
import { declaredIn, textOf } from './texts.js';

const task = model('FooRequestTasks', { imageURL: ['ImageURL', `'string'`] });
const base: Fixture = {
  args: 'request: $_model.FooRequest, ',
  lines: `request.validate();
    let query = { };
    ${place('imageURL', 'query["ImageURL"]')}
    ${place('tasks', 'query["Tasks"]')}`,
  request: '{ query: OpenApiUtil.query(query), }',
  models: [
    model('FooRequest', {
      imageURL: ['ImageURL', `'string'`],
      tasks: ['Tasks', `{ 'type': 'array', 'itemType': FooRequestTasks }`],
    }),
    task,
  ],
};

const upload = (content: string): string => `authResponse = await authClient.callApi(authParams, authReq, runtime);
      tmpBody = authResponse["body"];
      useAccelerate = Boolean(tmpBody["UseAccelerate"]);
      authResponseBody = OpenApiUtil.stringifyMapValue(tmpBody);
      fileObj = new $dara.FileField({
        filename: authResponseBody["ObjectKey"],
        content: ${content},
        contentType: "",
      });
      ossHeader = {
        host: \`\${authResponseBody["Bucket"]}.\${OpenApiUtil.getEndpoint(authResponseBody["Endpoint"], useAccelerate, this._endpointType)}\`,
        OSSAccessKeyId: authResponseBody["AccessKeyId"],
        policy: authResponseBody["EncodedPolicy"],
        Signature: authResponseBody["Signature"],
        key: authResponseBody["ObjectKey"],
        file: fileObj,
        success_action_status: "201",
      };
      await this._postOSSObject(authResponseBody["Bucket"], ossHeader, runtime);`;
const address =
  '`http://${authResponseBody["Bucket"]}.${authResponseBody["Endpoint"]}/${authResponseBody["ObjectKey"]}`';

const single = `if (!$dara.isNull(request.imageURLObject)) {
      ${upload('request.imageURLObject')}
      fooReq.imageURL = ${address};
    }`;
const each = `if (!$dara.isNull(request.tasks)) {
      let i0 : number = 0;
      for (let item0 of request.tasks) {
        if (!$dara.isNull(item0.imageURLObject)) {
          ${upload('item0.imageURLObject')}
          let tmpObj : $_model.FooRequestTasks = fooReq.tasks[i0];
          tmpObj.imageURL = ${address};
          i0++;
        }
      }
    }`;

const advance = (uploads: string): string => `
  async fooAdvance(request: $_model.FooAdvanceRequest, runtime: $dara.RuntimeOptions): Promise<$_model.FooResponse> {
    // Step 0: init client
    let credentialModel = await this._credential.getCredential();
    let accessKeyId = credentialModel.accessKeyId;
    let openPlatformEndpoint = this._openPlatformEndpoint;
    if ($dara.isNull(openPlatformEndpoint) || openPlatformEndpoint == "") {
      openPlatformEndpoint = "openplatform.aliyuncs.com";
    }
    let authClient = new OpenApi(authConfig);
    let authRequest = {
      Product: "fooface",
      RegionId: this._regionId,
    };
    let fooReq = new $_model.FooRequest({ });
    OpenApiUtil.convert(request, fooReq);
    ${uploads}
    let fooResp = await this.fooWithOptions(fooReq, runtime);
    return fooResp;
  }`;

describe('an operation that takes files', () => {
  it('says which fields, and takes the file or its address there', () => {
    const text = textOf({ ...base, extra: advance(`${single}\n${each}`) });
    expect(declaredIn(text, 'export const foo:')).toContain(
      `  upload: { product: 'fooface', fields: ['ImageURL', 'Tasks[].ImageURL'] },\n`,
    );
    expect(declaredIn(text, 'export const foo:')).toContain(`  query: 'ImageURL:s,Tasks:[{ImageURL:s}]',\n`);
    expect(text).toContain(`import type { Content, Operation,`);
    for (const name of ['FooRequest', 'FooRequestTasks'])
      expect(declaredIn(text, `export interface ${name} `)).toContain(
        '  /** Its URL, or the file itself, which is uploaded first. */\n  ImageURL?: Content | undefined;\n',
      );
  });

  it.each([
    ['tmp', 'i1', 'i1++'],
    ['tmpObj', 'i0', 'i0 = Number.ltoi(Number.add(Number.itol(i0), Number.itol(1)))'],
  ])('may count through a list in other words: %s, %s', (item, counter, next) => {
    const other = each
      .replaceAll('tmpObj', item)
      .replaceAll('i0++', next)
      .replace(/\bi0\b(?! =|\))/g, counter);
    expect(other).not.toBe(each);
    const text = textOf({ ...base, extra: advance(other) });
    expect(text).toContain(`  upload: { product: 'fooface', fields: ['Tasks[].ImageURL'] },\n`);
  });

  it('refuses a list that is counted by another than it is read by', () => {
    const extra = advance(each.replace('fooReq.tasks[i0]', 'fooReq.tasks[i1]'));
    const { refused } = generate(packageOf({ ...base, extra }), { name: 'bar', product: 'Bar' });
    expect(refused.map(({ method }) => method)).toEqual(['fooAdvance']);
  });

  it('may have a path, and headers', () => {
    const fixture: Fixture = {
      ...base,
      args: 'Id: string, request: $_model.FooRequest, headers: {[key: string ]: string}, ',
      params: { style: '"ROA"', reqBodyType: '"json"', pathname: '`/foo/${$dara.URL.percentEncode(Id)}`' },
      extra: advance(single)
        .replace('fooAdvance(', 'fooAdvance(Id: string, ')
        .replace('(fooReq, runtime)', '(Id, fooReq, headers, runtime)'),
    };
    expect(declaredIn(textOf(fixture), 'export const foo:')).toContain(
      `  upload: { product: 'fooface', fields: ['ImageURL'] },\n`,
    );
  });

  it('stays without them where the upload is not understood', () => {
    const extra = advance(single.replace('success_action_status: "201"', 'success_action_status: "200"'));
    const { text, operations, refused } = generate(packageOf({ ...base, extra }), { name: 'bar', product: 'Bar' });
    expect(operations).toBe(1);
    expect(text).not.toMatch(/upload|Content/);
    expect(refused.map(({ method }) => method)).toEqual(['fooAdvance']);
    expect(refused[0]?.reason).toMatch(/client\.ts:\d+: not a known statement of an upload/);
  });
});
