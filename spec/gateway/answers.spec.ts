import type { Observable } from 'rxjs';
import { concat, of, Subject, throwError } from 'rxjs';
import { NetworkError, TimeoutError } from '../../lib/errors.js';
import { describeInstances, describeRegions } from '../../lib/services/ecs.js';
import { assumeRole } from '../../lib/services/sts.js';
import type { AnyOperation } from '../../lib/service.js';
import type { HttpHead, HttpResponse } from '../../lib/transport/transport.js';
import {
  answerTo,
  credentials,
  newAttempt,
  recorderOf,
  regionId,
  send,
  siteOf,
  type Call,
  type Site,
} from './support.js';

/** Operations that answer in each way; what is called does not matter, as the upstream is the spec's. */
const service = describeRegions.service;
const bytes: AnyOperation = { service, action: 'DescribeBytes', responseType: 'bytes', response: 's' };
const text: AnyOperation = { service, action: 'DescribeText', responseType: 'text', response: 's' };
const events: AnyOperation = { service, action: 'DescribeEvents', responseType: 'events', response: '{Id:l,Text:s}' };
const textEvents: AnyOperation = { ...events, action: 'DescribeTextEvents', response: 's' };
const chat: AnyOperation = { ...events, action: 'Chat' };
const nothing: AnyOperation = { service, action: 'DeleteAll' };
const long: AnyOperation = { service, action: 'DescribeLong', query: 'Id:l', response: '{Id:l,Ids:[l]}' };
const all = [bytes, text, events, textEvents, chat, nothing, long, describeInstances, assumeRole];
const callOf = ({ action, service: { product, version } }: AnyOperation): Call => ({
  path: `/${product}/${version}/${action}`,
});

const head: HttpHead = { status: 200, headers: { 'x-acs-request-id': 'R-1' } };
const encode = (value: string): Uint8Array => new TextEncoder().encode(value);
const streaming = (stream: () => Observable<HttpHead | Uint8Array>, options = {}): Site =>
  siteOf({ allow: all, transport: { send: () => throwError(() => new Error('not a stream')), stream }, ...options });
const whole = (response: HttpResponse | Error, options = {}): Site =>
  siteOf({
    allow: all,
    transport: { send: () => (response instanceof Error ? throwError(() => response) : of(response)) },
    ...options,
  });

