/** The reading side of the emulated ECS: regions, instances, their statuses. */
import type {
  DescribeInstancesRequest,
  DescribeInstancesResponse,
  DescribeInstancesResponseInstancesInstance,
  DescribeInstanceStatusRequest,
  DescribeInstanceStatusResponse,
  DescribeRegionsResponse,
} from '../../services/ecs.js';
import { invalidParameter } from '../api-error.js';
import { localNameOf } from '../regions.js';
import { statusOf, type Instance } from './instances.js';
import { pageOf } from './paging.js';
import { hasAll, type OwnTag, type Tags } from './tags.js';

export function describeRegions(regions: readonly string[]): DescribeRegionsResponse {
  const Region = regions.map((RegionId) => ({
    RegionId,
    LocalName: localNameOf(RegionId),
    RegionEndpoint: `ecs.${RegionId}.aliyuncs.com`,
    Status: 'available',
  }));
  return { Regions: { Region } };
}

/** @param instances those of the request's region */
export function describeInstances(
  instances: readonly Instance[],
  tags: Tags,
  request: DescribeInstancesRequest,
  now: number,
): DescribeInstancesResponse {
  const matches = matcher(tags, request, now);
  const { items, ...paging } = pageOf(matches === undefined ? instances : instances.filter(matches), request);
  return {
    ...paging,
    Instances: { Instance: items.map((instance) => view(instance, tags.of('instance', instance.id), now)) },
  };
}

/** @param instances those of the request's region */
export function describeInstanceStatus(
  instances: readonly Instance[],
  request: DescribeInstanceStatusRequest,
  now: number,
): DescribeInstanceStatusResponse {
  const ids = request.InstanceId === undefined ? undefined : new Set(request.InstanceId);
  const matching = instances.filter(
    ({ id, zoneId }) => ids?.has(id) !== false && (request.ZoneId === undefined || request.ZoneId === zoneId),
  );
  const { items, TotalCount, PageNumber, PageSize } = pageOf(matching, request, { maximum: 50 });
  const InstanceStatus = items.map((instance) => ({ InstanceId: instance.id, Status: statusOf(instance, now) }));
  return { TotalCount, PageNumber, PageSize, InstanceStatuses: { InstanceStatus } };
}

/** `undefined`: all match. */
function matcher(
  tags: Tags,
  request: DescribeInstancesRequest,
  now: number,
): ((instance: Instance) => boolean) | undefined {
  const { InstanceIds, Status, InstanceName, ZoneId, InstanceType, ImageId, Tag = [] } = request;
  const filters = [InstanceIds, Status, InstanceName, ZoneId, InstanceType, ImageId];
  if (Tag.length === 0 && filters.every((filter) => filter === undefined)) return undefined;
  const ids = InstanceIds === undefined || InstanceIds === '' ? undefined : parseIds(InstanceIds);
  const name = InstanceName === undefined ? undefined : wildcard(InstanceName);
  return (instance) =>
    ids?.has(instance.id) !== false &&
    name?.test(instance.name) !== false &&
    (Status === undefined || Status === statusOf(instance, now)) &&
    (ZoneId === undefined || ZoneId === instance.zoneId) &&
    (InstanceType === undefined || InstanceType === instance.type) &&
    (ImageId === undefined || ImageId === instance.imageId) &&
    hasAll(tags.of('instance', instance.id), Tag);
}

/** `["i-1","i-2"]` in a string. */
function parseIds(text: string): ReadonlySet<string> {
  let ids: unknown;
  try {
    ids = JSON.parse(text);
  } catch {
    ids = undefined;
  }
  if (Array.isArray(ids) && ids.length <= 100 && ids.every((id) => typeof id === 'string')) return new Set(ids);
  throw invalidParameter('InstanceIds', 'a JSON array of at most 100 strings');
}

/** `web-*` */
function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function view(instance: Instance, tags: readonly OwnTag[], now: number): DescribeInstancesResponseInstancesInstance {
  const { id, number, regionId, zoneId, name, hostName, type, imageId, createdAt, startedAt } = instance;
  const Cpu = cpusOf(type);
  return {
    InstanceId: id,
    InstanceName: name,
    HostName: hostName,
    Status: statusOf(instance, now),
    RegionId: regionId,
    ZoneId: zoneId,
    InstanceType: type,
    InstanceTypeFamily: type.split('.').slice(0, 2).join('.'),
    ImageId: imageId,
    Cpu,
    Memory: Cpu * memoryPerCpu(type) * 1024,
    OSType: 'linux',
    InstanceChargeType: 'PostPaid',
    InstanceNetworkType: 'vpc',
    CreationTime: toMinute(createdAt),
    StartTime: toMinute(startedAt),
    Tags: { Tag: tags.map(({ key, value }) => ({ TagKey: key, TagValue: value })) },
    VpcAttributes: {
      PrivateIpAddress: { IpAddress: [`10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`] },
    },
    PublicIpAddress: { IpAddress: [] },
  };
}

/** The sizes of instance types: `ecs.g7.large` has 2 CPUs, `ecs.g7.xlarge` 4, `ecs.g7.4xlarge` 16. */
function cpusOf(type: string): number {
  const size = /\.(\d*)(x?)large$/.exec(type);
  if (size === null) return 1;
  return size[2] === '' ? 2 : 4 * Number(size[1] === '' ? 1 : size[1]);
}

/** In GiB: compute, general and memory families. */
function memoryPerCpu(type: string): number {
  const family = type.split('.')[1] ?? '';
  return family.startsWith('c') ? 2 : family.startsWith('r') ? 8 : 4;
}

/** As ECS writes times: `2024-01-31T08:15Z`. */
function toMinute(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16)}Z`;
}
