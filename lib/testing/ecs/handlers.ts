/** The operations of ECS that the emulator answers from a state, so that a session makes sense. */
import type { EcsOperations } from '../../services/ecs.js';
import { keyed, type AnyHandler } from '../handlers.js';
import { changeMany, changeOne, deleteMany, type DeleteRequest } from './change.js';
import { describeInstances, describeInstanceStatus, describeRegions } from './describe.js';
import type { Instances } from './instances.js';
import { createRun } from './run.js';
import { describeResourceByTags, describeTags, listTagResources } from './describe-tags.js';
import { checked, type Tags } from './tags.js';

export interface EcsSettings {
  readonly instances: Instances;
  readonly tags: Tags;
  readonly regions: readonly string[];
}

export function ecsHandlers({ instances, tags, regions }: EcsSettings): [string, AnyHandler][] {
  const run = createRun(instances, tags);
  const remove = (ids: readonly string[], request: DeleteRequest, now: number): object => {
    deleteMany(instances, ids, request, now);
    for (const id of ids) tags.remove('instance', id);
    return {};
  };

  return keyed<EcsOperations>('2014-05-26', {
    describeRegions: () => describeRegions(regions),
    runInstances: ({ request, regionId, now }) => run.runInstances(request, regionId, now),
    createInstance: ({ request, regionId, now }) => run.createInstance(request, regionId, now),
    describeInstances: ({ request, regionId, now }) => describeInstances(instances.list(regionId), tags, request, now),
    describeInstanceStatus: ({ request, regionId, now }) =>
      describeInstanceStatus(instances.list(regionId), request, now),
    startInstances: ({ request, now }) => changeMany(instances, 'start', request, now),
    stopInstances: ({ request, now }) => changeMany(instances, 'stop', request, now),
    rebootInstances: ({ request, now }) => changeMany(instances, 'reboot', request, now),
    startInstance: ({ request, now }) => {
      changeOne(instances, 'start', request.InstanceId, request, now);
      return {};
    },
    stopInstance: ({ request, now }) => {
      changeOne(instances, 'stop', request.InstanceId, request, now);
      return {};
    },
    rebootInstance: ({ request, now }) => {
      changeOne(instances, 'reboot', request.InstanceId, request, now);
      return {};
    },
    deleteInstances: ({ request, now }) => remove(request.InstanceId, request, now),
    deleteInstance: ({ request, now }) => remove([request.InstanceId], request, now),
    tagResources: ({ request: { ResourceType, ResourceId, Tag }, regionId }) => {
      const added = checked(Tag);
      for (const id of ResourceId) tags.add({ regionId, type: ResourceType, id }, added);
      return {};
    },
    untagResources: ({ request: { ResourceType, ResourceId, TagKey = [], All } }) => {
      // `All` counts only where no keys are given.
      const keys = All === true && TagKey.length === 0 ? undefined : TagKey;
      for (const id of ResourceId) tags.remove(ResourceType, id, keys);
      return {};
    },
    addTags: ({ request: { ResourceType, ResourceId, Tag }, regionId }) => {
      tags.add({ regionId, type: ResourceType, id: ResourceId }, checked(Tag));
      return {};
    },
    removeTags: ({ request: { ResourceType, ResourceId, Tag } }) => {
      tags.remove(ResourceType, ResourceId, Tag === undefined ? undefined : checked(Tag).map(({ key }) => key));
      return {};
    },
    listTagResources: ({ request, regionId }) => listTagResources(tags.list(regionId), request),
    describeTags: ({ request, regionId }) => describeTags(tags.list(regionId), request),
    describeResourceByTags: ({ request, regionId }) => describeResourceByTags(tags.list(regionId), request),
  });
}
