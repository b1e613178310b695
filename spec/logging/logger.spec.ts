import { hostname } from 'node:os';
import { ClientError, ConfigurationError, ServerError } from '../../lib/errors.js';
import type { CallEvent } from '../../lib/events/events.js';
import { shownRequest, shownResponse } from '../../lib/masking/shown.js';
import { lineLogger, loggerOn, type LineLoggerOptions } from '../../lib/logging/logger.js';
import { answered, eventOf, expectNoSecretIn, origin, request, response, secrets } from '../events/support.js';

const machine = { pid: 42, hostname: 'box' };

function linesOf(options: LineLoggerOptions, ...events: CallEvent[]): string[] {
  const lines: string[] = [];
  const logger = loggerOn(machine, { ...options, log: (line) => lines.push(line) });
  events.forEach(logger);
  return lines;
}

function lineOf(template: string, ...events: CallEvent[]): string | undefined {
  return linesOf({ template }, ...(events.length === 0 ? [answered()] : events))[0];
}

const unanswered = answered({ response: undefined, error: new ClientError('SDK.NetworkError', 'no\nway') });
const refused = answered({
  response: { status: 400, headers: {}, body: '' },
  error: new ServerError({ code: 'A.B', message: 'No.', status: 400, action: 'X', headers: {}, rawBody: '' }),
});

describe('a line of the log', () => {
  it('is that of the Go SDK', () => {
    expect(linesOf({}, answered())).toEqual([
      expect.stringMatching(
        /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d AlibabaCloud: "POST \/a\/b\?PageSize=5 HTTP\/1\.1" 200 31ms box$/,
      ),
    ]);
  });

  it.each([
    ['{ts}', '2026-01-31T08:00:01Z'],
    ['{channel}', 'AlibabaCloud'],
    ['{pid}', '42'],
    ['{hostname}', 'box'],
    ['{host}', 'ecs.cn-hangzhou.aliyuncs.com'],
    ['{method}', 'POST'],
    ['{uri}', '/a/b?PageSize=5'],
    ['{target}', '/a/b?PageSize=5'],
    ['{version}', '1.1'],
    ['{code}', '200'],
    ['{cost}', '31ms'],
    ['{error}', ''],
    ['{req_headers}', '{"x-a":"1"}'],
    ['{res_headers}', '{"x-acs-request-id":"R-1"}'],
    ['{req_body}', 'A=1'],
    ['{res_body}', '{"A":1}'],
    ['{req_header_X-A}', '1'],
    ['{req_header_x-none}', ''],
    ['{res_header_x-acs-request-id}', 'R-1'],
    ['{request_id}', 'R-1'],
    ['{product}.{action} {attempt}', 'Ecs.RunInstances 1'],
  ])('tells %s', (template, line) => {
    expect(lineOf(template)).toBe(line);
  });

  it('tells the time by the clock on the wall', () => {
    const local = (time: number): string => {
      const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
      return date.toISOString().slice(0, 19).replace('T', ' ');
    };
    const event = answered({ duration: 61_000 });
    expect(lineOf('{start_time} - {time}', event)).toBe(`${local(event.time - 61_000)} - ${local(event.time)}`);
  });

  it('of a failure tells the error, and leaves empty what is not known', () => {
    const template = '[{code}][{error}][{res_headers}][{res_body}][{res_header_a}][{request_id}]';
    expect(lineOf(template, unanswered)).toBe('[][SDK.NetworkError: no\\nway][][][][]');
    expect(lineOf('{code} {error}', refused)).toBe('400 A.B: No.');
  });

  it('knows no process in a browser', () => {
    const lines: string[] = [];
    const browser = { pid: undefined, hostname: undefined };
    loggerOn(browser, { template: '[{pid}][{hostname}]', log: (line) => lines.push(line) })(answered());
    expect(lines).toEqual(['[][]']);
  });

  it('may have braces in it that are no names', () => {
    expect(lineOf('{"code": {code}, "none": {}, "n": {1}}')).toBe('{"code": 200, "none": {}, "n": {1}}');
  });

  it('puts in what stands there, even where that looks like a template', () => {
    expect(lineOf('{res_body}', answered({ response: { status: 200, headers: {}, body: "{code} $& $1 $'" } }))).toBe(
      "{code} $& $1 $'",
    );
  });

  it('is one line whatever a server says', () => {
    const body = 'a\r\nb\u2028c\u001b[31m\u0085';
    expect(lineOf('{res_body}', answered({ response: { status: 200, headers: {}, body } }))).toBe(
      'a\\r\\nb\\u2028c\\u001b[31m\\u0085',
    );
  });

  it('shows what is hidden as it is', () => {
    const request = { method: 'GET', url: `${origin}/?Signature=***`, headers: {}, body: undefined };
    expect(lineOf('{uri}', answered({ request }))).toBe('/?Signature=***');
  });

  it('has no secret in it', () => {
    const event = answered({
      request: shownRequest(request(), secrets),
      response: shownResponse(response(), secrets),
    });
    const line = lineOf(
      '{uri} {req_headers} {req_body} {res_headers} {res_body} {req_header_authorization} {res_header_set-cookie}',
      event,
    );
    expect(line).toContain('Signature=***');
    expectNoSecretIn(line);
  });
});

