import { gatewayPath } from '../gateway';

/** What a page can try against the gateway: each must be refused, with nothing sent to the cloud. */
export interface Attack {
  readonly name: string;
  /** What would be gained by it. */
  readonly aim: string;
  /** The status that it is refused with. */
  readonly status: number;
  send(): Promise<Response>;
}

const list = '/Ecs/2014-05-26/DescribeInstances';
const region = 'cn-hangzhou';

export const attacks: readonly Attack[] = [
  {
    name: 'An operation that is not on the list',
    aim: 'Delete an instance',
    status: 403,
    send: () => post('/Ecs/2014-05-26/DeleteInstance', { request: { InstanceId: 'i-1' }, regionId: region }),
  },
  {
    name: 'The action in another case',
    aim: 'Get past a list that compares carelessly',
    status: 403,
    send: () => post('/Ecs/2014-05-26/deleteInstance', { request: { InstanceId: 'i-1' }, regionId: region }),
  },
  {
    name: 'A Cyrillic letter that looks Latin',
    aim: 'The same',
    status: 403,
    send: () => post('/Ecs/2014-05-26/DescribeInst\u0430nces', { request: {}, regionId: region }),
  },
  {
    name: '`Action` in the query',
    aim: 'Have another operation signed',
    status: 400,
    send: () => post(`${list}?Action=DeleteInstance`, { request: {}, regionId: region }),
  },
  {
    name: '`Action` in the request',
    aim: 'The same',
    status: 400,
    send: () => post(list, { request: { Action: 'DeleteInstance' }, regionId: region }),
  },
  {
    name: '`Version` in the request',
    aim: 'Reach an older API',
    status: 400,
    send: () => post(list, { request: { Version: '2013-01-01' }, regionId: region }),
  },
  {
    name: 'A region outside of the list',
    aim: 'Look into another region',
    status: 403,
    send: () => post(list, { request: {}, regionId: 'us-west-1' }),
  },
  {
    name: 'The same, inside of the request',
    aim: 'Get past a check of `regionId` alone',
    status: 403,
    send: () => post(list, { request: { RegionId: 'us-west-1' }, regionId: region }),
  },
  {
    name: 'An endpoint of one’s own',
    aim: 'Have the signature sent elsewhere',
    status: 400,
    send: () => post(list, { request: {}, regionId: region, endpoint: 'https://attacker.example' }),
  },
  {
    name: 'A number where text belongs',
    aim: 'Confuse the service',
    status: 400,
    send: () => post(list, { request: { InstanceName: 5 }, regionId: region }),
  },
  {
    name: '`__proto__` as a key',
    aim: 'Change all objects of the server',
    status: 400,
    send: () => postText(list, `{"request":{"__proto__":{"isAdmin":true}},"regionId":"${region}"}`),
  },
  {
    name: 'A key twice',
    aim: 'Have one value checked and another one sent',
    status: 400,
    send: () => postText(list, `{"request":{"RegionId":"${region}","RegionId":"us-west-1"},"regionId":"${region}"}`),
  },
  {
    name: '100,000 nested arrays',
    aim: 'Overflow the stack',
    status: 400,
    send: () => postText(list, `{"request":{"Tag":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`),
  },
  {
    name: '5,000 tags',
    aim: 'Keep the server busy',
    status: 400,
    send: () =>
      post(list, {
        request: { Tag: Array.from({ length: 5000 }, (_, i) => ({ Key: `k${i}`, Value: 'v' })) },
        regionId: region,
      }),
  },
  {
    name: 'A body of 10 MB',
    aim: 'Fill the memory',
    status: 413,
    send: () => post(list, { request: { InstanceName: 'x'.repeat(10 * 2 ** 20) }, regionId: region }),
  },
  {
    name: 'A form',
    aim: 'Be sent from any page, without a preflight',
    status: 415,
    send: () => postText(list, 'RegionId=cn-hangzhou', { 'content-type': 'application/x-www-form-urlencoded' }),
  },
  {
    name: 'Plain text',
    aim: 'The same',
    status: 415,
    send: () => postText(list, `{"request":{},"regionId":"${region}"}`, { 'content-type': 'text/plain' }),
  },
  {
    name: 'No session',
    aim: 'Call as nobody',
    status: 401,
    send: () => post(list, { request: {}, regionId: region }, {}, 'omit'),
  },
  {
    name: 'No attempt’s id',
    aim: 'Have a call executed twice',
    status: 400,
    send: () => post(list, { request: {}, regionId: region }, { 'x-rx-alicloud-attempt': '' }),
  },
  {
    name: 'The same id with another body',
    aim: 'Read the answer to somebody else’s call',
    status: 409,
    async send() {
      const attempt = { 'x-rx-alicloud-attempt': crypto.randomUUID() };
      await post(list, { request: { PageSize: 1 }, regionId: region }, attempt);
      return post(list, { request: { PageSize: 2 }, regionId: region }, attempt);
    },
  },
  {
    name: 'Dots in the path',
    aim: 'Reach what lies above the operation',
    status: 404,
    send: () => post('/Ecs/2014-05-26/DescribeInstances%2f..%2f..%2fadmin', { request: {}, regionId: region }),
  },
  {
    name: 'A read by GET',
    aim: 'Be sent from a picture or a link',
    status: 405,
    send: () => fetch(`${gatewayPath}${list}`),
  },
];

function post(
  path: string,
  call: unknown,
  headers: Readonly<Record<string, string>> = {},
  credentials: RequestCredentials = 'same-origin',
): Promise<Response> {
  return postText(path, JSON.stringify(call), headers, credentials);
}

function postText(
  path: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  credentials: RequestCredentials = 'same-origin',
): Promise<Response> {
  const all = { 'content-type': 'application/json', 'x-rx-alicloud-attempt': crypto.randomUUID(), ...headers };
  const sent = Object.entries(all).filter(([, value]) => value !== '');
  return fetch(gatewayPath + path, { method: 'POST', body, headers: Object.fromEntries(sent), credentials });
}
