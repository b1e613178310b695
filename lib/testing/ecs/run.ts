/** How the emulated ECS makes instances. */
import type {
  CreateInstanceRequest,
  CreateInstanceResponse,
  RunInstancesRequest,
  RunInstancesResponse,
} from '../../services/ecs.js';
import { invalidParameter } from '../api-error.js';
import { refuseDryRun } from './dry-run.js';
import type { Blueprint, Instances } from './instances.js';
import { checked, type Tags } from './tags.js';

export interface Run {
  runInstances(request: RunInstancesRequest, regionId: string, now: number): RunInstancesResponse;
  createInstance(request: CreateInstanceRequest, regionId: string, now: number): CreateInstanceResponse;
}

export function createRun(instances: Instances, tags: Tags): Run {
  const start = (
    request: RunInstancesRequest | CreateInstanceRequest,
    made: Blueprint,
    status: 'Running' | 'Stopped',
    now: number,
  ) => {
    const { id } = instances.create(made, status, now);
    tags.add({ regionId: made.regionId, type: 'instance', id }, checked(request.Tag ?? []));
    return id;
  };
  return {
    runInstances(request, regionId, now) {
      const amount = integer('Amount', request.Amount ?? 1);
      if (integer('MinAmount', request.MinAmount ?? 1) > amount) throw invalidParameter('MinAmount', 'at most Amount');
      refuseDryRun(request);
      const InstanceIdSet = Array.from({ length: amount }, (_, index) => {
        const suffix = request.UniqueSuffix && amount > 1 ? String(index + 1).padStart(3, '0') : '';
        return start(request, blueprint(request, regionId, suffix), 'Running', now);
      });
      return { InstanceIdSets: { InstanceIdSet } };
    },
    createInstance(request, regionId, now) {
      refuseDryRun(request);
      return { InstanceId: start(request, blueprint(request, regionId, ''), 'Stopped', now) };
    },
  };
}

function blueprint(request: RunInstancesRequest | CreateInstanceRequest, regionId: string, suffix: string): Blueprint {
  const { ZoneId, InstanceName = 'instance', HostName, InstanceType, ImageId } = request;
  return {
    regionId,
    zoneId: ZoneId ?? `${regionId}-h`,
    name: InstanceName + suffix,
    hostName: (HostName ?? InstanceName) + suffix,
    type: InstanceType ?? 'ecs.g7.large',
    imageId: ImageId ?? 'aliyun_3_x64_20G_alibase.vhd',
  };
}

function integer(name: string, value: number | bigint): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 100) return number;
  throw invalidParameter(name, 'an integer from 1 to 100');
}
