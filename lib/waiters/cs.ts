/** Waiters for Container Service. docs/operators/wait-for.md lists them, and where the states are documented. */
import { defineResource, defineWaiter } from '../operators/waiter.js';
import { describeClusterDetail, describeTaskInfo } from '../services/cs.js';

const cluster = /* @__PURE__ */ defineResource({
  operation: describeClusterDetail,
  request: ([ClusterId = '']) => ({ ClusterId }),
  items: (detail) => [detail],
  idOf: ({ cluster_id }) => cluster_id,
  stateOf: ({ state }) => state,
});
const task = /* @__PURE__ */ defineResource({
  operation: describeTaskInfo,
  request: ([taskId = '']) => ({ taskId }),
  items: (info) => [info],
  idOf: ({ task_id }) => task_id,
  stateOf: ({ state }) => state,
});

export const clusterRunning = /* @__PURE__ */ defineWaiter('clusterRunning', cluster, {
  states: ['running'],
  fails: ['failed', 'deleting', 'deleted', 'delete_failed'],
});
export const clusterGone = /* @__PURE__ */ defineWaiter('clusterGone', cluster, {
  states: ['deleted'],
  gone: true,
  fails: ['delete_failed'],
});
export const taskSucceeded = /* @__PURE__ */ defineWaiter('taskSucceeded', task, {
  states: ['success'],
  fails: ['failed', 'fail'],
});
