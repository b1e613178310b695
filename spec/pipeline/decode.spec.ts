import type { CallOptions } from '../../lib/call-options.js';
import { InvalidResponseError, ServerError } from '../../lib/errors.js';
import type { HttpResponse } from '../../lib/transport/transport.js';
import { answer, answered, errorOf, operation, service } from './support.js';

const table = '{RequestId:s,Total:n,Id:l,Zones:[{Name:s}]}';

async function serverError(response: HttpResponse): Promise<ServerError> {
  const error = await errorOf(() => answered(operation({ response: table }), response));
  expect(error).toBeInstanceOf(ServerError);
  return error as ServerError;
}

async function invalidResponse(response: HttpResponse, options?: CallOptions): Promise<InvalidResponseError> {
  const error = await errorOf(() => answered(operation({ response: table }), response, options));
  expect(error).toBeInstanceOf(InvalidResponseError);
  return error as InvalidResponseError;
}

describe('a response', () => {
  it.each<[what: string, differs: Parameters<typeof operation>[0], body: string, read: unknown]>([
    ['what fits', { response: table }, '{"Total":1,"Zones":[{"Name":"a"}]}', { Total: 1, Zones: [{ Name: 'a' }] }],
    ['what drifted', { response: table }, '{"Total":"1","RequestId":7,"Zones":null}', { Total: 1, RequestId: '7' }],
    ['a huge integer', { response: table }, '{"Id":9007199254740993}', { Id: 9007199254740993n }],
    ['a huge integer in a string', { response: table }, '{"Id":"9007199254740993"}', { Id: 9007199254740993n }],
    ['an unknown field', { response: table }, '{"New":[1]}', { New: [1] }],
    ['an array', { response: '[s]' }, '["a",1]', ['a', '1']],
    ['a map', { response: '<n>' }, '{"a":"1"}', { a: 1 }],
    ['a text', { response: 's', responseType: 'text' }, 'apiVersion: v1\n', 'apiVersion: v1\n'],
    ['no object', { response: table }, '', {}],
    ['an empty object', { response: table }, ' \n', {}],
    ['nothing', { response: table }, 'null', {}],
    ['no array', { response: '[s]' }, '', []],
    ['no string', { response: 's' }, '', ''],
    ['no text', { response: 's', responseType: 'text' }, '', ''],
  ])('is read: %s', async (_what, differs, body, read) => {
    expect((await answered(operation(differs), answer(body))).body).toStrictEqual(read);
  });

  it.each(['', '<p>whatever</p>'])('of an operation that answers nothing is empty: %j', async (body) => {
    expect((await answered({ service, action: 'A' }, answer(body))).body).toStrictEqual({});
  });

  it.each([200, 201, 202, 299])('may have the status %d', async (status) => {
    expect(await answered(operation({ response: table }), answer('{"Total":1}', status))).toMatchObject({
      body: { Total: 1 },
      status,
    });
  });

  it('of status 204 has no body', async () => {
    expect(await answered(operation({ response: table }), { status: 204, headers: {}, body: '' })).toEqual({
      kind: 'response',
      body: {},
      status: 204,
      headers: {},
      attempts: [expect.objectContaining({ number: 1, status: 204 })],
    });
  });

  it('comes with its status and headers', async () => {
    expect(await answered(operation({ response: table }), answer('{}', 202, { 'x-acs-request-id': 'r' }))).toEqual({
      kind: 'response',
      body: {},
      status: 202,
      headers: { 'content-type': 'application/json', 'x-acs-request-id': 'r' },
      attempts: [expect.objectContaining({ number: 1, status: 202 })],
    });
  });
});

describe('an answer that is no response', () => {
  it.each<[what: string, body: string, beginning: string]>([
    ['HTML', '<html>welcome</html>', '"<html>welcome</html>"'],
    ['JSON cut short', '{"Total":1,"Zo', '"{\\"Total\\":1,\\"Zo"'],
    ['a long text', 'x'.repeat(1000), `"${'x'.repeat(80)}…"`],
  ])('is an InvalidResponseError: %s', async (_what, body, beginning) => {
    const error = await invalidResponse(answer(body, 200, { 'content-type': 'text/html', 'x-a': 'b' }));
    expect(error.message).toBe(
      `The answer to DescribeZones, status 200, is not JSON (text/html, ${body.length} characters, beginning ${beginning})`,
    );
    expect(error).toMatchObject({
      code: 'SDK.InvalidResponse',
      status: 200,
      headers: { 'content-type': 'text/html', 'x-a': 'b' },
      rawBody: body,
      issues: [],
    });
  });

  it('says so where it names no content type', async () => {
    const error = await invalidResponse({ status: 200, headers: {}, body: '<' });
    expect(error.message).toContain('(no content type, 1 characters, ');
  });

  it('is an InvalidResponseError where asked for: another structure, with its place', async () => {
    const body = '{"Zones":[{"Name":"a"},{"Name":{"B":1}}],"Total":"many"}';
    const error = await invalidResponse(answer(body), { strict: true });
    expect(error.message).toBe(
      'The answer to DescribeZones, status 200, does not fit its description: `Total` should be a number and is the string "many"',
    );
    expect(error.issues).toEqual([
      { path: 'Total', expected: 'a number', received: 'the string "many"' },
      { path: 'Zones[1].Name', expected: 'a string', received: 'an object' },
    ]);
  });

  it('is an InvalidResponseError where asked for: an array for an object', async () => {
    const error = await invalidResponse(answer('[1]'), { strict: true });
    expect(error.message).toContain('`response` should be an object and is an array of 1');
  });

  it('says what does not fit also where it may be secret', async () => {
    const body = '{"Zones":[{"Name":{"Password":"hunter2"}}]}';
    const error = await invalidResponse(answer(body), { strict: true });
    expect(error.message).toMatch(/`Zones\[0\].Name` should be a string and is an object$/);
    expect(error.rawBody).toBe('{"Zones":[{"Name":{"Password":"***"}}]}');
  });
});

