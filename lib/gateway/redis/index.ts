/** `rx-alicloud/gateway/redis`: attempts remembered in Redis, for several gateways. */
export { redisAttempts } from './redis-attempts.js';
export type { RedisAttemptsOptions, RedisConnection } from './redis-attempts.js';
