import { inspect } from 'node:util';
import type * as errors from '../lib/errors.js';
import {
  AlicloudError,
  AsyncQueueFullError,
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
  toAlicloudError,
  WaitFailedError,
  WaitTimeoutError,
} from '../lib/errors.js';
import { withCall } from '../lib/pipeline/call-details.js';
import { failureKindOf, isRetryable } from '../lib/retry/is-retryable.js';
import { service } from './pipeline/support.js';

const refusal = { path: 'Tag[1].Key', expected: 'a string', received: 'the number 5' };

const serverFacts = {
  code: 'InvalidRegionId.NotFound',
  message: 'The RegionId is not found.',
  status: 404,
  action: 'DescribeZones',
  requestId: '0C3A-11',
  hostId: 'ecs.aliyuncs.com',
  recommend: 'https://api.alibabacloud.com/troubleshoot',
  accessDeniedDetail: { AuthAction: 'ecs:DescribeZones' },
  headers: { 'x-acs-request-id': '0C3A-11' },
  rawBody: '{}',
};

const cases: [name: string, error: AlicloudError, json: object][] = [
  [
    'ClientError',
    new ClientError('SDK.Aborted', 'The call was cut off'),
    { code: 'SDK.Aborted', message: 'The call was cut off', kind: 'client' },
  ],
  [
    'ConfigurationError',
    new ConfigurationError({ path: 'poolSize', expected: 'an integer >= 1', received: '0' }),
    {
      code: 'SDK.InvalidConfiguration',
      message: 'Expected `poolSize` to be an integer >= 1, got 0',
      kind: 'client',
      path: 'poolSize',
      expected: 'an integer >= 1',
      received: '0',
    },
  ],
  [
    'InvalidRequestError',
    new InvalidRequestError('RunInstances', [refusal, { ...refusal, path: 'ImageId', received: 'nothing' }]),
    {
      code: 'SDK.InvalidRequest',
      message:
        'RunInstances was not sent. Expected `Tag[1].Key` to be a string, got the number 5. Expected `ImageId` to be a string, got nothing',
      kind: 'client',
      action: 'RunInstances',
      issues: [refusal, { ...refusal, path: 'ImageId', received: 'nothing' }],
    },
  ],
  [
    'InvalidResponseError',
    new InvalidResponseError('The answer is not JSON', 200, { server: 'x' }, '<p>'),
    {
      code: 'SDK.InvalidResponse',
      message: 'The answer is not JSON',
      kind: 'client',
      status: 200,
      headers: { server: 'x' },
      rawBody: '<p>',
      issues: [],
    },
  ],
  [
    'TimeoutError',
    new TimeoutError({ phase: 'attempt', timeout: 5, action: 'DescribeZones' }),
    {
      code: 'SDK.Timeout',
      message: 'DescribeZones did not end within its timeout of 5 ms; the request was aborted',
      kind: 'client',
      phase: 'attempt',
      action: 'DescribeZones',
      timeout: 5,
    },
  ],
  [
    'NetworkError',
    new NetworkError('It refused', 'http://localhost', 'ECONNREFUSED'),
    {
      code: 'SDK.NetworkError',
      message: 'It refused',
      kind: 'client',
      origin: 'http://localhost',
      systemCode: 'ECONNREFUSED',
    },
  ],
  [
    'AsyncQueueFullError',
    new AsyncQueueFullError(2, 3),
    {
      code: 'SDK.AsyncQueueFull',
      message: 'No room for the call: there are as many as may run (poolSize 2) and wait (maxTaskQueueSize 3)',
      kind: 'client',
      poolSize: 2,
      maxTaskQueueSize: 3,
    },
  ],
  [
    'WaitTimeoutError',
    new WaitTimeoutError({ waiter: 'diskAvailable', answers: 2, last: 'a secret' }, 60_000, 'd-1 Creating'),
    {
      code: 'SDK.WaitTimeout',
      message: 'diskAvailable did not come about within 60000 ms, after 2 answers; the last: d-1 Creating',
      kind: 'client',
      waiter: 'diskAvailable',
      answers: 2,
      timeout: 60_000,
    },
  ],
  [
    'WaitFailedError',
    new WaitFailedError({ waiter: 'imageAvailable', answers: 1, last: 'a secret' }, 'm-1 CreateFailed'),
    {
      code: 'SDK.WaitFailed',
      message: "imageAvailable can't come about any more, after 1 answer; the last: m-1 CreateFailed",
      kind: 'client',
      waiter: 'imageAvailable',
      answers: 1,
    },
  ],
  ['ServerError', new ServerError(serverFacts), { ...serverFacts, kind: 'server' }],
];

