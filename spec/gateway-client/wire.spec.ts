import { firstValueFrom } from 'rxjs';
import { describeInstances, runInstances } from '../../lib/services/ecs.js';
import { Gateway, json, opened, operation } from './support.js';

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

describe('what a gateway is sent', () => {
  let gateway: Gateway;
  beforeEach(async () => (gateway = await Gateway.open()));
  afterEach(() => gateway.close());

  it('is the typed request as JSON, under the path of its operation', async () => {
    gateway.reply = (_request, response) => json(response, { TotalCount: 0, RequestId: 'r' });
    const request = { RegionId: 'cn-beijing', PageSize: 10, Tag: [{ Key: 'a', Value: 'b' }] };
    expect(await firstValueFrom(gateway.client().call(describeInstances, request))).toMatchObject({ TotalCount: 0 });
    const [received] = gateway.received;
    expect(received).toMatchObject({ method: 'POST', path: '/api/alicloud/Ecs/2014-05-26/DescribeInstances' });
    expect(received?.headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' });
    expect(received?.headers['x-rx-alicloud-attempt']).toMatch(uuid);
    expect(JSON.parse(String(received?.body))).toEqual({ request, regionId: 'cn-beijing' });
  });

  it('has a ClientToken where the operation takes one', async () => {
    await firstValueFrom(gateway.client({ nonce: () => 'n-1' }).call(runInstances, { RegionId: 'cn-hangzhou' }));
    expect(JSON.parse(String(gateway.received[0]?.body))).toMatchObject({ request: { ClientToken: 'n-1' } });
  });

  it('is a frame where there is binary content', async () => {
    const put = operation<{ Name: string; body: Uint8Array }>({ query: 'Name:s', body: 'body=a', bodyType: 'bytes' });
    await firstValueFrom(gateway.client().call(put, { Name: 'é', body: new Uint8Array([0, 255, 1]) }));
    const [received] = gateway.received;
    expect(received?.headers['content-type']).toBe('application/vnd.rx-alicloud.call');
    const contents = [{ path: ['body'], length: 3 }];
    expect(opened(received?.body ?? Buffer.of())).toEqual({
      json: { request: { Name: 'é' }, regionId: 'cn-hangzhou', contents },
      contents: Buffer.of(0, 255, 1),
    });
  });
});
