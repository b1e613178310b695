/** Waiters for ROS. docs/operators/wait-for.md lists them, and where the states are documented. */
import { defineResource, defineWaiter } from '../operators/waiter.js';
import { getStack } from '../services/ros.js';

const stack = /* @__PURE__ */ defineResource({
  operation: getStack,
  request: ([StackId = '']) => ({ StackId }),
  items: (answer) => [answer],
  idOf: ({ StackId }) => StackId,
  stateOf: ({ Status }) => Status,
});

export const stackCreateComplete = /* @__PURE__ */ defineWaiter('stackCreateComplete', stack, {
  states: ['CREATE_COMPLETE'],
  fails: [
    'CREATE_FAILED',
    'CREATE_ROLLBACK_IN_PROGRESS',
    'CREATE_ROLLBACK_COMPLETE',
    'CREATE_ROLLBACK_FAILED',
    'DELETE_IN_PROGRESS',
    'DELETE_COMPLETE',
    'DELETE_FAILED',
  ],
});
export const stackUpdateComplete = /* @__PURE__ */ defineWaiter('stackUpdateComplete', stack, {
  states: ['UPDATE_COMPLETE'],
  fails: [
    'UPDATE_FAILED',
    'ROLLBACK_IN_PROGRESS',
    'ROLLBACK_COMPLETE',
    'ROLLBACK_FAILED',
    'DELETE_IN_PROGRESS',
    'DELETE_COMPLETE',
    'DELETE_FAILED',
  ],
});
export const stackGone = /* @__PURE__ */ defineWaiter('stackGone', stack, {
  states: ['DELETE_COMPLETE'],
  gone: true,
  fails: ['DELETE_FAILED'],
});
