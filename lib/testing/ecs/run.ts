/** How the emulated ECS makes instances. */
import type {
  CreateInstanceRequest,
  CreateInstanceResponse,
  RunInstancesRequest,
  RunInstancesResponse,
} from '../../services/ecs.js';
import { apiError, invalidParameter } from '../api-error.js';
import type { Blueprint, Instances } from './instances.js';

export interface Run {
  runInstances(request: RunInstancesRequest, regionId: string, now: number): RunInstancesResponse;
  createInstance(request: CreateInstanceRequest, regionId: string, now: number): CreateInstanceResponse;
}

export function createRun(instances: Instances): Run {
  const repeat = createRepetitions();
  return {
    runInstances(request, regionId, now) {
      const amount = integer('Amount', request.Amount ?? 1);
      if (integer('MinAmount', request.MinAmount ?? 1) > amount) throw invalidParameter('MinAmount', 'at most Amount');
      refuseDryRun(request);
      const InstanceIdSet = repeat(request, () =>
        Array.from({ length: amount }, (_, index) => {
          const suffix = request.UniqueSuffix && amount > 1 ? String(index + 1).padStart(3, '0') : '';
          return instances.create(blueprint(request, regionId, suffix), 'Running', now).id;
        }),
      );
      return { InstanceIdSets: { InstanceIdSet: [...InstanceIdSet] } };
    },
    createInstance(request, regionId, now) {
      refuseDryRun(request);
      const [InstanceId = ''] = repeat(request, () => [
        instances.create(blueprint(request, regionId, ''), 'Stopped', now).id,
      ]);
      return { InstanceId };
    },
  };
}

function blueprint(request: RunInstancesRequest | CreateInstanceRequest, regionId: string, suffix: string): Blueprint {
  const { ZoneId, InstanceName = 'instance', HostName, InstanceType, ImageId, Tag = [] } = request;
  return {
    regionId,
    zoneId: ZoneId ?? `${regionId}-h`,
    name: InstanceName + suffix,
    hostName: (HostName ?? InstanceName) + suffix,
    type: InstanceType ?? 'ecs.g7.large',
    imageId: ImageId ?? 'aliyun_3_x64_20G_alibase.vhd',
    tags: Tag,
  };
}

interface Repeatable {
  readonly ClientToken?: string;
}

/** How many client tokens are remembered: a service does so for hours, a long run must not grow for ever. */
const limit = 10_000;

/** The same client token again makes nothing new: the ids of the first time are the answer. */
function createRepetitions(): (request: Repeatable, make: () => readonly string[]) => readonly string[] {
  const made = new Map<string, { readonly parameters: string; readonly ids: readonly string[] }>();
  return ({ ClientToken, ...rest }, make) => {
    if (ClientToken === undefined || ClientToken === '') return make();
    const parameters = JSON.stringify(rest, (_name, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    const before = made.get(ClientToken);
    if (before === undefined) {
      const ids = make();
      const [oldest] = made.keys();
      if (oldest !== undefined && made.size >= limit) made.delete(oldest);
      made.set(ClientToken, { parameters, ids });
      return ids;
    }
    if (before.parameters === parameters) return before.ids;
    throw apiError(
      400,
      'IdempotentParameterMismatch',
      'The request uses the same client token as a previous, but non-identical request.',
    );
  };
}

function refuseDryRun({ DryRun }: { readonly DryRun?: boolean }): void {
  if (DryRun) throw apiError(400, 'DryRunOperation', 'Request validation has been passed with DryRun flag set.');
}

function integer(name: string, value: number | bigint): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1 && number <= 100) return number;
  throw invalidParameter(name, 'an integer from 1 to 100');
}
