import { bindNodeCallback, lastValueFrom } from 'rxjs';
import { floorClient, signerOf, type FloorClient } from '../../bench/http/floor.js';
import { signV3 } from '../../lib/signature/v3.js';
import { Loopback } from '../transport/support.js';

const call = {
  accessKeyId: 'LTAI-one',
  accessKeySecret: 'a-secret',
  action: 'DescribeInstances',
  version: '2014-05-26',
  query: 'PageSize=100&RegionId=cn-hangzhou',
};

describe('the floor of the benchmark', () => {
  it('signs as the SDK does', () => {
    const host = 'ecs.cn-hangzhou.aliyuncs.com';
    const list = signerOf({ ...call, host })('2030-01-31T08:00:00.123Z', 'a-nonce');
    const { authorization, ...headers } = Object.fromEntries(
      Array.from({ length: list.length / 2 }, (_, i) => [list[2 * i], list[2 * i + 1]]),
    ) as Record<string, string>;
    const bodyHash = headers['x-acs-content-sha256'] ?? '';
    const signable = { method: 'POST', path: '/', query: call.query, headers: { ...headers, host }, bodyHash };
    expect(headers['x-acs-date']).toBe('2030-01-31T08:00:00Z');
    expect(signV3(signable, call)).toMatchObject({ authorization });
  });

  it('sends the call and gives the parsed answer, or what failed', async () => {
    const server = new Loopback(({ url }, response) => response.end(JSON.stringify({ asked: url, 名: '杭州' })));
    const origin = await server.listen();
    const callOnce = (client: FloorClient) => lastValueFrom(bindNodeCallback(client)());
    const client = floorClient(origin, call, { connections: 1 });
    expect(await callOnce(client)).toEqual({ asked: `/?${call.query}`, 名: '杭州' });
    expect(await callOnce(floorClient(origin, { ...call, query: '' }, { connections: 1 }))).toMatchObject({
      asked: '/',
    });
    await server.close();
    await expect(callOnce(client)).rejects.toThrow();
  });
});
