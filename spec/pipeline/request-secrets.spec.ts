import { secretsIn } from '../../lib/masking/request-secrets.js';
import type { HttpRequest } from '../../lib/transport/transport.js';

const request = (differs: Partial<HttpRequest>): HttpRequest => ({
  method: 'POST',
  url: 'https://ecs.aliyuncs.com/',
  headers: {},
  ...differs,
});
const json = (body: unknown): Partial<HttpRequest> => ({ body: JSON.stringify(body) });
const form = (body: string): Partial<HttpRequest> => ({
  body,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
});

it.each<[what: string, product: string, differs: Partial<HttpRequest>, secrets: string[]]>([
  ['nothing', 'Ecs', {}, []],
  ['ordinary fields', 'Ecs', { url: 'https://h/?RegionId=cn-hangzhou&KeyPairName=my-key-pair&NextToken=abcdefgh' }, []],
  ['what is too short', 'Ecs', { url: 'https://h/?Password=12345' }, []],
  ['a query', 'Ecs', { url: 'https://h/?A.1.Password=hunter2%2B+x' }, ['hunter2+ x']],
  ['a form', 'Ecs', form('Psk=hunter2%26'), ['hunter2&']],
  ['a header', 'Ecs', { headers: { 'x-auth-token': 'hunter2' } }, ['hunter2']],
  ['JSON', 'Ecs', json({ a: [{ password: 'hunter2', b: 'ordinary' }] }), ['hunter2']],
  ['numbers', 'Ecs', json({ password: 1234567 }), ['1234567']],
  [
    'all that is in an object of such a name',
    'Ecs',
    json({ Secret: { a: 'hunter2', b: ['hunter3'] } }),
    ['hunter3', 'hunter2'],
  ],
  [
    'JSON in JSON in a form',
    'Ecs',
    form(`A=${encodeURIComponent(JSON.stringify({ b: JSON.stringify({ Cak: 'hunter2' }) }))}`),
    ['hunter2'],
  ],
  ['a tag', 'Ecs', json({ Tag: [{ Key: 'team', Value: 'blue-team' }] }), []],
  [
    'a parameter that another field names',
    'ROS',
    form('P.1.ParameterKey=DbPassword&P.1.ParameterValue=hunter2&P.2.ParameterKey=Size&P.2.ParameterValue=ordinary'),
    ['hunter2'],
  ],
  ['the same in JSON', 'FC', json({ env: [{ name: 'API_KEY', value: 'hunter2' }] }), ['hunter2']],
  ['CAS’ Key', 'cas', form('Key=hunter2'), ['hunter2']],
  ['another Key', 'Tag', form('Key=hunter2'), []],
  ['lines', 'Edas', json({ data: 'a: ordinary\n  password: "hunter2"' }), ['hunter2']],
  ['bytes, which are not read', 'Ecs', { body: new Uint8Array(8) }, []],
  ['what is no JSON', 'Ecs', { body: '{"Password":"hunter2' }, []],
])('of %s', (_what, product, differs, secrets) => {
  expect(secretsIn(request(differs), product)).toEqual(secrets);
});

it('of a private key are its lines, too', () => {
  const line = 'MIIEowIBAAKCAQEA0hunter2';
  const key = `-----BEGIN PRIVATE KEY-----\n${line}\nq==\n-----END PRIVATE KEY-----`;
  expect(secretsIn(request(json({ Whatever: key })), 'Ecs')).toEqual([key, line]);
});

it('may be nested to any depth', () => {
  const depth = 5000;
  expect(
    secretsIn(request({ body: `${'{"a":'.repeat(depth)}{"Password":"hunter2"}${'}'.repeat(depth)}` }), 'Ecs'),
  ).toEqual(['hunter2']);
});
