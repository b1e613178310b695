/** Waiters for PolarDB. docs/operators/wait-for.md lists them, and where the states are documented. */
import { defineResource, defineWaiter } from '../operators/waiter.js';
import { describeDBClusterAttribute } from '../services/polardb.js';

const dbCluster = /* @__PURE__ */ defineResource({
  operation: describeDBClusterAttribute,
  request: ([DBClusterId = '']) => ({ DBClusterId }),
  items: (cluster) => [cluster],
  idOf: ({ DBClusterId }) => DBClusterId,
  stateOf: ({ DBClusterStatus }) => DBClusterStatus,
});

export const dbClusterRunning = /* @__PURE__ */ defineWaiter('dbClusterRunning', dbCluster, {
  states: ['Running'],
  fails: ['Deleting'],
});
export const dbClusterGone = /* @__PURE__ */ defineWaiter('dbClusterGone', dbCluster, { gone: true });
