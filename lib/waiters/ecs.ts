/** Waiters for ECS. docs/operators/wait-for.md lists them, and where the states are documented. */
import { defineResource, defineWaiter } from '../operators/waiter.js';
import {
  describeDisks,
  describeImages,
  describeInstances,
  describeInvocations,
  describeNetworkInterfaces,
  describeSnapshots,
} from '../services/ecs.js';

const instance = /* @__PURE__ */ defineResource({
  operation: describeInstances,
  maxIds: 100,
  request: (ids) => ({ InstanceIds: JSON.stringify(ids), PageSize: 100 }),
  items: ({ Instances }) => Instances?.Instance,
  idOf: ({ InstanceId }) => InstanceId,
  stateOf: ({ Status }) => Status,
});
const disk = /* @__PURE__ */ defineResource({
  operation: describeDisks,
  maxIds: 100,
  request: (ids) => ({ DiskIds: JSON.stringify(ids), PageSize: 100 }),
  items: ({ Disks }) => Disks?.Disk,
  idOf: ({ DiskId }) => DiskId,
  stateOf: ({ Status }) => Status,
});
const image = /* @__PURE__ */ defineResource({
  operation: describeImages,
  // Without a status, only those that are available are told.
  request: ([ImageId]) => ({ ImageId, Status: 'Creating,Waiting,Available,UnAvailable,CreateFailed,Deprecated' }),
  items: ({ Images }) => Images?.Image,
  idOf: ({ ImageId }) => ImageId,
  stateOf: ({ Status }) => Status,
});
const snapshot = /* @__PURE__ */ defineResource({
  operation: describeSnapshots,
  maxIds: 100,
  request: (ids) => ({ SnapshotIds: JSON.stringify(ids), PageSize: 100 }),
  items: ({ Snapshots }) => Snapshots?.Snapshot,
  idOf: ({ SnapshotId }) => SnapshotId,
  stateOf: ({ Status }) => Status,
});
const networkInterface = /* @__PURE__ */ defineResource({
  operation: describeNetworkInterfaces,
  maxIds: 100,
  request: (ids) => ({ NetworkInterfaceId: [...ids], PageSize: 100 }),
  items: ({ NetworkInterfaceSets }) => NetworkInterfaceSets?.NetworkInterfaceSet,
  idOf: ({ NetworkInterfaceId }) => NetworkInterfaceId,
  stateOf: ({ Status }) => Status,
});
const invocation = /* @__PURE__ */ defineResource({
  operation: describeInvocations,
  request: ([InvokeId]) => ({ InvokeId }),
  items: ({ Invocations }) => Invocations?.Invocation,
  idOf: ({ InvokeId }) => InvokeId,
  stateOf: ({ InvocationStatus }) => InvocationStatus,
});

export const instanceRunning = /* @__PURE__ */ defineWaiter('instanceRunning', instance, { states: ['Running'] });
export const instanceStopped = /* @__PURE__ */ defineWaiter('instanceStopped', instance, { states: ['Stopped'] });
export const instanceGone = /* @__PURE__ */ defineWaiter('instanceGone', instance, { gone: true });
export const diskAvailable = /* @__PURE__ */ defineWaiter('diskAvailable', disk, { states: ['Available'] });
export const diskInUse = /* @__PURE__ */ defineWaiter('diskInUse', disk, { states: ['In_use'] });
export const diskGone = /* @__PURE__ */ defineWaiter('diskGone', disk, { gone: true });
export const imageAvailable = /* @__PURE__ */ defineWaiter('imageAvailable', image, {
  states: ['Available'],
  fails: ['CreateFailed', 'Deprecated'],
});
export const snapshotAccomplished = /* @__PURE__ */ defineWaiter('snapshotAccomplished', snapshot, {
  states: ['accomplished'],
  fails: ['failed'],
});
export const networkInterfaceAvailable = /* @__PURE__ */ defineWaiter('networkInterfaceAvailable', networkInterface, {
  states: ['Available'],
});
export const networkInterfaceInUse = /* @__PURE__ */ defineWaiter('networkInterfaceInUse', networkInterface, {
  states: ['InUse'],
});
/** However it ended: what each instance made of it is in the invocation. */
export const commandFinished = /* @__PURE__ */ defineWaiter('commandFinished', invocation, {
  states: ['Success', 'Failed', 'PartialFailed', 'Stopped'],
});
export const commandSucceeded = /* @__PURE__ */ defineWaiter('commandSucceeded', invocation, {
  states: ['Success'],
  fails: ['Failed', 'PartialFailed', 'Stopped'],
});