describe.each(cases)('%s', (name, error, json) => {
  it('is an Error that knows its name', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(AlicloudError);
    expect(error.name).toBe(name);
    const served = name === 'ServerError' ? ' (InvalidRegionId.NotFound), request id 0C3A-11' : '';
    expect(String(error)).toBe(`${name}: ${error.message}${served}`);
    expect(error.stack).toContain(error.message);
  });

  it('is, as JSON, its facts and nothing else', () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({ name, ...json });
  });

  it('enumerates its facts and nothing else', () => {
    const { message: _message, ...facts } = json as Record<string, unknown>;
    expect({ ...error }).toEqual({ name, ...facts });
    expect(Object.getOwnPropertySymbols(error).filter((key) => Object.keys(error).includes(String(key)))).toEqual([]);
  });

  it('has a cause only where there is one', () => {
    expect('cause' in error).toBe(false);
    expect(inspect(error)).not.toContain('cause');
  });

  it('is recognised', () => {
    const ofServer = name === 'ServerError';
    expect(isAlicloudError(error)).toBe(true);
    expect([isClientError(error), isServerError(error)]).toEqual([!ofServer, ofServer]);
    expect(isClientError(error, error.code as 'SDK.Timeout')).toBe(!ofServer);
    expect(isServerError(error, error.code)).toBe(ofServer);
    expect([isClientError(error, 'SDK.Unexpected'), isServerError(error, 'Throttling')]).toEqual([false, false]);
  });
});

describe('a call that was executed, and did not settle', () => {
  const cause = new WaitFailedError({ waiter: 'imageAvailable', answers: 1, last: undefined });
  const error = new NotSettledError({ ImageId: 'm-1' }, cause);

  it('has its response and what went wrong, and shows nothing of the response', () => {
    expect([error.response, error.cause]).toEqual([{ ImageId: 'm-1' }, cause]);
    expect(isClientError(error, 'SDK.NotSettled')).toBe(true);
    expect(error.message).toBe("The call was executed, but: imageAvailable can't come about any more, after 1 answer");
    expect(`${inspect(error)} ${JSON.stringify(error)}`).not.toContain('m-1');
  });
});

describe('the guards', () => {
  it.each([
    ['InvalidRegionId.NotFound', true],
    ['InvalidRegionId', true],
    ['InvalidRegion', false],
    ['InvalidRegionId.Not', false],
    ['InvalidRegionId.NotFound.Here', false],
    ['', false],
  ])('take a code for those below it: %s', (code, isTaken) => {
    const error = new ServerError(serverFacts);
    expect(isServerError(error, code)).toBe(isTaken);
    const described = withCall(error, {
      operation: { service, action: 'DescribeZones' },
      request: {},
      options: undefined,
    });
    expect(isServerError(structuredClone(described), code)).toBe(isTaken);
  });

  it('recognise the errors of another copy of this package', () => {
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- the registry of isolated modules is that of require
      const copy = require('../lib/errors.js') as typeof errors;
      const error = new copy.TimeoutError({ phase: 'attempt', timeout: 1, action: 'DescribeZones' });
      expect(error).not.toBeInstanceOf(TimeoutError);
      expect(isAlicloudError(error)).toBe(true);
      expect(isClientError(error, 'SDK.Timeout')).toBe(true);
      expect(isServerError(new copy.ServerError(serverFacts), serverFacts.code)).toBe(true);
      expect(copy.isClientError(new AsyncQueueFullError(1, 1), 'SDK.AsyncQueueFull')).toBe(true);
      expect(toAlicloudError(error)).toBe(error);
    });
  });

  it.each([undefined, null, 0, 'SDK.Timeout', new Error('x'), { code: 'SDK.Timeout', kind: 'client' }, () => 1])(
    'do not take %p for an error of ours',
    (value) => {
      expect([isAlicloudError(value), isClientError(value), isServerError(value)]).toEqual([false, false, false]);
    },
  );
});

