/** Which host a call goes to. All products: `npm run conformance -- --all`. */
import { catalog } from '../../lib/services/catalog.js';
import type { Service } from '../../lib/service.js';
import { hostGroups, hostsOf, knownHosts, ourHost, publishedHost, regionsOf } from './hosts.js';
import { loadOfficial } from './official.js';

let services: ReadonlyMap<string, Service>;
let regions: readonly string[];
beforeAll(async () => {
  const loaded = catalog.map(async ({ name, load }) => [name, (await load()).service] as const);
  services = new Map(await Promise.all(loaded));
  regions = regionsOf([...services.values()]);
});

it.each([
  ['ecs', '@alicloud/ecs20140526'],
  ['sts', '@alicloud/sts20150401'],
  ['cs', '@alicloud/cs20151215'],
])('is that of the official client for %s, in every region', (name, packageName) => {
  expect(regions.length).toBeGreaterThan(50);
  const rows = hostsOf(name, services.get(name)!, loadOfficial(packageName), regions);
  expect(hostGroups(rows)).toEqual([]);
  expect(rows.every(({ official }) => official !== undefined)).toBe(true);
});

it.each([
  ['eci', 'cn-shanghai', 'eci.cn-shanghai.aliyuncs.com'],
  ['swas-open', 'cn-hangzhou', 'swas.cn-hangzhou.aliyuncs.com'],
  ['rocketmq', 'ap-southeast-1', 'rocketmq.ap-southeast-1.aliyuncs.com'],
  ['fc', 'cn-hangzhou', 'fcv3.cn-hangzhou.aliyuncs.com'],
  ['fc-20210406', 'cn-qingdao', 'fc.cn-qingdao.aliyuncs.com'],
  ['dm', 'cn-hangzhou', 'dm.aliyuncs.com'],
  ['dm', 'ap-southeast-1', 'dm.ap-southeast-1.aliyuncs.com'],
  ['captcha', 'cn-shanghai', 'captcha.cn-shanghai.aliyuncs.com'],
  ['ocr-api', 'cn-hangzhou', 'ocr-api.cn-hangzhou.aliyuncs.com'],
  ['ocr-api', 'us-east-1', 'ocr-api.aliyuncs.com'],
  ['devs', 'cn-hangzhou', 'devs.cn-hangzhou.aliyuncs.com'],
  ['intlmarket', 'cn-hangzhou', 'intlmarket.aliyuncs.com'],
])('is for %s in %s %s', (name, region, host) => {
  expect(ourHost(services.get(name)!, region)).toBe(host);
});

it('is the published one where the package leaves it open', () => {
  const open = knownHosts.filter(({ reason }) => reason.includes('published')).flatMap(({ products }) => products);
  const wrong = open.flatMap((name) =>
    regions
      .filter((region) => publishedHost(name, region) !== undefined)
      .filter((region) => ourHost(services.get(name)!, region) !== publishedHost(name, region))
      .map((region) => `${name} ${region}`),
  );
  expect(wrong).toEqual([]);
});

it('is there for every product in every region, but for those whose official client asks for an endpoint, too', () => {
  const without = [...services].filter(([, service]) =>
    regions.some((region) => ourHost(service, region) === undefined),
  );
  expect(without.map(([name]) => name)).toEqual([
    'chatbot',
    'cloudphoto',
    'es-serverless-20220822',
    'imp-room',
    'nlp',
    'retailadvqa',
    'snapshot',
    'speechfiletranscriberlite',
    'superappnlp',
    'tingwu-20220930',
    'viapi',
  ]);
});

it('has no placeholder in it', () => {
  const hosts = [...services.values()].flatMap((service) => regions.map((region) => ourHost(service, region) ?? ''));
  expect(hosts.filter((host) => /account|[{}<>[\]]/.test(host))).toEqual([]);
});
