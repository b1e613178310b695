import { lastValueFrom } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { CallOptions } from '../../lib/call-options.js';
import type { ClientOptions } from '../../lib/client-options.js';
import type { UntypedRequest } from '../../lib/codec/untyped.js';
import type { AnyOperation, Service } from '../../lib/service.js';
import { ok, play, throttle } from '../calls/support.js';
import { defaultOptions, errorOf, MemoryTransport, operation, pipelineOver, sentFor, service } from './support.js';

const inBeijing = { RegionId: 'cn-beijing' };
const regional = operation({ query: 'RegionId:s' });
const hostOf = ({ url }: { readonly url: string }): string => new URL(url).host;

describe("the request's RegionId", () => {
  it.each<AnyOperation>([
    regional,
    operation({ query: 'RegionId:s^' }),
    operation({ query: 'RegionId:s!' }),
    operation({ body: 'RegionId:s' }),
    operation({ header: 'RegionId:s' }),
    operation({ body: 'RegionId:s', path: '/zones' }),
    operation({ path: '/regions/{RegionId}' }),
  ])('chooses the host: %j', async (called) => {
    expect(hostOf(await sentFor(called, inBeijing))).toBe('ecs.cn-beijing.aliyuncs.com');
    expect(hostOf(await sentFor(called, inBeijing, {}, { regionId: undefined }))).toBe('ecs.cn-beijing.aliyuncs.com');
  });

  it.each(['regionId', 'region_id'])('may be called %s', async (name) => {
    const called = operation({ query: `${name}:s`, path: '/zones' });
    expect(hostOf(await sentFor(called, { [name]: 'cn-beijing' }))).toBe('ecs.cn-beijing.aliyuncs.com');
  });

  it.each([undefined, null, ''])('does not where it is %j', async (RegionId) => {
    expect(hostOf(await sentFor(regional, { RegionId }))).toBe('ecs.cn-hangzhou.aliyuncs.com');
  });

  it.each<[what: string, called: AnyOperation, request: object]>([
    ['another field', operation({ query: 'SourceRegionId:s,DestinationRegionId:s' }), { SourceRegionId: 'cn-beijing' }],
    ['one within a structure', operation({ query: 'Place:{RegionId:s}' }), { Place: inBeijing }],
    ['a list', operation({ query: 'RegionId:[s]' }), { RegionId: ['cn-beijing'] }],
  ])('is not %s', async (_what, called, request) => {
    expect(hostOf(await sentFor(called, request))).toBe('ecs.cn-hangzhou.aliyuncs.com');
  });

  it.each<[what: string, options: CallOptions, client: ClientOptions, host: string]>([
    ["the call's region", { regionId: 'eu-west-1' }, {}, 'ecs.eu-west-1.aliyuncs.com'],
    ["the call's endpoint", { endpoint: 'localhost:1' }, {}, 'localhost:1'],
    ["the client's endpoint", {}, { endpoint: 'localhost:2' }, 'localhost:2'],
    ["the client's region map", {}, { endpoints: { ecs: { regions: { 'cn-beijing': 'mine' } } } }, 'mine'],
    ['the network', {}, { network: 'vpc' }, 'ecs-vpc.cn-beijing.aliyuncs.com'],
  ])('yields to %s, and is sent all the same', async (_what, options, client, host) => {
    const sent = await sentFor(regional, inBeijing, options, client);
    expect(hostOf(sent)).toBe(host);
    expect(new URL(sent.url).searchParams.get('RegionId')).toBe('cn-beijing');
  });

  it('finds hosts by the map of the product', async () => {
    const of: Service = {
      ...service,
      endpoints: { prefix: 'ecs', rule: 'central', regions: { 'cn-beijing': 'ecs-beijing.aliyuncs.com' } },
    };
    expect(hostOf(await sentFor({ ...regional, service: of }, inBeijing))).toBe('ecs-beijing.aliyuncs.com');
    expect(hostOf(await sentFor({ ...regional, service: of }, { RegionId: 'cn-new' }))).toBe('ecs.aliyuncs.com');
  });

  const noRegions = ['evil.example/', 'evil.example', 'cn.evil', '.', '@evil', 'a b', 'a\n', '-a', 'é', 'a'.repeat(64)];

  it.each(noRegions)('must not choose a host where it is none: %j', async (RegionId) => {
    const transport = new MemoryTransport();
    for (const rule of ['regional', 'none'] as const) {
      const of: Service = { ...service, endpoints: { prefix: 'ecs', rule, regions: {} } };
      for (const options of [{}, { locationService: true }]) {
        const call = pipelineOver(transport, options).call({ ...regional, service: of }, { RegionId });
        expect(await errorOf(call)).toMatchObject({
          code: 'SDK.InvalidRequest',
          message: `DescribeZones was not sent. Expected \`RegionId\` to be a region id such as cn-hangzhou, got ${JSON.stringify(RegionId)}`,
        });
      }
    }
    const client = new AlicloudClient({ ...defaultOptions, transport });
    const request = { product: 'Ecs', version: '1', action: 'A', query: { RegionId } };
    expect(await errorOf(client.request(request))).toMatchObject({ code: 'SDK.InvalidRequest' });
    expect(transport.sent).toEqual([]);
  });

  it.each(noRegions)('is a parameter like others where it chooses none: %j', async (RegionId) => {
    const given = await sentFor(regional, { RegionId }, {}, { endpoint: 'http://localhost:1' });
    expect(new URL(given.url).origin).toBe('http://localhost:1');
    const of: Service = { ...service, endpoints: { prefix: 'ecs', rule: 'central', regions: {} } };
    expect(hostOf(await sentFor({ ...regional, service: of }, { RegionId }))).toBe('ecs.aliyuncs.com');
  });

  it.each<Partial<UntypedRequest>>([
    { query: inBeijing },
    { body: inBeijing },
    { body: inBeijing, bodyType: 'json' },
    { query: { regionId: 'cn-beijing' }, path: '/' },
  ])('chooses the host of an untyped request: %j', async (request) => {
    const transport = new MemoryTransport();
    const client = new AlicloudClient({ ...defaultOptions, transport });
    await lastValueFrom(client.request({ product: 'Ecs', version: '1', action: 'A', ...request }));
    expect(hostOf(transport.sent[0]!)).toBe('ecs.cn-beijing.aliyuncs.com');
  });
});

it('a throttle holds back the calls of its region alone', () => {
  play([throttle({ 'x-acs-retry-after': '2000' }), ok()], {}, ({ client, run, flush }) => {
    const read = regional as never;
    run(client.call(read, inBeijing as never));
    const [held, free] = [run(client.call(read, inBeijing as never)), run(client.call(read, {} as never))];
    flush();
    expect([held.at, free.at]).toEqual([2000, 0]);
  });
});