describe("a server's error", () => {
  const facts = {
    code: 'InvalidRegionId.NotFound',
    message: 'The "RegionId" <x> is not found.',
    requestId: '0C3A-11',
    hostId: 'ecs.aliyuncs.com',
    recommend: 'https://api.aliyun.com/t?a=1&b=2',
  };
  const { code, message, requestId, hostId, recommend } = facts;

  it.each<[what: string, body: string]>([
    [
      'JSON in upper case',
      JSON.stringify({ Code: code, Message: message, RequestId: requestId, HostId: hostId, Recommend: recommend }),
    ],
    ['JSON in lower case', JSON.stringify(facts)],
    [
      'XML',
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n' +
        `<RequestId>${requestId}</RequestId><HostId>${hostId}</HostId><Code>${code}</Code>` +
        '<Message>The &quot;RegionId&quot; &lt;x&gt; is not found.</Message>' +
        '<Recommend>https://api.aliyun.com/t?a=1&amp;b=2</Recommend></Error>',
    ],
    [
      'XML with character data',
      `<Error><RequestId>${requestId}</RequestId><HostId>${hostId}</HostId><Code>${code}</Code>` +
        `<Message><![CDATA[${message}]]></Message><Recommend><![CDATA[${recommend}]]></Recommend></Error>`,
    ],
  ])('is read from %s', async (_what, body) => {
    const error = await serverError(answer(body, 404, { 'x-a': 'b' }));
    expect(error).toMatchObject({ ...facts, status: 404, action: 'DescribeZones', rawBody: body });
    expect(error.headers).toMatchObject({ 'x-a': 'b' });
  });

  it('keeps the details of a denied access as they are', async () => {
    const details = '{"AuthAction":"ecs:DescribeZones","Id":9007199254740993}';
    const error = await serverError(answer(`{"Code":"NoPermission","AccessDeniedDetail":${details}}`, 403));
    expect(error.accessDeniedDetail).toEqual({ AuthAction: 'ecs:DescribeZones', Id: 9007199254740993n });
  });

  it('takes the id of the request from the headers where the body has none', async () => {
    const response = answer('{"Code":"X","Message":"m"}', 400, { 'x-acs-request-id': 'from-header' });
    expect((await serverError(response)).requestId).toBe('from-header');
  });

  it('says what it can where there is no message', async () => {
    expect((await serverError(answer('{"code":404}', 404))).message).toBe(
      'The server answered DescribeZones with status 404 and the code 404',
    );
  });

  it.each<[what: string, body: string, contentType: string | undefined, ends: string]>([
    [
      'HTML',
      '<html>\n<h1>502 Bad Gateway</h1></html>',
      'text/html',
      '(text/html): <html> <h1>502 Bad Gateway</h1></html>',
    ],
    ['nothing', '', undefined, '(no content type)'],
    ['white space', ' \n ', 'text/plain', '(text/plain)'],
    ['cut JSON', '{"Code":"Inva', 'application/json', '(application/json): {"Code":"Inva'],
    ['JSON without a code', '{"Message":"m"}', 'application/json', '(application/json): {"Message":"m"}'],
    [
      'JSON with an empty code',
      '{"Code":"","code":null}',
      'application/json',
      '(application/json): {"Code":"","code":null}',
    ],
    ['JSON with an object for a code', '{"Code":{}}', 'application/json', '(application/json): {"Code":{}}'],
    ['JSON that is no object', '"Throttling"', 'application/json', '(application/json): "Throttling"'],
    ['null', 'null', 'application/json', '(application/json): null'],
    [
      'XML without a code',
      '<Error><Message>m</Message></Error>',
      'text/xml',
      '(text/xml): <Error><Message>m</Message></Error>',
    ],
    [
      'XML of another kind',
      '<Errors><Code>X</Code></Errors>',
      'text/xml',
      '(text/xml): <Errors><Code>X</Code></Errors>',
    ],
    ['a long text', 'x'.repeat(1000), 'text/plain', `(text/plain): ${'x'.repeat(120)}…`],
  ])('is made of whatever comes: %s', async (_what, body, contentType, ends) => {
    const headers = contentType === undefined ? {} : { 'content-type': contentType };
    const error = await serverError({ status: 502, headers, body });
    expect(error.message).toBe(`The server answered DescribeZones with status 502 and no error code ${ends}`);
    expect(error).toMatchObject({ code: 'HTTP.502', status: 502, rawBody: body, headers });
  });

  it.each([100, 301, 302, 304, 400, 403, 404, 429, 500, 503])(
    'is any status that is no success: %d',
    async (status) => {
      expect(await serverError(answer('', status))).toMatchObject({ code: `HTTP.${status}`, status });
    },
  );

  it('is an error also of an operation without a response', async () => {
    const error = await errorOf(() => answered({ service, action: 'A' }, answer('{"Code":"X"}', 400)));
    expect(error).toMatchObject({ name: 'ServerError', code: 'X' });
  });
});
