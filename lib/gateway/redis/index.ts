/** `rx-alicloud/gateway/redis`: attempts remembered in Redis, for several gateways. */
export { redisAttempts, type RedisAttemptsOptions, type RedisConnection } from './redis-attempts.js';
