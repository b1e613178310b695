/** All waiters, and what their operations answer. */
import * as alb from '../../lib/waiters/alb.js';
import * as cs from '../../lib/waiters/cs.js';
import * as eci from '../../lib/waiters/eci.js';
import * as ecs from '../../lib/waiters/ecs.js';
import * as polardb from '../../lib/waiters/polardb.js';
import * as rKvstore from '../../lib/waiters/r-kvstore.js';
import * as rds from '../../lib/waiters/rds.js';
import * as ros from '../../lib/waiters/ros.js';
import * as vpc from '../../lib/waiters/vpc.js';
import type { Waiter } from '../../lib/operators/waiter.js';

export type AnyWaiter = Waiter<never, never, never>;

/** By the name of their subpath. */
export const waiters = {
  alb,
  cs,
  eci,
  ecs,
  polardb,
  'r-kvstore': rKvstore,
  rds,
  ros,
  vpc,
  // Which response and items go together is lost in a list of all.
} as unknown as Readonly<Record<string, Readonly<Record<string, AnyWaiter>>>>;

/** The answer of an operation on one resource in a state. */
export const answers: Readonly<Record<string, (id: string, state: string) => object>> = {
  'Ecs DescribeInstances': (InstanceId, Status) => ({ Instances: { Instance: [{ InstanceId, Status }] } }),
  'Ecs DescribeDisks': (DiskId, Status) => ({ Disks: { Disk: [{ DiskId, Status }] } }),
  'Ecs DescribeImages': (ImageId, Status) => ({ Images: { Image: [{ ImageId, Status }] } }),
  'Ecs DescribeSnapshots': (SnapshotId, Status) => ({ Snapshots: { Snapshot: [{ SnapshotId, Status }] } }),
  'Ecs DescribeNetworkInterfaces': (NetworkInterfaceId, Status) => ({
    NetworkInterfaceSets: { NetworkInterfaceSet: [{ NetworkInterfaceId, Status }] },
  }),
  'Ecs DescribeInvocations': (InvokeId, InvocationStatus) => ({
    Invocations: { Invocation: [{ InvokeId, InvocationStatus }] },
  }),
  'Vpc DescribeVpcs': (VpcId, Status) => ({ Vpcs: { Vpc: [{ VpcId, Status }] } }),
  'Vpc DescribeVSwitches': (VSwitchId, Status) => ({ VSwitches: { VSwitch: [{ VSwitchId, Status }] } }),
  'Vpc DescribeNatGateways': (NatGatewayId, Status) => ({ NatGateways: { NatGateway: [{ NatGatewayId, Status }] } }),
  'Vpc DescribeEipAddresses': (AllocationId, Status) => ({ EipAddresses: { EipAddress: [{ AllocationId, Status }] } }),
  'Vpc DescribeVpnGateways': (VpnGatewayId, Status) => ({ VpnGateways: { VpnGateway: [{ VpnGatewayId, Status }] } }),
  'Rds DescribeDBInstanceAttribute': (DBInstanceId, DBInstanceStatus) => ({
    Items: { DBInstanceAttribute: [{ DBInstanceId, DBInstanceStatus }] },
  }),
  'R-kvstore DescribeInstances': (InstanceId, InstanceStatus) => ({
    Instances: { KVStoreInstance: [{ InstanceId, InstanceStatus }] },
  }),
  'Alb ListLoadBalancers': (LoadBalancerId, LoadBalancerStatus) => ({
    LoadBalancers: [{ LoadBalancerId, LoadBalancerStatus }],
  }),
  'CS DescribeClusterDetail': (cluster_id, state) => ({ cluster_id, state }),
  'CS DescribeTaskInfo': (task_id, state) => ({ task_id, state }),
  'ROS GetStack': (StackId, Status) => ({ StackId, Status }),
  'Eci DescribeContainerGroups': (ContainerGroupId, Status) => ({ ContainerGroups: [{ ContainerGroupId, Status }] }),
  'Eci DescribeImageCaches': (ImageCacheId, Status) => ({ ImageCaches: [{ ImageCacheId, Status }] }),
  'polardb DescribeDBClusterAttribute': (DBClusterId, DBClusterStatus) => ({ DBClusterId, DBClusterStatus }),
};

/** Such as `Ecs DescribeInstances`. */
export function nameOf({ resource: { operation } }: AnyWaiter): string {
  return `${operation.service.product} ${operation.action}`;
}
