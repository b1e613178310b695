import { ClientError, ServerError } from '../../lib/errors.js';
import type { CallEvent } from '../../lib/events/events.js';
import { shownRequest, shownResponse } from '../../lib/masking/shown.js';
import { debugFor } from '../../lib/logging/debug.js';
import { answered, eventOf, expectNoSecretIn, request, response, secrets } from '../events/support.js';

const error = new ClientError('SDK.NetworkError', 'connect ECONNREFUSED');
const ended = { duration: 40.2, attempts: 2 };
const heldBack = { until: Date.parse('2026-01-31T08:00:01.250Z') };
const shown = { method: 'POST', url: 'https://h/?A=1', headers: { accept: 'application/json', 'x-b': '2' } };

function told(variable: string, ...events: CallEvent[]): string[] {
  const texts: string[] = [];
  const debug = debugFor(variable, (text) => texts.push(text));
  for (const event of events) debug?.(event);
  return texts;
}

describe('what DEBUG shows', () => {
  it('is nothing where it is not asked for', () => {
    for (const variable of [undefined, '', 'express:*', 'rx-alicloud', '-rx-alicloud:*']) {
      expect(debugFor(variable, () => undefined)).toBeUndefined();
    }
  });

  it('is a request, line by line', () => {
    const event = eventOf('attempt', { attempt: 2, request: { ...shown, body: '{\n\t"A": 1\n}' } });
    expect(told('rx-alicloud:request', event)).toEqual([
      [
        '2026-01-31T08:00:01.000Z rx-alicloud:request #7 Ecs RunInstances, attempt 2',
        '> POST https://h/?A=1',
        '> accept: application/json',
        '> x-b: 2',
        '>',
        '> {',
        '>   "A": 1',
        '> }',
      ].join('\n'),
    ]);
  });

  it('is an answer, line by line', () => {
    const response = { status: 200, headers: { 'x-a': '1' }, body: '{"A":1}' };
    expect(told('rx-alicloud:response', answered({ response }))).toEqual([
      [
        '2026-01-31T08:00:01.000Z rx-alicloud:response #7 Ecs RunInstances, attempt 1: 200 after 31 ms',
        '< 200',
        '< x-a: 1',
        '<',
        '< {"A":1}',
      ].join('\n'),
    ]);
  });

  it('is what drifted in an answer, line by line', () => {
    const drift = [
      { path: 'Zones[1].Total', expected: 'a number', received: 'the string "-"' },
      { path: 'A\nB', expected: 'a string', received: 'an object' },
    ];
    expect(told('rx-alicloud:response', eventOf('drifted', { drift }))).toEqual([
      [
        '2026-01-31T08:00:01.000Z rx-alicloud:response #7 Ecs RunInstances: the answer is not what its description says',
        '  Zones[1].Total should be a number and is the string "-"',
        '  A\\nB should be a string and is an object',
      ].join('\n'),
    ]);
  });

  it('is a failure where there is no answer', () => {
    expect(told('*', answered({ response: undefined, error }))).toEqual([
      '2026-01-31T08:00:01.000Z rx-alicloud:response #7 Ecs RunInstances, attempt 1: SDK.NetworkError: connect ECONNREFUSED after 31 ms',
    ]);
  });

  it('has no empty line for a body that is not there', () => {
    const bodiless = { request: { ...shown, body: undefined }, response: { status: 204, headers: {}, body: '' } };
    const texts = told('*', eventOf('attempt', { attempt: 1, ...bodiless }), answered(bodiless));
    expect(texts.map((text) => text.split('\n').at(-1))).toEqual(['> x-b: 2', '< 204']);
  });

  it.each<[CallEvent, string]>([
    [eventOf('queued', {}), 'call #7 Ecs RunInstances waits for a slot'],
    [eventOf('queued', { jobId: 'c0ffee' }), 'call #7 Ecs RunInstances waits for a worker as job c0ffee'],
    [eventOf('started', { queued: 0 }), 'call #7 Ecs RunInstances starts'],
    [eventOf('started', { queued: 12.3 }), 'call #7 Ecs RunInstances starts after 12 ms in the queue'],
    [eventOf('finished', ended), 'call #7 Ecs RunInstances finished after 40 ms, attempts: 2'],
    [eventOf('cancelled', ended), 'call #7 Ecs RunInstances cancelled after 40 ms, attempts: 2'],
    [
      eventOf('failed', { ...ended, error }),
      'call #7 Ecs RunInstances failed after 40 ms, attempts: 2: SDK.NetworkError: connect ECONNREFUSED',
    ],
    [eventOf('refused', { error }), 'call #7 Ecs RunInstances refused: SDK.NetworkError'],
    [
      eventOf('retried', { attempt: 1, kind: 'transient', error, wait: 99.6 }),
      'retry #7 Ecs RunInstances, attempt 1 failed (transient), the next follows in 100 ms: SDK.NetworkError',
    ],
    [
      eventOf('retried', { attempt: 1, kind: undefined, error, wait: 0 }),
      'retry #7 Ecs RunInstances, attempt 1 failed (as the policy has it), the next follows in 0 ms: SDK.NetworkError',
    ],
    [
      eventOf('throttled', { ...heldBack, key: { product: 'Ecs', operation: 'RunInstances' } }),
      'retry #7 Ecs RunInstances is held back for 250 ms, as the server refuses calls of its kind',
    ],
    [
      eventOf('throttled', { ...heldBack, key: { limit: '50 in 1000 ms', product: 'Ecs' } }),
      'retry #7 Ecs RunInstances is held back for 250 ms, as the limit of 50 in 1000 ms is used up',
    ],
    [
      eventOf('throttled', { until: undefined, key: { limit: '2 at a time', name: 'nightly' } }),
      'retry #7 Ecs RunInstances is held back, as the limit of 2 at a time for nightly is used up',
    ],
  ])('is a line for an event of the call: %#', (event, line) => {
    expect(told('rx-alicloud:*', event)).toEqual([`2026-01-31T08:00:01.000Z rx-alicloud:${line}`]);
  });

  it('is what is asked for alone', () => {
    const all = [
      eventOf('queued', {}),
      eventOf('attempt', { attempt: 1, request: { ...shown, body: undefined } }),
      answered(),
      eventOf('throttled', { ...heldBack, key: {} }),
    ];
    const topics = (variable: string): (string | undefined)[] =>
      told(variable, ...all).map((text) => /rx-alicloud:(\w+)/.exec(text)?.[1]);
    expect(topics('rx-alicloud:*')).toEqual(['call', 'request', 'response', 'retry']);
    expect(topics('rx-alicloud:*,-rx-alicloud:re*')).toEqual(['call']);
    expect(topics('rx-alicloud:retry rx-alicloud:call')).toEqual(['call', 'retry']);
    expect(topics('sdk')).toEqual(['request', 'response']);
    expect(topics('sdk,rx-alicloud:retry')).toEqual(['request', 'response', 'retry']);
  });

  it('cannot be forged by a server', () => {
    const forged = '\u001b[2J\r2026 rx-alicloud:call #1';
    const message = `no\n${forged}`;
    const refusal = new ServerError({ code: 'X', message, status: 400, action: 'A', headers: {}, rawBody: '' });
    const response = { status: 400, headers: { 'x-a': message }, body: `1\n${forged}\u2028` };
    const [text = ''] = told('*', answered({ response, error: refusal }));
    for (const line of text.split(/[\n\r\u2028]/).slice(1)) expect(line).toMatch(/^</);
    expect(text).not.toContain('\u001b');
    expect(text).toContain('X: no\\n\\u001b[2J');
  });

  it('has no secret in it', () => {
    const event = { request: shownRequest(request(), secrets), response: shownResponse(response(), secrets) };
    const texts = told('*', eventOf('attempt', { attempt: 1, ...event }), answered(event));
    expectNoSecretIn(texts.join('\n'));
    expect(texts.join('\n')).toContain('> x-acs-security-token: ***');
  });
});
