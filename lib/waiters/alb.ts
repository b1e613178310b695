/** Waiters for ALB. docs/operators/wait-for.md lists them, and where the states are documented. */
import { defineResource, defineWaiter } from '../operators/waiter.js';
import { listLoadBalancers } from '../services/alb.js';

const loadBalancer = /* @__PURE__ */ defineResource({
  operation: listLoadBalancers,
  maxIds: 20,
  request: (ids) => ({ LoadBalancerIds: [...ids], MaxResults: 100 }),
  items: ({ LoadBalancers }) => LoadBalancers,
  idOf: ({ LoadBalancerId }) => LoadBalancerId,
  stateOf: ({ LoadBalancerStatus }) => LoadBalancerStatus,
});

export const loadBalancerActive = /* @__PURE__ */ defineWaiter('loadBalancerActive', loadBalancer, {
  states: ['Active'],
  fails: ['CreateFailed'],
});
export const loadBalancerGone = /* @__PURE__ */ defineWaiter('loadBalancerGone', loadBalancer, { gone: true });
