/** The official SDK against the emulator: an independent proof that it verifies what is really on the wire. */
/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS with a default export: for its types, `import` and `require` give two different things */
import cs = require('@alicloud/cs20151215');
import ecs = require('@alicloud/ecs20140526');
import core = require('@alicloud/openapi-core');
import sts = require('@alicloud/sts20150401');
/* eslint-enable @typescript-eslint/no-require-imports */
import { createEmulator } from '../../lib/testing/create-emulator.js';
import type { Emulator } from '../../lib/testing/emulator.js';
import { keys } from './support/signer.js';

describe('the official SDK', () => {
  let emulator: Emulator;
  let endpoint: string;

  beforeEach(async () => {
    emulator = createEmulator({ credentials: keys, bootTime: 0, bearerTokens: ['token'] });
    endpoint = `127.0.0.1:${(await emulator.listen()).port}`;
  });

  afterEach(() => emulator.close());

  const config = (more: object = {}): core.$OpenApiUtil.Config =>
    new core.$OpenApiUtil.Config({ ...keys, endpoint, protocol: 'http', regionId: 'cn-hangzhou', ...more });

  it('runs, lists, stops and deletes instances', async () => {
    const client = new ecs.default(config());
    const regionId = 'cn-hangzhou';
    const { body } = await client.runInstances(
      new ecs.RunInstancesRequest({
        regionId,
        amount: 3,
        instanceName: "it's (a) *name* with ~, 漢 & +",
        instanceType: 'ecs.g7.large',
        tag: [new ecs.RunInstancesRequestTag({ key: 'team', value: 'a b' })],
      }),
    );
    const ids = body?.instanceIdSets?.instanceIdSet ?? [];
    expect(ids).toHaveLength(3);

    const listed = await client.describeInstances(
      new ecs.DescribeInstancesRequest({
        regionId,
        instanceIds: JSON.stringify(ids.slice(0, 2)),
        tag: [new ecs.DescribeInstancesRequestTag({ key: 'team', value: 'a b' })],
        maxResults: 10,
      }),
    );
    expect(listed.statusCode).toBe(200);
    expect(listed.body?.totalCount).toBe(2);
    expect(listed.body?.instances?.instance?.[0]).toMatchObject({
      instanceId: ids[0],
      instanceName: "it's (a) *name* with ~, 漢 & +",
      status: 'Running',
      cpu: 2,
      tags: { tag: [{ tagKey: 'team', tagValue: 'a b' }] },
    });

    const stopped = await client.stopInstances(new ecs.StopInstancesRequest({ regionId, instanceId: ids }));
    expect(stopped.body?.instanceResponses?.instanceResponse?.map(({ code }) => code)).toEqual(['200', '200', '200']);
    await client.deleteInstances(new ecs.DeleteInstancesRequest({ regionId, instanceId: ids }));
    const left = await client.describeInstances(new ecs.DescribeInstancesRequest({ regionId }));
    expect(left.body?.instances?.instance).toEqual([]);
  });

  it('is answered by what is made up, too', async () => {
    const client = new ecs.default(config());
    const { body } = await client.describeDisks(new ecs.DescribeDisksRequest({ regionId: 'cn-hangzhou' }));
    expect(body?.requestId).toMatch(/^[\dA-F-]{36}$/);
    expect(body?.disks?.disk?.[0]?.diskId).toMatch(/^disk-/);
  });

  it('is understood in the older protocol', async () => {
    const client = new ecs.default(config({ signatureAlgorithm: 'v2' }));
    const request = new ecs.DescribeDisksRequest({
      regionId: 'cn-hangzhou',
      diskName: "it's (a) *name* with ~, 漢 & +",
    });
    expect((await client.describeDisks(request)).statusCode).toBe(200);

    const clusters = new cs.default(config({ signatureAlgorithm: 'v2', securityToken: undefined }));
    const { body } = await clusters.describeClustersV1(
      new cs.DescribeClustersV1Request({ name: 'a b&c', pageSize: 5 }),
    );
    expect(body?.clusters).toBeDefined();

    const wrong = new cs.default(config({ signatureAlgorithm: 'v2', accessKeySecret: 'wrong' }));
    await expect(wrong.describeClustersV1(new cs.DescribeClustersV1Request({}))).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
  });

  it('is refused with a wrong secret', async () => {
    const client = new ecs.default(config({ accessKeySecret: 'wrong' }));
    await expect(client.describeRegions(new ecs.DescribeRegionsRequest({}))).rejects.toMatchObject({
      statusCode: 400,
      code: 'SignatureDoesNotMatch',
    });
    expect(emulator.requests.size).toBe(0);
  });

  it('is refused with a key that nobody has, and a parameter that is missing', async () => {
    const stranger = new ecs.default(config({ accessKeyId: 'nobody' }));
    await expect(stranger.describeRegions(new ecs.DescribeRegionsRequest({}))).rejects.toMatchObject({
      statusCode: 404,
      code: 'InvalidAccessKeyId.NotFound',
    });
    const client = new ecs.default(config());
    await expect(client.describeInstances(new ecs.DescribeInstancesRequest({}))).rejects.toMatchObject({
      code: 'MissingParameter',
    });
  });

  it('is throttled, and understands for how long', async () => {
    emulator.inject({ kind: 'throttle', retryAfter: 1234 });
    const client = new ecs.default(config());
    await expect(client.describeRegions(new ecs.DescribeRegionsRequest({}))).rejects.toMatchObject({
      name: 'ThrottlingError',
      code: 'Throttling.User',
      retryAfter: 1234,
    });
  });

  it('is told what the server has signed', async () => {
    for (const signatureAlgorithm of [undefined, 'v2']) {
      const client = new ecs.default(config({ accessKeySecret: 'wrong', signatureAlgorithm }));
      await expect(client.describeRegions(new ecs.DescribeRegionsRequest({}))).rejects.toMatchObject({
        code: 'SignatureDoesNotMatch',
        message: expect.stringMatching(/server (string to sign is:|StringToSign is \[)/i) as string,
      });
    }
  });

  it('is answered once for one client token', async () => {
    const client = new ecs.default(config());
    const create = async (): Promise<unknown> => {
      const request = { regionId: 'cn-hangzhou', clientToken: 'once', diskCategory: 'cloud_essd', size: 20 };
      return (await client.createDisk(new ecs.CreateDiskRequest(request))).body?.diskId;
    };
    expect(await create()).toBe(await create());
    expect(emulator.requests.get('CreateDisk')).toBe(1);
  });

  it('assumes a role by a role', async () => {
    const assume = async (credentials: object, name: string) => {
      const request = { roleArn: `acs:ram::1234567890123456:role/${name}`, roleSessionName: name };
      const { body } = await new sts.default(config(credentials)).assumeRole(new sts.AssumeRoleRequest(request));
      const { accessKeyId, accessKeySecret, securityToken } = body?.credentials ?? {};
      return { accessKeyId, accessKeySecret, securityToken };
    };
    const writer = await assume(await assume({}, 'reader'), 'writer');
    const { body } = await new sts.default(config(writer)).getCallerIdentity();
    expect(body?.arn).toBe('acs:ram::1234567890123456:assumed-role/writer/writer');
  });

  it('asks the location service', async () => {
    // The ECS client is the general one, too.
    const client = new ecs.default(config());
    const params = new core.$OpenApiUtil.Params({
      action: 'DescribeEndpoints',
      version: '2015-06-12',
      protocol: 'HTTP',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      pathname: '/',
      reqBodyType: 'formData',
      bodyType: 'json',
    });
    const query = { Id: 'cn-hangzhou', ServiceCode: 'ecs', Type: 'openAPI' };
    const answer = await client.callApi(params, new core.$OpenApiUtil.OpenApiRequest({ query }), {} as never);
    expect(answer.body).toMatchObject({
      Success: true,
      Endpoints: { Endpoint: [{ Endpoint: endpoint, SerivceCode: 'ecs' }] },
    });
  });

  it('calls ROA operations', async () => {
    const client = new cs.default(config());
    const { body } = await client.describeClustersV1(new cs.DescribeClustersV1Request({ name: 'a/b c', pageSize: 5 }));
    expect(body?.clusters?.[0]?.clusterId).toMatch(/^cluster-/);

    let given: unknown;
    emulator.handle('AttachInstances', (call) => {
      given = call.request;
      return call.sample();
    });
    await client.attachInstances(
      'c 1/漢',
      new cs.AttachInstancesRequest({ instances: ['i-1', 'i-2'], formatDisk: true }),
    );
    expect(given).toEqual({ ClusterId: 'c 1/漢', instances: ['i-1', 'i-2'], format_disk: true });
  });

  it('assumes a role, and calls with what it got', async () => {
    const client = new sts.default(config());
    const { body } = await client.assumeRole(
      new sts.AssumeRoleRequest({ roleArn: 'acs:ram::1234567890123456:role/reader', roleSessionName: 'spec' }),
    );
    const { accessKeyId, accessKeySecret, securityToken } = body?.credentials ?? {};
    const asRole = new sts.default(config({ accessKeyId, accessKeySecret, securityToken }));
    expect((await asRole.getCallerIdentity()).body?.identityType).toBe('AssumedRoleUser');
  });

  it('calls without a signature where none is asked for, in the older protocol', async () => {
    const client = new sts.default(config());
    const { body } = await client.assumeRoleWithOIDC(
      new sts.AssumeRoleWithOIDCRequest({
        roleArn: 'acs:ram::1234567890123456:role/reader',
        roleSessionName: 'spec',
        OIDCToken: 'token',
      }),
    );
    expect(body?.credentials?.accessKeyId).toMatch(/^STS\./);
  });

  it('calls with a bearer token', async () => {
    const bearer = { accessKeyId: undefined, accessKeySecret: undefined };
    const regions = new ecs.DescribeRegionsRequest({});
    const client = new ecs.default(config({ ...bearer, bearerToken: 'token' }));
    expect((await client.describeRegions(regions)).statusCode).toBe(200);
    const stranger = new ecs.default(config({ ...bearer, bearerToken: 'other' }));
    await expect(stranger.describeRegions(regions)).rejects.toMatchObject({ code: 'InvalidBearerToken' });
  });
});