describe('the log', () => {
  it('knows the machine that it is written on', () => {
    const lines: string[] = [];
    lineLogger({ template: '{pid} {hostname}', log: (line) => lines.push(line) })(answered());
    expect(lines).toEqual([`${process.pid} ${hostname()}`]);
  });

  it('has a line for each attempt, and for nothing else', () => {
    const others = [
      eventOf('queued', {}),
      eventOf('started', { queued: 0 }),
      eventOf('throttled', { key: {}, until: 0 }),
    ];
    const lines = linesOf({ template: '{attempt}' }, ...others, answered(), answered({ attempt: 2 }));
    expect(lines).toEqual(['1', '2']);
  });

  it('of level error has the failures alone', () => {
    const gone = answered({ response: { status: 404, headers: {}, body: '' } });
    const events = [answered(), refused, unanswered, gone];
    expect(linesOf({ template: '{code}', level: 'error' }, ...events)).toEqual(['400', '', '404']);
    expect(linesOf({ template: '{code}', level: 'info' }, ...events)).toHaveLength(4);
  });

  it('has a name', () => {
    expect(linesOf({ template: '{channel}', channel: 'mine' }, answered())).toEqual(['mine']);
  });

  it('may be a function alone', () => {
    const lines: string[] = [];
    loggerOn(machine, (line) => lines.push(line))(answered());
    expect(lines).toEqual([expect.stringContaining('"POST /a/b?PageSize=5 HTTP/1.1" 200')]);
  });
});

describe('a logger that cannot work is refused at once', () => {
  // As plain JavaScript may have it.
  const refusalOf = (logger: unknown): ConfigurationError => {
    try {
      lineLogger(logger as LineLoggerOptions);
    } catch (error) {
      return error as ConfigurationError;
    }
    throw new Error('Expected an error, got none');
  };

  it.each(['{status}', '{Time}', '{req_header_}', '{toString}', '{time} {res_headers_x}'])(
    'for a name that means nothing: %s',
    (template) => {
      const error = refusalOf({ template });
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error).toMatchObject({ code: 'SDK.InvalidConfiguration', path: 'lineLogger.template' });
      expect(error.received).toBe(template.split(' ').at(-1));
      expect(error.expected).toContain('{cost}');
    },
  );

  it.each([
    [{ template: 5 }, 'lineLogger.template'],
    [{ channel: null }, 'lineLogger.channel'],
    [{ level: 'debug' }, 'lineLogger.level'],
    [{ log: 'console' }, 'lineLogger.log'],
    [{ tempalte: '' }, 'lineLogger.tempalte'],
  ])('for an option that is none: %j', (logger, path) => {
    expect(refusalOf(logger)).toMatchObject({ code: 'SDK.InvalidConfiguration', path });
  });

  it('but not for one that is undefined', () => {
    expect(() => lineLogger({ template: undefined, level: undefined })).not.toThrow();
  });
});
