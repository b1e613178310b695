/** Waiters for Tair and Redis. docs/operators/wait-for.md lists them, and where the states are documented. */
import { defineResource, defineWaiter } from '../operators/waiter.js';
import { describeInstances } from '../services/r-kvstore.js';

const redisInstance = /* @__PURE__ */ defineResource({
  operation: describeInstances,
  maxIds: 30,
  request: (ids) => ({ InstanceIds: ids.join(), PageSize: 50 }),
  items: ({ Instances }) => Instances?.KVStoreInstance,
  idOf: ({ InstanceId }) => InstanceId,
  stateOf: ({ InstanceStatus }) => InstanceStatus,
});

/** `Normal` is what the console calls running. */
export const redisInstanceRunning = /* @__PURE__ */ defineWaiter('redisInstanceRunning', redisInstance, {
  states: ['Normal'],
  fails: ['Released'],
});
export const redisInstanceGone = /* @__PURE__ */ defineWaiter('redisInstanceGone', redisInstance, {
  states: ['Released'],
  gone: true,
});
