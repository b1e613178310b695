/** What is misspelt is refused, with what was meant: a fault that never strikes makes a test that passes for nothing. */
import fc from 'fast-check';
import { isClientError } from '../../lib/errors.js';
import { actions } from '../../lib/testing/actions.js';
import { catalog } from '../../lib/services/catalog.js';
import { describeInstances, EcsClient } from '../../lib/services/ecs.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { seeded } from '../async/seeded.js';
import { describeThings, thingsEmulator } from './support/things.js';

/** What plain JavaScript may pass. */
const anything = (value: unknown): never => value as never;

function refusalOf(act: () => unknown): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    if (isClientError(error, 'SDK.InvalidConfiguration')) return error.message;
    throw error;
  }
}

const emulator = createEmulator();
const handler = (): object => ({});

it.each<[fault: object, message: string | RegExp]>([
  [{ kind: 'throtle' }, /^Expected `fault.kind` to be one of .* \(did you mean `throttle`\?\), got 'throtle'$/],
  [{ kind: 'Reset' }, /\(did you mean `reset`\?\)/],
  [
    { kind: 'timeout' },
    /^Expected `fault.kind` to be one of throttle, error, html, reset, late, slow, cut, close, got/,
  ],
  [{}, /^Expected `fault.kind` to be one of .*, got nothing$/],
  [
    { kind: 'reset', action: 'DescribInstances' },
    /^Expected `fault.action` to be .* \(did you mean `DescribeInstances`\?\), got/,
  ],
  [{ kind: 'reset', action: 'describeInstances' }, /\(did you mean `DescribeInstances`\?\)/],
  [
    { kind: 'reset', action: describeInstances },
    /^Expected `fault.action` to be the action of an operation, got an object$/,
  ],
  [{ kind: 'reset', tmies: 1 }, /^Expected `fault.tmies` to be /],
  [{ kind: 'reset', status: 500 }, /^Expected `fault.status` to be /],
  [{ kind: 'throttle', afterExecution: true }, /^Expected `fault.afterExecution` to be /],
  [{ kind: 'reset', times: 0 }, 'Expected `fault.times` to be an integer >= 1, got 0'],
  [{ kind: 'reset', times: 1.5 }, 'Expected `fault.times` to be an integer >= 1, got 1.5'],
  [{ kind: 'reset', probability: 2 }, 'Expected `fault.probability` to be a number from 0 to 1, got 2'],
  [{ kind: 'reset', probability: NaN }, 'Expected `fault.probability` to be a number from 0 to 1, got NaN'],
  [{ kind: 'error', status: '500' }, 'Expected `fault.status` to be an HTTP status from 200 to 599, got a string'],
  [{ kind: 'error', status: 99 }, 'Expected `fault.status` to be an HTTP status from 200 to 599, got 99'],
  [{ kind: 'error', code: '' }, 'Expected `fault.code` to be a string that is not empty, got an empty string'],
  [{ kind: 'error', afterExecution: 'yes' }, 'Expected `fault.afterExecution` to be a boolean, got a string'],
  [{ kind: 'late' }, 'Expected `fault.duration` to be a number of milliseconds >= 0, got nothing'],
  [{ kind: 'slow', duration: -1 }, 'Expected `fault.duration` to be a number of milliseconds >= 0, got -1'],
  [{ kind: 'late', duration: 2 ** 31 }, /^Expected `fault.duration` to be milliseconds from 0 to/],
  [{ kind: 'throttle', hint: 'x-acs-retryafter' }, /\(did you mean `x-acs-retry-after`\?\), got 'x-acs-retryafter'$/],
  [
    { kind: 'throttle', headers: { 'Retry-After': '1' } },
    /^Expected `fault.headers` to be names that .*, got 'Retry-After'$/,
  ],
  [{ kind: 'throttle', headers: { 'retry-after': 1 } }, /^Expected `fault.headers.retry-after` to be a string/],
])('inject(%j) is refused', (fault, message) => {
  expect(refusalOf(() => emulator.inject(anything(fault)))).toMatch(message);
});

