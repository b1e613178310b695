/** The options of a gateway, checked, with the defaults. */
import type { AlicloudClient } from '../client.js';
import { isLabel } from '../endpoint/host-names.js';
import { ConfigurationError } from '../errors.js';
import {
  checkOption,
  checkOptions,
  integerFrom,
  invalidOption,
  milliseconds,
  ofType,
  type Rule,
  type Rules,
} from '../schema/options.js';
import { isObject } from '../schema/values.js';
import type { AnyOperation } from '../service.js';
import { allow, isDescriptor, type AllowedOperation } from './allow.js';
import type { AttemptStore } from './attempt-store.js';
import { memoryAttempts } from './memory-attempts.js';
import { Operations } from './operations.js';
import type { AttemptOptions, GatewayLimits, GatewayOptions, GatewayRates } from './options.js';
import { secretsInAnswer } from './secret-answers.js';

type Complete<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

export interface GatewaySettings extends Pick<GatewayOptions, 'authorize' | 'logger'> {
  readonly operations: Operations;
  readonly regions: readonly [string, ...string[]];
  readonly origins: ReadonlySet<string>;
  /** In lower case. */
  readonly hosts: ReadonlySet<string>;
  readonly path: string;
  readonly limits: Complete<GatewayLimits>;
  readonly rates: Complete<GatewayRates>;
  readonly attempts: Complete<AttemptOptions>;
  readonly warn: (message: string) => void;
}

/** @throws ConfigurationError for the first option that can't work. */
export function toSettings(options: GatewayOptions): GatewaySettings {
  checkOptions<GatewayOptions>(options, rules);
  const { authorize, origins, logger, path = '/api/alicloud', warn = (message) => console.warn(message) } = options;
  for (const name of ['client', 'authorize', 'allow', 'origins'] as const) {
    if (options[name] === undefined) throw invalidOption(name, required[name], undefined);
  }
  const allowed = options.allow.map((each, index) => allowedOf(each, `allow[${index}]`));
  const regions = regionsOf(options);
  const settings: GatewaySettings = {
    authorize,
    logger,
    warn,
    operations: new Operations(allowed),
    regions,
    origins: new Set(origins),
    hosts: new Set((options.hosts ?? origins.map((origin) => new URL(origin).host)).map(plainHost)),
    path,
    limits: { ...defaultLimits, ...given(options.limits) },
    rates: { ...defaultRates, ...given(options.rates) },
    attempts: {
      store: options.attempts?.store ?? memoryAttempts(),
      keepFor: 600_000,
      lease: 30_000,
      maxAnswerSize: 2 ** 20,
      ...given(options.attempts),
    },
  };
  for (const { operation, returnsSecrets } of allowed) if (!returnsSecrets) warnOfSecrets(operation, warn);
  return settings;
}

const defaultLimits: Complete<GatewayLimits> = {
  requestSize: 2 ** 20,
  uploadSize: 32 * 2 ** 20,
  depth: 16,
  listLength: 1000,
  keys: 5000,
  responseSize: 16 * 2 ** 20,
  streamSize: 2 ** 30,
  streamBuffer: 4 * 2 ** 20,
  bodyTimeout: 30_000,
  idleTimeout: 5000,
  authorizeTimeout: 10_000,
};

const defaultRates: Complete<GatewayRates> = { requests: 300, per: 60_000, concurrency: 32 };

const required = {
  client: 'a client, or the options of one',
  authorize: 'a function that says who calls',
  allow: 'a list of the operations that may be called',
  origins: 'a list of the origins that may call, such as https://app.example.com',
};

/** What is `undefined` is left to the defaults. */
function given<T extends object>(options: T | undefined): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** Whether it is a client, be it of the other copy of this package, ES module or CommonJS. */
export function isClient(value: GatewayOptions['client']): value is AlicloudClient {
  return 'call' in value && typeof value.call === 'function' && typeof value.shutdown === 'function';
}

function allowedOf(value: AnyOperation | AllowedOperation, path: string): AllowedOperation {
  if (isDescriptor(value)) return allow(value);
  if (isObject(value) && 'limits' in value && isDescriptor(value.operation)) return value;
  throw invalidOption(path, 'a descriptor, or what `allow(…)` gives', value);
}