describe('an answer', () => {
  it('keeps 64-bit integers, both ways', async () => {
    const site = whole({ ...head, body: '{"Id":9223372036854775807,"Ids":[-9223372036854775808,1]}' });
    const { text: body } = await answerTo(site, { ...callOf(long), body: '{"request":{"Id":9007199254740993}}' });
    expect(body).toBe('{"Id":9223372036854775807,"Ids":[-9223372036854775808,1]}');
    expect(site.upstream.sent[0]?.url).toContain('Id=9007199254740993');
  });

  it('may be text, or nothing', async () => {
    const site = whole({ ...head, body: 'späße\n' });
    const answer = await answerTo(site, callOf(text));
    expect([answer.text, answer.headers.get('content-type')]).toEqual(['späße\n', 'text/plain;charset=utf-8']);
    expect((await answerTo(whole({ ...head, status: 204, body: '' }), callOf(nothing))).status).toBe(204);
    expect((await answerTo(whole({ ...head, body: '' }), callOf(nothing))).text).toBe('{}');
  });

  it('may be bytes, as they come', async () => {
    const pieces$ = new Subject<HttpHead | Uint8Array>();
    const site = streaming(() => pieces$);
    const response = send(site, callOf(bytes));
    await until(() => pieces$.observed);
    pieces$.next(head);
    pieces$.next(new Uint8Array([1, 2]));
    const { body, headers } = await response;
    expect([headers.get('content-type'), headers.get('x-acs-request-id')]).toEqual(['application/octet-stream', 'R-1']);
    const reader = body!.getReader();
    expect((await reader.read()).value).toEqual(new Uint8Array([1, 2]));
    pieces$.next(new Uint8Array([3]));
    expect((await reader.read()).value).toEqual(new Uint8Array([3]));
    pieces$.complete();
    expect((await reader.read()).done).toBe(true);
    expect(site.events).toMatchObject([{ outcome: 'answered', status: 200, requestId: 'R-1' }]);
  });

  it('of bytes asks its source to wait for a slow reader', async () => {
    const pieces$ = new Subject<HttpHead | Uint8Array>();
    const site = streaming(() => pieces$);
    const response = send(site, callOf(bytes));
    await until(() => pieces$.observed);
    const { waitForReader } = site.upstream.sent[0]!;
    pieces$.next(head);
    expect(waitForReader?.()).toBeUndefined();
    pieces$.next(new Uint8Array(200_000));
    const wait = waitForReader?.();
    expect(wait).toBeInstanceOf(Promise);
    const reader = (await response).body!.getReader();
    await reader.read();
    await wait;
    expect(waitForReader?.()).toBeUndefined();
    pieces$.next(new Uint8Array(200_000));
    const last = waitForReader?.();
    await reader.cancel();
    // Whoever has gone holds up nobody.
    await last;
    expect(pieces$.observed).toBe(false);
    expect(site.events).toMatchObject([{ outcome: 'cancelled' }]);
  });

  it('that its source does not hold back is cut off at a bound', async () => {
    const pieces$ = new Subject<HttpHead | Uint8Array>();
    const site = streaming(() => pieces$, { limits: { streamBuffer: 100_000 } });
    const response = send(site, callOf(bytes));
    await until(() => pieces$.observed);
    pieces$.next(head);
    for (let sent = 0; sent < 20 && pieces$.observed; sent++) pieces$.next(new Uint8Array(20_000));
    expect(pieces$.observed).toBe(false);
    await expect((await response).arrayBuffer()).rejects.toThrow('too slowly');
  });

  it('may be events, as a client reads them', async () => {
    const upstream =
      'id: 7\nevent: delta\ndata: {"Id":9007199254740993,\ndata: "Text":"a"}\n\nretry: 10\ndata: {"Id":1}\n\ndata: [DONE]\n\n';
    const { text: body, headers } = await answerTo(
      streaming(() => of(head, encode(upstream))),
      callOf(events),
    );
    expect(headers.get('content-type')).toBe('text/event-stream;charset=utf-8');
    expect(body).toBe(
      'event: delta\nid: 7\ndata: {"Id":9007199254740993,"Text":"a"}\n\nid: 7\nretry: 10\ndata: {"Id":1}\n\n',
    );
    const lines = await answerTo(
      streaming(() => of(head, encode('data: a\ndata: b\n\n'))),
      callOf(textEvents),
    );
    expect(lines.text).toBe('data: a\ndata: b\n\n');
  });

  it('of events ends in an event where it breaks off', async () => {
    const failing$ = concat(
      of(head, encode('data: {"Id":1}\n\n')),
      throwError(() => new NetworkError('10.0.0.1 broke', 'https://ecs.internal')),
    );
    const site = streaming(() => failing$);
    const { text: body, status } = await answerTo(site, callOf(events));
    expect([status, body]).toEqual([
      200,
      'data: {"Id":1}\n\nevent: error\ndata: {"Code":"Gateway.UpstreamFailed","Message":"The service could not be reached, or its answer not be read"}\n\n',
    ]);
  });

  it('of bytes breaks off where that of the service does', async () => {
    const failing$ = concat(
      of(head, new Uint8Array(3)),
      throwError(() => new NetworkError('10.0.0.1 broke', 'https://ecs.internal')),
    );
    const response = await send(
      streaming(() => failing$),
      callOf(bytes),
    );
    await expect(response.arrayBuffer()).rejects.toThrow(/^The answer of the service broke off$/);
  });

  it('of events is cancelled upstream when the caller goes, unless it writes', async () => {
    for (const [operation, isBrokenOff] of [
      [events, true],
      [chat, false],
    ] as const) {
      const pieces$ = new Subject<HttpHead | Uint8Array>();
      const site = streaming(() => pieces$);
      const attempt = newAttempt();
      const response = send(site, { ...callOf(operation), attempt });
      await until(() => pieces$.observed);
      pieces$.next(head);
      pieces$.next(encode('data: {"Id":1}\n\n'));
      const reader = (await response).body!.getReader();
      await reader.read();
      await reader.cancel();
      expect(pieces$.observed).toBe(!isBrokenOff);
      if (isBrokenOff) continue;
      // A repetition gets what came before, and what comes.
      const again = send(site, { ...callOf(operation), attempt });
      const { body, headers } = await again;
      expect(headers.get('x-rx-alicloud-replayed')).toBe('true');
      pieces$.next(encode('data: {"Id":2}\n\n'));
      pieces$.complete();
      expect(await new Response(body).text()).toBe('data: {"Id":1}\n\ndata: {"Id":2}\n\n');
      expect(site.upstream.sent).toHaveLength(1);
    }
  });

  it.each<[string, AnyOperation, Site]>([
    ['whole', text, whole({ ...head, body: 'x'.repeat(2000) }, { limits: { responseSize: 1000 } })],
    ['whole, by the client', text, whole({ ...head, body: 'x'.repeat(2000) }, { limits: { responseSize: 1999 } })],
  ])('that is too long is none: %s', async (_, operation, site) => {
    expect(await answerTo(site, callOf(operation))).toMatchObject({ status: 502, code: 'Gateway.ResponseTooLarge' });
  });

  it.each([
    ['whole', text, {}, 16 << 20],
    ['in pieces', bytes, {}, 1 << 30],
    ['of a client that takes less', bytes, { maxResponseSize: 1000 }, 1000],
    ['of a client that takes anything', text, { maxResponseSize: 0 }, 16 << 20],
  ] as const)('is read no further than it may be long: %s', async (_, operation, client, expected) => {
    const transport = recorderOf({ send: () => of({ ...head, body: '' }), stream: () => of(head) });
    const site = siteOf({ allow: all, client: { regionId, credentials, transport, ...client } });
    await (await send(site, callOf(operation))).text();
    expect(transport.sent.map(({ maxResponseSize }) => maxResponseSize)).toEqual([expected]);
  });

  it('in pieces that are too long together breaks off', async () => {
    const site = streaming(() => of(head, new Uint8Array(600), new Uint8Array(600)), { limits: { streamSize: 1000 } });
    await expect((await send(site, callOf(bytes))).arrayBuffer()).rejects.toThrow();
    expect(site.events).toMatchObject([{ outcome: 'failed', code: 'Gateway.UpstreamFailed' }]);
  });

  const hostile = {
    'x-acs-request-id': 'R-1\r\nset-cookie: a=b',
    'x-fc-error-type': 'x\nx: y',
    'set-cookie': 'upstream=1',
    server: 'internal/1.0',
    via: '10.0.0.1',
    location: 'https://ecs.internal/',
    'content-length': '3',
    'transfer-encoding': 'chunked',
    connection: 'close',
    'access-control-allow-origin': '*',
    'content-type': 'text/html',
    'content-security-policy': 'none',
    'x-acs-caller': 'LTAIabcdefghijkl',
  };

  it.each([
    ['a success', 200, '{"Id":1}'],
    ['an error', 400, '{"Code":"Bad","Message":"bad"}'],
    ['no success of ours', 302, '<html>'],
  ])('passes on no header that could split it or tell of the inside: %s', async (_, status, body) => {
    const { headers } = await answerTo(whole({ status, headers: hostile, body }), callOf(long));
    const cors = [
      'vary',
      'access-control-allow-origin',
      'access-control-allow-credentials',
      'access-control-expose-headers',
    ];
    expect([...headers.keys()].filter((name) => !cors.includes(name)).sort()).toEqual([
      'cache-control',
      'content-type',
      'x-content-type-options',
    ]);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });

  it.each<[string, HttpResponse | Error, number, object]>([
    [
      'its own error',
      {
        status: 404,
        headers: {},
        body: '{"Code":"InvalidInstanceId.NotFound","Message":"No such instance","RequestId":"R-1","HostId":"ecs.cn-hangzhou.aliyuncs.com","Recommend":"https://x"}',
      },
      404,
      { Code: 'InvalidInstanceId.NotFound', Message: 'No such instance', RequestId: 'R-1' },
    ],
    [
      'one that names a host and a key',
      {
        status: 400,
        headers: {},
        body: '{"Code":"Bad","Message":"LTAI5tAbCdEfGhIjKlMn at ecs-cn-hangzhou.aliyuncs.com:443 and STS.NUabc.def"}',
      },
      400,
      { Code: 'Bad', Message: '*** at *** and ***' },
    ],
    [
      'one of the key of the gateway',
      { status: 403, headers: {}, body: '{"Code":"SignatureDoesNotMatch","Message":"LTAI…","RequestId":"R-1"}' },
      502,
      { Code: 'Gateway.UpstreamFailed', Message: 'The service refused the gateway', RequestId: 'R-1' },
    ],
    [
      'one of a key that is none',
      { status: 404, headers: {}, body: '{"Code":"InvalidAccessKeyId.NotFound","Message":"x"}' },
      502,
      { Code: 'Gateway.UpstreamFailed', Message: 'The service refused the gateway' },
    ],
    [
      'a page',
      { status: 503, headers: {}, body: '<html>nginx 10.0.0.1</html>' },
      503,
      { Code: 'HTTP.503', Message: 'The service answered with status 503' },
    ],
    [
      'a code that is none',
      { status: 400, headers: {}, body: '{"Code":"<b>\\r\\nx: y","Message":"x"}' },
      400,
      { Code: 'bx:y', Message: 'x' },
    ],
    [
      'a broken connection',
      new NetworkError('connect ECONNREFUSED 10.0.0.1', 'https://10.0.0.1'),
      502,
      { Code: 'Gateway.UpstreamFailed', Message: 'The service could not be reached, or its answer not be read' },
    ],
    [
      'a timeout',
      new TimeoutError({ phase: 'read', timeout: 1, origin: 'https://10.0.0.1' }),
      504,
      { Code: 'Gateway.UpstreamTimeout', Message: 'The service did not answer in time' },
    ],
    [
      'something else',
      new RangeError('at /srv/app/secret.js'),
      500,
      { Code: 'Gateway.InternalError', Message: 'The gateway failed' },
    ],
  ])('of an error says what its caller can use, and nothing of the inside: %s', async (_, response, status, body) => {
    const answer = await answerTo(whole(response), callOf(long));
    expect([answer.status, JSON.parse(answer.text)]).toEqual([status, body]);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('the body of a request', () => {
  const slow = (pieces: readonly (readonly [wait: number, bytes: number])[], announced?: string) => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        for (const [wait, length] of pieces) {
          await new Promise((resolve) => setTimeout(resolve, wait));
          if (cancelled) return;
          controller.enqueue(new Uint8Array(length).fill(0x20));
        }
      },
      cancel: () => {
        cancelled = true;
      },
    });
    return { body, isCancelled: () => cancelled, headers: { 'content-length': announced } };
  };

  it.each([
    ['that never comes', [], 5000, 'Gateway.RequestTimeout'],
    [
      'that stops',
      [
        [0, 1],
        [5001, 1],
      ],
      5000,
      'Gateway.RequestTimeout',
    ],
    ['that drips', Array.from({ length: 20 }, () => [2000, 1]), 30_000, 'Gateway.RequestTimeout'],
    ['without an end', Array.from({ length: 20 }, () => [10, 100_000]), 1000, 'Gateway.RequestTooLarge'],
  ] as const)('%s is not waited for', async (_, pieces, within, code) => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const site = siteOf();
      const { body, isCancelled } = slow(pieces as readonly (readonly [number, number])[]);
      const answer = answerTo(site, { body: body as unknown as BodyInit });
      await jest.advanceTimersByTimeAsync(within);
      expect((await answer).code).toBe(code);
      expect(isCancelled()).toBe(true);
      expect(site.upstream.sent).toHaveLength(0);
      expect(jest.getTimerCount()).toBeLessThanOrEqual(1);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is not read of whom is refused before', async () => {
    const { body, isCancelled } = slow([]);
    const site = siteOf({ authorize: () => undefined });
    expect((await answerTo(site, { body: body as unknown as BodyInit })).status).toBe(401);
    expect(isCancelled()).toBe(true);
  });
});