it.each<[options: object, path: string]>([
  [{ rateLimits: { calls: 1, per: 1 } }, 'rateLimits'],
  [{ rateLimit: { calls: 1, per: 1, scop: 'account' } }, 'rateLimit.scop'],
  [{ rateLimit: { calls: 1, per: 1, scope: 'acount' } }, 'rateLimit.scope'],
  [{ rateLimit: { per: 1 } }, 'rateLimit.calls'],
  [{ rateLimit: null }, 'rateLimit'],
  [{ credentials: { accessKeyId: 'a', accessKeySecert: 'b' } }, 'credentials.accessKeySecert'],
  [{ credentials: { accessKeyId: 'a' } }, 'credentials.accessKeySecret'],
  [
    { credentials: [{ accessKeyId: 'a', accessKeySecret: 'b' }, { accessKeyId: 'a' }] },
    'credentials[1].accessKeySecret',
  ],
  [{ credentials: [] }, 'credentials'],
  [{ bearerTokens: 'token' }, 'bearerTokens'],
  [{ latency: '20' }, 'latency'],
  [{ latency: 2 ** 31 }, 'latency'],
  [{ regions: 'cn-hangzhou' }, 'regions'],
  [{ clock: 0 }, 'clock'],
  [{ seed: {} }, 'seed'],
  [{ maxRequestSize: 0 }, 'maxRequestSize'],
  [{ services: [EcsClient] }, 'services[0]'],
])('createEmulator(%j) is refused', (options, path) => {
  expect(refusalOf(() => createEmulator(anything(options)))).toContain(`Expected \`${path}\` to be`);
});

it.each<[what: string, act: () => unknown, message: string | RegExp]>([
  ['an action', () => emulator.handle('DescribInstances', handler), /\(did you mean `DescribeInstances`\?\)/],
  [
    'the name of a method',
    () => emulator.handle('runInstances', handler),
    /\(did you mean `RunInstances`\?\), got 'runInstances'$/,
  ],
  ['another product’s', () => thingsEmulator().handle('DescribeThing', handler), /\(did you mean `DescribeThings`\?\)/],
  [
    'nothing',
    () => emulator.handle('', handler),
    /^Expected `operation` to be the action of an operation, got an empty/,
  ],
  ['a client', () => emulator.handle(anything(EcsClient), handler), /got a function$/],
  ['a product that it does not know', () => emulator.handle(describeThings, handler), /got 'DescribeThings'$/],
  [
    'a product of another version',
    () => {
      const { service } = describeInstances;
      emulator.handle({ ...describeInstances, service: { ...service, version: '1999-01-01' } }, handler);
    },
    /^Expected `operation.service` to be .*, got Ecs 1999-01-01$/,
  ],
  [
    'no handler',
    () => emulator.handle('RunInstances', anything({})),
    /^Expected `handler` to be a function, got an object$/,
  ],
])('handle of %s is refused', (_what, act, message) => {
  expect(refusalOf(act)).toMatch(message);
});

it('accepts each operation of each product, by its name and by its descriptor', async () => {
  for (const { load } of catalog) {
    const { operations } = await load();
    for (const operation of Object.values(operations)) {
      emulator.handle(operation.action, handler)();
      emulator.handle(anything(operation), handler)();
      emulator.inject({ kind: 'reset', action: operation.action })();
    }
  }
}, 60_000);

it('accepts the location service', () => {
  expect(refusalOf(() => emulator.inject({ kind: 'cut', action: 'DescribeEndpoints' })())).toBe('accepted');
});

it('refuses every action with one letter too few, and names one that exists', () => {
  const known = new Set(actions);
  const misspelt = fc
    .tuple(fc.constantFrom(...actions.filter(({ length }) => length > 6)), fc.nat())
    .map(([action, at]) => action.slice(0, at % action.length) + action.slice((at % action.length) + 1))
    .filter((action) => !known.has(action));
  fc.assert(
    fc.property(misspelt, (action) => {
      const message = refusalOf(() => emulator.inject({ kind: 'reset', action }));
      expect(known).toContain(/did you mean `(\w+)`/.exec(message)?.[1]);
    }),
    seeded(8),
  );
}, 60_000);
