/** The limits that are configured, leased out by Redis. */
import { sha256Hex } from '#sha256';
import { from, map } from 'rxjs';
import type { LeaseAsk, LeaseGrant, LeaseRequest, LeaseStore } from '../throttling/lease-exchange.js';
import { limitScripts } from './limit-scripts.js';

/** What is needed of whoever runs scripts in Redis: it rejects where there is no answer in time. */
export interface LimitsRedis {
  run(script: { readonly lua: string }, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
}

export interface RedisLimitsOptions extends Pick<LeaseStore, 'leaseTime' | 'whenUnavailable'> {
  /** What all keys begin with. */
  readonly prefix: string;
}

export function redisLimits(redis: LimitsRedis, { prefix, ...settings }: RedisLimitsOptions): LeaseStore {
  const keysOf = ({ key }: LeaseAsk): [leases: string, waiting: string] => {
    // Who calls is in it, and whatever a function of the user's gives.
    const name = `${prefix}limit:${sha256Hex(key).slice(0, 32)}`;
    return [name, `${name}:waiting`];
  };
  return {
    ...settings,
    exchange(request) {
      const keys = request.asks.flatMap(keysOf);
      const reply = redis.run(limitScripts.exchange, keys, [written(request, settings.leaseTime)]);
      return from(reply).pipe(map((given) => read(given, request.asks.length)));
    },
  };
}

function written({ process, horizon, asks, demands }: LeaseRequest, leaseTime: number): string {
  return JSON.stringify({
    p: process,
    t: patience,
    h: horizon,
    a: asks.map(({ limit, id, reports, keep, ahead, terms }) => [
      'rate' in limit ? limit.rate.limit : limit.concurrency,
      'rate' in limit ? limit.rate.interval : -1,
      id,
      reports.map(({ id: lease, granted, used, age }) => [lease, granted, used, age]),
      keep,
      ahead,
      terms[0],
      'rate' in limit ? terms[1] : leaseTime,
    ]),
    d: demands.map(({ calls, needs }) => [calls, ...needs.flat()]),
  });
}

/** How much later than it was told one who waits may come, and have its turn nevertheless, in milliseconds. */
const patience = 100;

function read(reply: unknown, asks: number): LeaseGrant[] {
  const numbers = Array.isArray(reply) ? reply.map(Number) : [];
  if (numbers.length !== 5 * asks || numbers.some(Number.isNaN)) throw new Error('Redis gave no leases');
  return Array.from({ length: asks }, (_, i) => {
    const [granted = 0, term = 0, from = 0, wait = 0, share = 0] = numbers.slice(5 * i);
    return { granted, term: term / 1000, from: from / 1000, wait: wait / 1000, share: share < 0 ? Infinity : share };
  });
}