function regionsOf({ regions, client }: GatewayOptions): readonly [string, ...string[]] {
  const own = !isClient(client) && typeof client.regionId === 'string' ? [client.regionId] : [];
  const [first, ...rest] = regions ?? own;
  if (first !== undefined) return [first, ...rest];
  throw new ConfigurationError({
    path: 'regions',
    expected: 'a list of the regions that calls may go to',
    received: regions === undefined ? 'nothing, and no `regionId` in the options of a client' : 'none',
  });
}

function warnOfSecrets(operation: AllowedOperation['operation'], warn: (message: string) => void): void {
  const paths = secretsInAnswer(operation);
  if (paths.length === 0) return;
  const { service, action } = operation;
  warn(
    `rx-alicloud gateway: ${service.product} ${action} is allowed, whose answers hold secrets (${paths.join(', ')}). ` +
      `Pages will have them. If that is meant: allow(descriptor, {}, { returnsSecrets: true })`,
  );
}

const size = integerFrom(1);
const time: Rule = {
  expected: `${milliseconds.expected.replace(' 0 ', ' 1 ')}`,
  fits: (value) => milliseconds.fits(value) && Number(value) >= 1,
};

const limitRules: Rules<GatewayLimits> = {
  requestSize: size,
  uploadSize: size,
  // More would overflow the stack of what reads it.
  depth: { expected: 'an integer from 1 to 200', fits: (value) => size.fits(value) && Number(value) <= 200 },
  listLength: size,
  keys: size,
  responseSize: size,
  streamSize: size,
  streamBuffer: size,
  bodyTimeout: time,
  idleTimeout: time,
  authorizeTimeout: time,
};

const rateRules: Rules<GatewayRates> = { requests: size, per: time, concurrency: size };

const attemptRules: Rules<AttemptOptions> = {
  store(value, path) {
    const methods: readonly (keyof AttemptStore)[] = ['claim', 'renew', 'answer', 'release'];
    if (isObject(value) && methods.every((name) => typeof value[name] === 'function')) return;
    throw invalidOption(path, `an object with the methods ${methods.join(', ')}`, value);
  },
  keepFor: time,
  lease: time,
  maxAnswerSize: integerFrom(0),
};

function listOf(check: Rule): (value: unknown, path: string) => void {
  return (value, path) => {
    if (!Array.isArray(value)) throw invalidOption(path, `a list, of which each is ${check.expected}`, value);
    value.forEach((item: unknown, index) => checkOption(`${path}[${index}]`, item, check));
  };
}

const origin: Rule = {
  expected: 'an origin such as https://app.example.com, without a path',
  fits(value) {
    try {
      return typeof value === 'string' && /^https?:/.test(value) && new URL(value).origin === value;
    } catch {
      return false;
    }
  },
};

const host: Rule = {
  expected: 'a host such as app.example.com or 127.0.0.1:8080',
  fits(value) {
    try {
      return (
        typeof value === 'string' &&
        new URL(`http://${value.replace(/:443$/, '')}`).href === `http://${plainHost(value)}/`
      );
    } catch {
      return false;
    }
  },
};

/** As a URL has it: without the port that is the scheme's own. */
function plainHost(host: string): string {
  return host.toLowerCase().replace(/:(?:80|443)$/, '');
}

const rules: Rules<GatewayOptions> = {
  client: { expected: required.client, fits: isObject },
  authorize: ofType('function', required.authorize),
  allow(value, path) {
    if (!Array.isArray(value)) throw invalidOption(path, required.allow, value);
  },
  regions: listOf({ expected: 'a region id such as cn-hangzhou', fits: isLabel }),
  origins: listOf(origin),
  hosts: listOf(host),
  path: {
    expected: 'a path such as /api/alicloud, of letters, digits, - and _',
    fits: (value) => typeof value === 'string' && /^(?:\/[\w-]+)+$/.test(value),
  },
  limits: (value, path) => checkOptions(value, limitRules, `${path}.`),
  rates: (value, path) => checkOptions(value, rateRules, `${path}.`),
  attempts: (value, path) => checkOptions(value, attemptRules, `${path}.`),
  logger: ofType('function'),
  warn: ofType('function'),
};
