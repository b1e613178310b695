/** What an emulator can be told when it is made. */
import { ConfigurationError } from '../errors.js';
import { checkRegionId } from '../endpoint/host-names.js';
import {
  checkOptions,
  integerFrom,
  longestTimeout,
  milliseconds,
  ofType,
  invalidOption,
  type Rules,
} from '../schema/options.js';
import { isObject } from '../schema/values.js';
import type { ServiceDefinition } from '../service.js';
import { checkText, duration, listOf } from './check.js';
import { emulatorCredentials, type EmulatorCredentials } from './credentials.js';
import type { Fault } from './faults.js';
import { checkRateLimit, type RateLimit } from './rate-limit.js';
import { defaultRegions } from './regions.js';

export interface EmulatorOptions {
  /** Whose calls are accepted. @default `emulatorCredentials` */
  readonly credentials?: EmulatorCredentials | readonly EmulatorCredentials[];
  /** The bearer tokens that are accepted. @default none */
  readonly bearerTokens?: readonly string[];
  /** The time, in ms since 1970: for timestamps, expiries, and instances that boot. @default Date.now */
  readonly clock?: () => number;
  /** How long every answer is held back, in ms, >= 0; a function is asked for each call. @default 0 */
  readonly latency?: number | (() => number);
  /** The ids of the regions that exist, at least one. @default the regions of Alibaba Cloud, or most of them */
  readonly regions?: readonly string[];
  /** How long an instance takes from one status to the next, such as from Pending to Running, in ms, >= 0. @default 200 */
  readonly bootTime?: number;
  /** How many items each made-up list has that has pages, an integer >= 0: lists of what the emulator keeps are as long as they are. @default 25 */
  readonly listSize?: number;
  /** How many calls of an account are let in: the others are throttled, and each answer says how many are left. @default no limit */
  readonly rateLimit?: RateLimit;
  /** What goes wrong from the start, as `inject` takes it. @default nothing */
  readonly faults?: readonly Fault[];
  /** The longest body that a request may have, in bytes, an integer >= 1: a longer one is answered with HTTP 413. @default 67108864, which is 64 MiB */
  readonly maxRequestSize?: number;
  /** What ids and faults' dice follow from: the same seed and calls give the same answers. @default 'rx-alicloud' */
  readonly seed?: string | number;
  /** Products beyond those that the package brings, or of it, so that they are loaded already when they are first called. @default none */
  readonly services?: readonly ServiceDefinition<object>[];
}

export interface Settings {
  readonly credentials: readonly EmulatorCredentials[];
  readonly bearerTokens: ReadonlySet<string>;
  readonly clock: () => number;
  readonly latency: () => number;
  readonly regions: readonly string[];
  readonly bootTime: number;
  readonly listSize: number;
  readonly rateLimit: RateLimit | undefined;
  readonly faults: readonly Fault[];
  readonly maxRequestSize: number;
  readonly seed: string | number;
  readonly services: readonly ServiceDefinition<object>[];
}

/** Throws an `SDK.InvalidConfiguration` where an option can't work. */
export function toSettings(options: EmulatorOptions): Settings {
  checkOptions<EmulatorOptions>(options, rules);
  const { credentials = emulatorCredentials, latency = 0, bootTime = 200, regions = defaultRegions } = options;
  return {
    credentials: 'accessKeyId' in credentials ? [credentials] : credentials,
    bearerTokens: new Set(options.bearerTokens),
    // Asked anew each time, so that it is the fake one wherever there is one.
    clock: options.clock ?? (() => Date.now()),
    latency: typeof latency === 'number' ? () => latency : latency,
    regions,
    bootTime,
    listSize: options.listSize ?? 25,
    rateLimit: options.rateLimit,
    faults: options.faults ?? [],
    maxRequestSize: options.maxRequestSize ?? 64 * 2 ** 20,
    seed: options.seed ?? 'rx-alicloud',
    services: options.services ?? [],
  };
}

const rules: Rules<EmulatorOptions> = {
  credentials: checkCredentials,
  bearerTokens: listOf('bearerTokens', checkText),
  clock: ofType('function'),
  latency: {
    expected: `milliseconds from 0 to ${longestTimeout}, or a function`,
    fits: (value) => typeof value === 'function' || milliseconds.fits(value),
  },
  regions(value) {
    listOf('regions', checkRegionId)(value);
    if (Array.isArray(value) && value.length > 0) return;
    throw new ConfigurationError({ path: 'regions', expected: 'one region or more', received: 'none' });
  },
  bootTime: duration('bootTime'),
  listSize: integerFrom(0),
  rateLimit: checkRateLimit,
  // Each is checked as it is injected.
  faults: listOf('faults', () => undefined),
  maxRequestSize: integerFrom(1),
  seed: {
    expected: 'a string or a number',
    fits: (value) => typeof value === 'string' || (typeof value === 'number' && !Number.isNaN(value)),
  },
  services: listOf('services', checkService),
};

function checkCredentials(value: unknown): void {
  if (!Array.isArray(value)) checkPair(value, 'credentials');
  else if (value.length > 0) listOf('credentials', checkPair)(value);
  else throw new ConfigurationError({ path: 'credentials', expected: 'one pair or more', received: 'none' });
}

export function checkPair(value: unknown, path: string): void {
  const at = (name: string) => (given: unknown) => checkText(given, `${path}.${name}`);
  const pair = { accessKeyId: at('accessKeyId'), accessKeySecret: at('accessKeySecret') };
  checkOptions<EmulatorCredentials>(value, { ...pair, securityToken: at('securityToken') }, `${path}.`);
  for (const [name, check] of Object.entries(pair)) check((value as Readonly<Record<string, unknown>>)[name]);
}

/** A client's class has both, too, and is the likeliest thing to be given in its place. */
function checkService(value: unknown, path: string): void {
  const { service, operations } = isObject(value) ? value : {};
  if (isObject(service) && isObject(operations)) return;
  throw invalidOption(path, "a product's definition, such as `ecs` of rx-alicloud/ecs", value);
}
