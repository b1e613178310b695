/** `rx-alicloud/redis`: what processes share, in a Redis. */
export { redisStore } from './redis-store.js';
export type { RedisStoreOptions } from './redis-store.js';
export type { RedisClient, RedisConnection } from './connection.js';
