/** What an emulator can be told when it is made. */
import { ConfigurationError } from '../errors.js';
import type { ServiceDefinition } from '../service.js';
import { emulatorCredentials, type EmulatorCredentials } from './credentials.js';
import type { Fault } from './faults.js';
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
  /** What goes wrong from the start, as `inject` takes it. @default nothing */
  readonly faults?: readonly Fault[];
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
  readonly faults: readonly Fault[];
  readonly seed: string | number;
  readonly services: readonly ServiceDefinition<object>[];
}

export function toSettings(options: EmulatorOptions): Settings {
  const { credentials = emulatorCredentials, latency = 0, bootTime = 200, regions = defaultRegions } = options;
  if (typeof latency === 'number') checkDuration('latency', latency);
  checkDuration('bootTime', bootTime);
  if (options.rateLimit !== undefined) checkRateLimit(options.rateLimit);
  if (regions.length === 0)
    throw new ConfigurationError({ path: 'regions', expected: 'one region or more', received: 'none' });
  return {
    credentials: 'accessKeyId' in credentials ? [credentials] : credentials,
    bearerTokens: new Set(options.bearerTokens),
    clock: options.clock ?? Date.now,
    latency: typeof latency === 'number' ? () => latency : latency,
    regions,
    bootTime,
    rateLimit: options.rateLimit,
    faults: options.faults ?? [],
    seed: options.seed ?? 'rx-alicloud',
    services: options.services ?? [],
  };
}

function checkDuration(path: string, value: number): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new ConfigurationError({ path, expected: 'a number of milliseconds >= 0', received: String(value) });
}
