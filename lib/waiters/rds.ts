/** Waiters for RDS. docs/operators/wait-for.md lists them, and where the states are documented. */
import { defineResource, defineWaiter } from '../operators/waiter.js';
import { describeDBInstanceAttribute } from '../services/rds.js';

const dbInstance = /* @__PURE__ */ defineResource({
  operation: describeDBInstanceAttribute,
  request: ([DBInstanceId = '']) => ({ DBInstanceId }),
  items: ({ Items }) => Items?.DBInstanceAttribute,
  idOf: ({ DBInstanceId }) => DBInstanceId,
  stateOf: ({ DBInstanceStatus }) => DBInstanceStatus,
});

export const dbInstanceRunning = /* @__PURE__ */ defineWaiter('dbInstanceRunning', dbInstance, {
  states: ['Running'],
  fails: ['Deleting'],
});
export const dbInstanceGone = /* @__PURE__ */ defineWaiter('dbInstanceGone', dbInstance, {
  states: ['Released'],
  gone: true,
});
