/** `rx-alicloud/redis`: what processes share, in a Redis. */
export type { RedisClient, RedisConnection } from './connection.js';
