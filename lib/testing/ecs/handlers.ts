/** The operations of ECS that the emulator answers from a state, so that a session makes sense. */
import type { EcsOperations } from '../../services/ecs.js';
import { keyed, type AnyHandler } from '../handlers.js';
import { changeMany, changeOne, deleteMany } from './change.js';
import { describeInstances, describeInstanceStatus, describeRegions } from './describe.js';
import type { Instances } from './instances.js';
import { createRun } from './run.js';

export interface EcsSettings {
  readonly instances: Instances;
  readonly regions: readonly string[];
}

export function ecsHandlers({ instances, regions }: EcsSettings): [string, AnyHandler][] {
  const run = createRun(instances);

  return keyed<EcsOperations>('2014-05-26', {
    describeRegions: () => describeRegions(regions),
    runInstances: ({ request, regionId, now }) => run.runInstances(request, regionId, now),
    createInstance: ({ request, regionId, now }) => run.createInstance(request, regionId, now),
    describeInstances: ({ request, regionId, now }) => describeInstances(instances.list(regionId), request, now),
    describeInstanceStatus: ({ request, regionId, now }) =>
      describeInstanceStatus(instances.list(regionId), request, now),
    startInstances: ({ request, now }) => changeMany(instances, 'start', request, now),
    stopInstances: ({ request, now }) => changeMany(instances, 'stop', request, now),
    rebootInstances: ({ request, now }) => changeMany(instances, 'reboot', request, now),
    startInstance: ({ request, now }) => {
      changeOne(instances, 'start', request.InstanceId, now);
      return {};
    },
    stopInstance: ({ request, now }) => {
      changeOne(instances, 'stop', request.InstanceId, now);
      return {};
    },
    rebootInstance: ({ request, now }) => {
      changeOne(instances, 'reboot', request.InstanceId, now);
      return {};
    },
    deleteInstances: ({ request, now }) => {
      deleteMany(instances, request.InstanceId, request.Force === true, now);
      return {};
    },
    deleteInstance: ({ request, now }) => {
      deleteMany(instances, [request.InstanceId], request.Force === true, now);
      return {};
    },
  });
}
