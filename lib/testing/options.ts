/** What an emulator can be told when it is made. */
import { ConfigurationError } from '../errors.js';
import { checkRegionId } from '../endpoint/host-names.js';
import { checkOption, checkOptions, ofType, refused, type Rule, type Rules } from '../schema/options.js';
import { isObject } from '../schema/values.js';
import type { ServiceDefinition } from '../service.js';
import { emulatorCredentials, type EmulatorCredentials } from './credentials.js';
import { checkRateLimit, type RateLimit } from './rate-limit.js';
import { defaultRegions } from './regions.js';

export interface EmulatorOptions {
  /** Whose calls are accepted. @default {@link emulatorCredentials} */
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
  /** How many calls of an account are let in: the others are throttled, and each answer says how many are left. @default no limit */
  readonly rateLimit?: RateLimit;
  /** What ids and faults' dice follow from: the same seed and calls give the same answers. @default 'rx-alicloud' */
  readonly seed?: string | number;
  /** Products beyond those that the package brings. */
  readonly services?: readonly ServiceDefinition<object>[];
}

export interface Settings {
  readonly credentials: readonly EmulatorCredentials[];
  readonly bearerTokens: ReadonlySet<string>;
  readonly clock: () => number;
  readonly latency: () => number;
  readonly regions: readonly string[];
  readonly bootTime: number;
  readonly rateLimit: RateLimit | undefined;
  readonly seed: string | number;
  readonly services: readonly ServiceDefinition<object>[];
}

export function toSettings(options: EmulatorOptions): Settings {
  checkOptions(options, rules);
  const { credentials = emulatorCredentials, latency = 0, bootTime = 200, regions = defaultRegions } = options;
  return {
    credentials: 'accessKeyId' in credentials ? [credentials] : credentials,
    bearerTokens: new Set(options.bearerTokens),
    clock: options.clock ?? Date.now,
    latency: typeof latency === 'number' ? () => latency : latency,
    regions,
    bootTime,
    rateLimit: options.rateLimit,
    seed: options.seed ?? 'rx-alicloud',
    services: options.services ?? [],
  };
}

const duration: Rule = {
  expected: 'a number of milliseconds >= 0',
  fits: (value) => Number.isFinite(value) && Number(value) >= 0,
};

const text: Rule = { expected: 'a non-empty string', fits: (value) => typeof value === 'string' && value !== '' };

const rules: Rules<EmulatorOptions> = {
  credentials(value, path) {
    if (!Array.isArray(value)) return checkCredentials(value, path);
    value.forEach((each, index) => checkCredentials(each, `${path}[${index}]`));
  },
  bearerTokens: { expected: 'an array of strings', fits: isArrayOf(text.fits) },
  clock: ofType('function'),
  latency: {
    expected: `${duration.expected}, or a function`,
    fits: (value) => typeof value === 'function' || duration.fits(value),
  },
  regions(value, path) {
    if (!Array.isArray(value)) throw refused(path, 'an array of region ids', value);
    if (value.length === 0) throw new ConfigurationError({ path, expected: 'one region or more', received: 'none' });
    value.forEach((regionId, index) => checkRegionId(regionId, `${path}[${index}]`));
  },
  bootTime: duration,
  rateLimit: checkRateLimit,
  seed: { expected: 'a string or a number', fits: (value) => typeof value === 'string' || typeof value === 'number' },
  services: { expected: 'an array of { service, operations }', fits: isArrayOf(isService) },
};

function checkCredentials(value: unknown, path: string): void {
  checkOptions<EmulatorCredentials>(
    value,
    { accessKeyId: text, accessKeySecret: text, securityToken: text },
    `${path}.`,
  );
  const { accessKeyId, accessKeySecret } = value as EmulatorCredentials;
  checkOption(`${path}.accessKeyId`, accessKeyId, text);
  checkOption(`${path}.accessKeySecret`, accessKeySecret, text);
}

function isArrayOf(fits: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => Array.isArray(value) && value.every(fits);
}

function isService(value: unknown): boolean {
  return isObject(value) && isObject(value.service) && isObject(value.operations);
}
