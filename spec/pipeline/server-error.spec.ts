import { serverErrorOf } from '../../lib/codec/server-error.js';
import { readXmlError } from '../../lib/codec/xml-error.js';

const read = (body: unknown, headers: Record<string, string> = {}, secrets: string[] = []) =>
  serverErrorOf('A', { status: 400, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }, secrets);

const id = '0C3A1B2C-1111-2222-3333-444455556666';
const facts = { code: 'Bad', message: 'It is bad.', requestId: id };

describe('an error is read in whatever shape it comes', () => {
  it.each([
    { Code: 'Bad', Message: 'It is bad.', RequestId: id },
    { code: 'Bad', message: 'It is bad.', requestId: id },
    { code: 'Bad', msg: 'It is bad.', request_id: id },
    { errorCode: 'Bad', errorMsg: 'It is bad.', requestId: id },
    { ErrorCode: 'Bad', ErrorMessage: 'It is bad.', RequestId: id },
    { errorCode: 'Bad', errorMessage: 'It is bad.', RequestID: id },
    { error_code: 'Bad', error_msg: 'It is bad.', request_id: id },
    { errCode: 'Bad', errMsg: 'It is bad.', requestId: id },
    { error: { code: 'Bad', message: 'It is bad.' }, request_id: id },
    { error: { code: 'Bad', message: 'It is bad.', request_id: id } },
    { Error: { Code: 'Bad', Message: 'It is bad.' }, RequestId: id },
    { code: '', Code: null, errorCode: 'Bad', message: '', errorMsg: 'It is bad.', requestId: id },
    { error: 'Bad', error_description: 'It is bad.', request_id: id },
    { success: false, data: null, code: 'Bad', message: 'It is bad.', requestId: id },
    `\uFEFF{"Code":"Bad","Message":"It is bad.","RequestId":"${id}"}`,
    `<Error><Code>Bad</Code><Message>It is bad.</Message><RequestId>${id}</RequestId></Error>`,
    `\uFEFF<?xml version="1.0"?>\n<!-- <Code>No</Code> -->\n<ErrorResponse xmlns="x"><Error><Code>Bad</Code><Message>It is bad.</Message></Error><RequestId>${id}</RequestId></ErrorResponse>`,
    `<ns:Error><ns:Code>Bad</ns:Code><ns:Message>It <![CDATA[is]]> b&#97;d&#x2e;</ns:Message><ns:RequestId>${id}</ns:RequestId></ns:Error>`,
    `<Error><Code><![CDATA[Bad]]></Code><Message><![CDATA[It is bad.]]></Message><Code>Other</Code><RequestId>${id}</RequestId></Error>`,
  ])('%j', (body) => {
    expect(read(body)).toMatchObject(facts);
  });

  it('from the headers of an API gateway, where the body says nothing', () => {
    const headers = { 'x-ca-error-code': 'Bad', 'x-ca-error-message': 'It is bad.', 'x-ca-request-id': id };
    expect(read('', headers)).toMatchObject(facts);
    expect(read({ Code: 'Own', Message: 'Mine.', RequestId: 'r' }, headers)).toMatchObject({
      code: 'Own',
      message: 'Mine.',
      requestId: 'r',
    });
    const { 'x-ca-error-code': _code, ...rest } = headers;
    expect(read('', rest)).toMatchObject({
      code: 'HTTP.400',
      message: expect.stringContaining('It is bad.') as string,
      requestId: id,
    });
  });

  it('with a number for a code, and a code for a message', () => {
    expect(read({ code: 404, msg: 'gone' })).toMatchObject({ code: '404', message: 'gone' });
    expect(read({ error: 'invalid_grant' }).message).toContain('the code invalid_grant');
  });
});

describe('masking comes after reading', () => {
  it('of a code that holds a secret', () => {
    expect(read({ Code: 'Throttling.UserOfThis', Message: 'UserOfThis' }, {}, ['UserOfThis'])).toMatchObject({
      code: 'Throttling.UserOfThis',
      message: '***',
    });
    expect(read({ Code: 'hunter2Secret', RequestId: 'hunter2Secret' }, {}, ['hunter2Secret'])).toMatchObject({
      code: '***',
      requestId: '***',
    });
    expect(read({ Code: 'Is.hunter2Secret' }, {}, ['hunter2Secret']).code).toBe('Is.***');
  });

  it('of the headers', () => {
    const { headers } = read(
      {},
      { 'set-cookie': 'a=b', 'x-acs-security-token': 't', location: 'https://h/?t=hunter2Secret' },
      ['hunter2Secret'],
    );
    expect(headers).toEqual({ 'set-cookie': '***', 'x-acs-security-token': '***', location: 'https://h/?t=***' });
  });

  it('of a detail, which stays an object', () => {
    expect(
      read({ Code: 'No', AccessDeniedDetail: { Why: 'hunter2Secret', Password: 'p', Id: 1 } }, {}, ['hunter2Secret'])
        .accessDeniedDetail,
    ).toEqual({ Why: '***', Password: '***', Id: 1 });
  });
});

it.each([
  ['many sections that do not end', '<Error>', '<Code><![CDATA['],
  ['many sections', '<Error>', '<Code><![CDATA[x]]>'],
  ['many tags', '<Error>', '<Code>'],
  ['many names without an end', '<Error>', '<Code'],
  ['a long tag', '<Error', ' a="b"'],
  ['comments that do not end', '<Error>', '<!--'],
  ['entities', '<Error><Code>', '&#0'],
  ['white space', '', ' \n'],
  ['backslashes', '{"Code":"', '\\\\'],
  ['signatures', '{"Code":"SignatureDoesNotMatch","Message":"', 'server StringToSign is ['],
])('reads three megabytes of %s at once', (_what, before, part) => {
  const body = before + part.repeat(3_000_000 / part.length);
  expect(serverErrorOf('A', { status: 400, headers: {}, body }, ['+/=hunter2']).status).toBe(400);
  readXmlError(body);
});
