/** Waiters for ECI. docs/operators/wait-for.md lists them, and where the states are documented. */
import { defineResource, defineWaiter } from '../operators/waiter.js';
import { describeContainerGroups, describeImageCaches } from '../services/eci.js';

const containerGroup = /* @__PURE__ */ defineResource({
  operation: describeContainerGroups,
  maxIds: 20,
  request: (ids) => ({ ContainerGroupIds: JSON.stringify(ids), Limit: 20 }),
  items: ({ ContainerGroups }) => ContainerGroups,
  idOf: ({ ContainerGroupId }) => ContainerGroupId,
  stateOf: ({ Status }) => Status,
});
const imageCache = /* @__PURE__ */ defineResource({
  operation: describeImageCaches,
  request: ([ImageCacheId]) => ({ ImageCacheId }),
  items: ({ ImageCaches }) => ImageCaches,
  idOf: ({ ImageCacheId }) => ImageCacheId,
  stateOf: ({ Status }) => Status,
});

export const containerGroupRunning = /* @__PURE__ */ defineWaiter('containerGroupRunning', containerGroup, {
  states: ['Running'],
  fails: ['Succeeded', 'Failed', 'Expired', 'ScheduleFailed', 'Terminating'],
});
export const containerGroupSucceeded = /* @__PURE__ */ defineWaiter('containerGroupSucceeded', containerGroup, {
  states: ['Succeeded'],
  fails: ['Failed', 'Expired', 'ScheduleFailed'],
});
export const containerGroupGone = /* @__PURE__ */ defineWaiter('containerGroupGone', containerGroup, { gone: true });
export const imageCacheReady = /* @__PURE__ */ defineWaiter('imageCacheReady', imageCache, {
  states: ['Ready'],
  fails: ['Failed', 'UpdateFailed'],
});
