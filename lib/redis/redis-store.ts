import { randomUUID } from '#platform';
import { Leases } from '../throttling/leases.js';
import { SharedGates } from '../throttling/shared-gates.js';
import type { RateLimitStore } from '../throttling/store.js';
import { checkOptions, invalidOption, milliseconds, oneOf, ofType, type Rules } from '../schema/options.js';
import { clientRule, type RedisClient } from './connection.js';
import { RedisGates } from './redis-gates.js';
import { redisLimits } from './redis-limits.js';
import { RedisLink } from './redis-link.js';

export interface RedisStoreOptions {
  /**
   * A client of `ioredis` or of `redis` (node-redis), version 5 or later. It stays its owner's, who closes it. A second connection is
   * made of it, to listen on, which ends with it.
   */
  readonly connection: RedisClient;
  /**
   * What the names of keys and channels begin with: all who share a quota have the same, and another than those who don't.
   * @default 'rx-alicloud:limits:'
   */
  readonly prefix?: string | undefined;
  /**
   * How long what was lent to a process stays its own without being renewed, in milliseconds, >= 100: for so long others wait for
   * one that has died.
   * @default 10_000
   */
  readonly leaseTime?: number | undefined;
  /**
   * What calls do while Redis can't be asked: `local`, go on as if this process were alone; `fail`, end in `SDK.FleetUnavailable`
   * before anything is sent.
   * @default 'local'
   */
  readonly whenUnavailable?: 'local' | 'fail' | undefined;
  /** For how long an answer of Redis is waited for, in milliseconds, >= 1. @default 1000 */
  readonly timeout?: number | undefined;
}

/**
 * What a `RateLimiter` shares with those of other processes, in Redis 5 or later: what one learns from a throttle closes the same
 * gate for all, and one call tries for all when the time is up.
 *
 * @example
 * import { RateLimiter } from 'rx-alicloud';
 * import { redisStore, type RedisClient } from 'rx-alicloud/redis';
 *
 * declare const connection: RedisClient; // new Redis(…) of ioredis, or createClient(…) of redis, connected
 *
 * const rateLimiter = new RateLimiter({ store: redisStore({ connection }) });
 *
 * @throws ConfigurationError for an option that can't work.
 */
export function redisStore(options: RedisStoreOptions): RateLimitStore {
  checkOptions<RedisStoreOptions>(options, rules, 'redisStore.');
  const {
    connection,
    prefix = 'rx-alicloud:limits:',
    leaseTime = 10_000,
    whenUnavailable = 'local',
    timeout = 1000,
  } = options;
  if (connection === undefined) throw invalidOption('redisStore.connection', clientRule.expected, connection);
  const link = new RedisLink(connection, timeout);
  const shared = { connection, link, prefix, leaseTime, whenUnavailable };
  return {
    openGates: () => new SharedGates((host) => new RedisGates(host, shared)),
    openLimits: (host) => new Leases(redisLimits(link, shared), host, randomUUID().slice(0, 13)),
  };
}

const rules: Rules<RedisStoreOptions> = {
  connection: clientRule,
  prefix: ofType('string', 'a text'),
  leaseTime: {
    expected: `${milliseconds.expected}, and 100 at least`,
    fits: (value) => Number(value) >= 100 && milliseconds.fits(value),
  },
  whenUnavailable: oneOf('local', 'fail'),
  timeout: {
    expected: `${milliseconds.expected}, and 1 at least`,
    fits: (value) => Number(value) >= 1 && milliseconds.fits(value),
  },
};