describe('toAlicloudError', () => {
  it('hands back an error of ours', () => {
    const error = new TimeoutError({ phase: 'attempt', timeout: 1, action: 'DescribeZones' });
    expect(toAlicloudError(error)).toBe(error);
  });

  it.each<[thrown: unknown, message: string]>([
    [new TypeError('x is not a function'), 'x is not a function'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [0, '0'],
    [Symbol('s'), 'Symbol(s)'],
    [Object.create(null), 'an object with nothing in it'],
    [{ toString: () => ({}) }, 'an object with toString'],
    [{ toString: () => 'as it says' }, 'as it says'],
    [{ message: 'said so' }, 'said so'],
    [{ statusCode: 502, data: '' }, 'an object with statusCode, data'],
    [[1, 2], '1,2'],
  ])('wraps %p', (thrown, message) => {
    const error = toAlicloudError(thrown);
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({ code: 'SDK.Unexpected', message });
    expect(error.cause).toBe(thrown);
  });
});

describe('a cause', () => {
  const caused = (cause: unknown): unknown =>
    (JSON.parse(JSON.stringify(new ClientError('SDK.Unexpected', 'm', { cause }))) as { cause?: unknown }).cause;

  it('is reduced to its name, code and message in JSON', () => {
    const cause = Object.assign(new RangeError('too far'), { code: 'EFAR', config: { secret: 'hunter2' } });
    expect(caused(cause)).toEqual({ name: 'RangeError', code: 'EFAR', message: 'too far' });
    expect(caused(new Error('x'))).toEqual({ name: 'Error', message: 'x' });
  });

  it('that is no Error is reduced to its type', () => {
    expect(caused({ secret: 'hunter2' })).toBe('object');
    expect(caused('hunter2')).toBe('string');
  });

  it('that is undefined is none', () => {
    expect('cause' in new ClientError('SDK.Unexpected', 'm', { cause: undefined })).toBe(false);
  });

  it('is kept as it is on the error', () => {
    const cause = new Error('x');
    const error = new NetworkError('m', 'http://localhost', 'ECONNRESET', { cause });
    expect(error.cause).toBe(cause);
    expect(Object.keys(error)).not.toContain('cause');
  });
});

describe('a clone', () => {
  const call = { operation: { service, action: 'DescribeZones' }, request: {}, options: undefined };
  const clone = <T>(value: T): T => structuredClone(value);

  it.each(cases.map(([name, error]) => [name, error] as const))(
    'of an error that left a call is known: %s',
    (name, error) => {
      const told = clone(withCall(error, call, 'cn-hangzhou'));
      expect(told).not.toBeInstanceOf(AlicloudError);
      const ofServer = name === 'ServerError';
      expect([isAlicloudError(told), isClientError(told), isServerError(told)]).toEqual([true, !ofServer, ofServer]);
      expect(isClientError(told, error.code as 'SDK.Timeout')).toBe(!ofServer);
      expect(isServerError(told, error.code)).toBe(ofServer);
      expect([isClientError(told, 'SDK.Unexpected'), isServerError(told, 'Throttling')]).toEqual([false, false]);
      expect(told.message).toBe(error.message);
    },
  );

  it('of a clone is known as well', () => {
    expect(isClientError(clone(clone(withCall(new ClientError('SDK.Aborted', 'm'), call))), 'SDK.Aborted')).toBe(true);
  });

  it.each([
    Object.assign(new Error('late (SDK.Timeout, Ecs A)'), { name: 'TimeoutError' }),
    new TypeError('x (SDK.Timeout, Ecs A)'),
    clone(new TypeError('x (SDK.Timeout, Ecs A)')),
    new Error('x (SDK.Timeout, Ecs A)'),
    clone(new Error('x')),
    { name: 'Error', message: 'x (SDK.Timeout, Ecs A)' },
  ])('of something else is not: %p', (value) => {
    expect(isAlicloudError(value)).toBe(false);
  });
});

describe('which call it is', () => {
  const operation = { service, action: 'DescribeZones' };

  it('stands in the fields and in the message', () => {
    const error = withCall(
      new ClientError('SDK.Aborted', 'Cut off.'),
      { operation, request: {}, options: undefined },
      'cn-hangzhou',
    );
    expect(error).toMatchObject({ product: 'Ecs', action: 'DescribeZones', regionId: 'cn-hangzhou' });
    expect(error.message).toBe('Cut off. (SDK.Aborted, Ecs DescribeZones, cn-hangzhou)');
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      product: 'Ecs',
      action: 'DescribeZones',
      regionId: 'cn-hangzhou',
    });
    expect(error.stack).toContain(error.message);
  });

  it.each([
    ["the call's own region", { regionId: 'a' }, { RegionId: 'b' }, 'a'],
    ["the request's", undefined, { RegionId: 'b' }, 'b'],
    ["the client's", {}, undefined, 'c'],
  ])('has %s', (_what, options, request, regionId) => {
    expect(withCall(new ClientError('SDK.Aborted', 'm'), { operation, request, options }, 'c').regionId).toBe(regionId);
  });

  it('is said once, by the innermost', () => {
    const error = withCall(new ServerError({ ...serverFacts, action: 'AssumeRole' }), {
      operation: { service: { ...service, product: 'Sts' }, action: 'AssumeRole' },
      request: {},
      options: undefined,
    });
    expect(withCall(error, { operation, request: {}, options: undefined })).toMatchObject({
      product: 'Sts',
      action: 'AssumeRole',
    });
  });

  it('stands in the text of a server error with its code and the id of the request, each once', () => {
    const error = withCall(new ServerError(serverFacts), { operation, request: {}, options: undefined });
    expect(String(error)).toBe(
      'ServerError: The RegionId is not found. (InvalidRegionId.NotFound, Ecs DescribeZones), request id 0C3A-11',
    );
  });
});

describe('whether repeating helps', () => {
  it.each<[error: unknown, kind: string | undefined]>([
    [new ServerError({ ...serverFacts, code: 'Throttling.User' }), 'throttled'],
    [new ServerError(serverFacts), undefined],
    [new NetworkError('m', 'http://localhost', 'ECONNRESET'), 'transient'],
    [new ClientError('SDK.Aborted', 'm'), undefined],
    [new Error('ECONNRESET'), undefined],
    [undefined, undefined],
  ])('of %p: %s', (error, kind) => {
    expect([failureKindOf(error), isRetryable(error)]).toEqual([kind, kind !== undefined]);
  });
});
