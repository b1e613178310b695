import * as fc from 'fast-check';
import {
  AlicloudError,
  AsyncQueueFullError,
  AsyncQueueTimeoutError,
  ClientError,
  ConfigurationError,
  InvalidRequestError,
  InvalidResponseError,
  isAlicloudError,
  isClientError,
  isServerError,
  NetworkError,
  NotSettledError,
  ServerError,
  TimeoutError,
  WaitFailedError,
  WaitTimeoutError,
  type Attempt,
} from '../../lib/errors.js';
import * as errors from '../../lib/errors.js';
import { readFailure, writeFailure } from '../../lib/bullmq/failure.js';

const text = fc.string();
const count = fc.nat();
const headers = fc.dictionary(fc.string(), text);
const issue = fc.record({ path: text, expected: text, received: text });
const cause = fc.oneof(
  fc.constant(undefined),
  text,
  fc.constant(5n),
  fc.constant({}),
  fc
    .record({ message: text, code: text, status: fc.option(count, { nil: undefined }) })
    .map(({ message, ...facts }) => {
      const error = new TypeError(message);
      return facts.status === undefined ? error : Object.assign(error, facts);
    }),
  text.map((message) => new ClientError('SDK.Aborted', message)),
);
const attempt: fc.Arbitrary<Attempt> = fc.record(
  { number: count, startedAt: count, duration: count, status: count, code: text, wait: count },
  { requiredKeys: ['number', 'startedAt', 'duration'] },
);

const made: Readonly<Record<string, fc.Arbitrary<AlicloudError>>> = {
  ClientError: fc
    .record({ message: text, cause })
    .map(({ message, cause }) => new ClientError('SDK.OutcomeUnknown', message, { cause })),
  ConfigurationError: issue.map((facts) => new ConfigurationError(facts)),
  InvalidRequestError: fc.array(issue).map((issues) => new InvalidRequestError('RunInstances', issues)),
  InvalidResponseError: fc
    .record({ message: text, headers, rawBody: text, issues: fc.array(issue), cause })
    .map(
      ({ message, headers, rawBody, issues, cause }) =>
        new InvalidResponseError(message, 200, headers, rawBody, issues, { cause }),
    ),
  TimeoutError: fc
    .record({
      phase: fc.constantFrom('connect' as const, 'read' as const, 'attempt' as const, 'deadline' as const),
      timeout: count,
      spent: fc.option(
        fc.record({ queued: count, credentials: count, throttled: count, sent: count, waiting: count }),
        { nil: undefined },
      ),
    })
    .map((facts) => new TimeoutError(facts)),
  NetworkError: fc
    .record({ message: text, cause })
    .map(({ message, cause }) => new NetworkError(message, 'https://h', 'ECONNRESET', { cause })),
  AsyncQueueFullError: fc.tuple(count, count).map(([one, other]) => new AsyncQueueFullError(one, other)),
  AsyncQueueTimeoutError: count.map((time) => new AsyncQueueTimeoutError(time)),
  WaitTimeoutError: fc
    .tuple(text, count)
    .map(([waiter, answers]) => new WaitTimeoutError({ waiter, answers, last: {} }, 5, 'i-1')),
  WaitFailedError: fc.tuple(text, count).map(([waiter, answers]) => new WaitFailedError({ waiter, answers, last: {} })),
  NotSettledError: text.map((message) => new NotSettledError({}, new Error(message))),
  ServerError: fc
    .record({
      code: text,
      message: text,
      status: count,
      action: text,
      headers,
      rawBody: text,
      requestId: fc.option(text, { nil: undefined }),
      accessDeniedDetail: fc.oneof(fc.jsonValue(), fc.bigInt(), fc.constant(undefined)),
    })
    .map((facts) => new ServerError(facts)),
};

const described = (error: fc.Arbitrary<AlicloudError>): fc.Arbitrary<AlicloudError> =>
  fc
    .record({ error, attempts: fc.option(fc.array(attempt)), product: fc.option(text), retryAfter: fc.option(count) })
    .map(({ error: each, ...facts }) =>
      Object.assign(each, Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null))),
    );

/** As Redis keeps it. */
const there = (error: AlicloudError): AlicloudError => readFailure(JSON.parse(JSON.stringify(writeFailure(error))));

describe('an error that has been through a queue', () => {
  it('is there for every class of errors', () => {
    const classes = Object.entries(errors as Record<string, unknown>)
      .filter(([, value]) => typeof value === 'function' && value.prototype instanceof AlicloudError)
      .map(([name]) => name);
    expect(Object.keys(made).sort()).toEqual(classes.sort());
  });

  it.each(Object.entries(made))('is the same %s', (_name, arbitrary) => {
    fc.assert(
      fc.property(described(arbitrary), (error) => {
        const read = there(error);
        expect(read.constructor).toBe(error.constructor);
        expect(read.toJSON()).toEqual(error.toJSON());
        expect(String(read)).toBe(String(error));
        expect(Object.keys(read).sort()).toEqual(Object.keys(error).sort());
        expect([isAlicloudError(read), isClientError(read), isServerError(read)]).toEqual([
          true,
          isClientError(error),
          isServerError(error),
        ]);
        expect(read.stack?.startsWith(`${error.name}: ${error.message}`)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('is recognised by its code', () => {
    const throttled = new ServerError({
      code: 'Throttling.User',
      message: 'm',
      status: 400,
      action: 'a',
      headers: {},
      rawBody: '',
    });
    expect(isServerError(there(throttled), 'Throttling')).toBe(true);
    expect(isClientError(there(new TimeoutError({ phase: 'read', timeout: 5 })), 'SDK.Timeout')).toBe(true);
  });

  it('leaves behind what errors hide, and what of its facts can not travel', () => {
    const settled = new NotSettledError({ Password: 'hidden' }, new Error('m'));
    expect(JSON.stringify(writeFailure(settled))).not.toContain('hidden');
    const odd = Object.assign(new ClientError('SDK.Unexpected', 'm'), { socket: () => 1, count: 1n });
    expect(there(odd)).toMatchObject({ message: 'm', count: 1n });
    expect(there(odd)).not.toHaveProperty('socket');
  });

  it('is of the class below where its own is not known here', () => {
    class Newer extends ServerError {
      override readonly name = 'Newer';
    }
    const newer = new Newer({ code: 'C', message: 'm', status: 400, action: 'a', headers: {}, rawBody: '' });
    const read = there(newer);
    expect(read).toBeInstanceOf(ServerError);
    expect(read.toJSON()).toEqual(newer.toJSON());
  });

  it.each([undefined, null, 'text', 5, [], {}, { name: 'ClientError' }, { v: 1, name: 1, code: 2 }])(
    'is an error where %j was written',
    (record) => {
      expect(isClientError(readFailure(record), 'SDK.Unexpected')).toBe(true);
    },
  );

  it('is an error where its facts are not what this version writes', () => {
    const record = {
      name: 'ClientError',
      code: 'SDK.Aborted',
      message: 'm',
      kind: 'client',
      facts: { a: { '@': 5 } },
      cause: { '@': 1 },
    };
    expect(isClientError(readFailure(record), 'SDK.Aborted')).toBe(true);
  });
});
