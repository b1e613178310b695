/** `rx-alicloud/gateway/redis`: attempts remembered in Redis, for several gateways. */
export { redisAttempts } from './redis-attempts.js';
export type { RedisAttemptsOptions } from './redis-attempts.js';
export type { RedisConnection } from '../../redis/connection.js';
