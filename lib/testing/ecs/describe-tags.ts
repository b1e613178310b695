/** The reading side of the emulated ECS' tags: by resource, by tag, and the resources that have them. */
import type {
  DescribeResourceByTagsRequest,
  DescribeResourceByTagsResponse,
  DescribeTagsRequest,
  DescribeTagsResponse,
  ListTagResourcesRequest,
  ListTagResourcesResponse,
} from '../../services/ecs.js';
import { pageOf } from './paging.js';
import { hasAll, type OwnTag, type Tag } from './tags.js';

/** How many the service gives at a time, where it is not told. */
const usual = 50;

/** All tags of the resources that have all tags asked for. @param tags those of the request's region */
export function listTagResources(tags: readonly OwnTag[], request: ListTagResourcesRequest): ListTagResourcesResponse {
  const { ResourceType, ResourceId, Tag = [], TagFilter = [], NextToken } = request;
  const ids = ResourceId === undefined ? undefined : new Set(ResourceId);
  const ofType = tags.filter(({ type, id }) => isOfType(type, ResourceType) && ids?.has(id) !== false);
  const chosen = new Set(
    [...byResource(ofType)]
      .filter(([, own]) => hasAll(own, Tag))
      .filter(([, own]) => TagFilter.every((filter) => own.some((tag) => passes(tag, filter))))
      .flatMap(([, own]) => own),
  );
  const page = pageOf(
    ofType.filter((tag) => chosen.has(tag)),
    { ...(NextToken !== undefined && { NextToken }), MaxResults: usual },
  );
  const TagResource = page.items.map(({ id, type, key, value }) => ({
    ResourceId: id,
    ResourceType: type,
    TagKey: key,
    TagValue: value,
  }));
  return { NextToken: page.NextToken, TagResources: { TagResource } };
}

/** Each tag once, and how many resources of each type have it. */
export function describeTags(tags: readonly OwnTag[], request: DescribeTagsRequest): DescribeTagsResponse {
  const { ResourceType, ResourceId, Tag = [] } = request;
  const chosen = tags.filter(
    (tag) =>
      (ResourceType === undefined || isOfType(tag.type, ResourceType)) &&
      (ResourceId === undefined || ResourceId === tag.id) &&
      (Tag.length === 0 || Tag.some((wanted) => hasAll([tag], [wanted]))),
  );
  const distinct = [...grouped(chosen, ({ key, value }) => JSON.stringify([key, value])).values()];
  const { items, TotalCount, PageNumber, PageSize } = pageOf(numbered(distinct), request, { usual });
  const found = items.map(({ own, key, value }) => ({
    TagKey: key,
    TagValue: value,
    ResourceTypeCount: countsOf(own),
  }));
  return { TotalCount, PageNumber, PageSize, Tags: { Tag: found } };
}

export function describeResourceByTags(
  tags: readonly OwnTag[],
  request: DescribeResourceByTagsRequest,
): DescribeResourceByTagsResponse {
  const { ResourceType, Tag = [] } = request;
  const ofType = tags.filter(({ type }) => ResourceType === undefined || isOfType(type, ResourceType));
  const having = [...byResource(ofType).values()].filter((own) => hasAll(own, Tag));
  const { items, TotalCount, PageNumber, PageSize } = pageOf(numbered(having), request, { usual });
  const Resource = items.map(({ regionId, id, type }) => ({ RegionId: regionId, ResourceId: id, ResourceType: type }));
  return { TotalCount, PageNumber, PageSize, Resources: { Resource } };
}

type Filter = NonNullable<ListTagResourcesRequest['TagFilter']>[number];

function passes({ key, value }: OwnTag, { TagKey, TagValues = [] }: Filter): boolean {
  return (TagKey === undefined || TagKey === key) && (TagValues.length === 0 || TagValues.includes(value));
}

function isOfType(type: string, wanted: Tag['Key']): boolean {
  return type === wanted?.toLowerCase();
}

function byResource(tags: readonly OwnTag[]): ReadonlyMap<string, OwnTag[]> {
  return grouped(tags, ({ type, id }) => `${type} ${id}`);
}

function grouped(tags: readonly OwnTag[], keyOf: (tag: OwnTag) => string): ReadonlyMap<string, OwnTag[]> {
  const groups = new Map<string, OwnTag[]>();
  for (const tag of tags) {
    const key = keyOf(tag);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [tag]);
    else group.push(tag);
  }
  return groups;
}

/** Each group as its first tag, which was added first. */
function numbered(groups: readonly (readonly OwnTag[])[]): (OwnTag & { own: readonly OwnTag[] })[] {
  return groups.flatMap((own) => (own[0] === undefined ? [] : [{ ...own[0], own }]));
}

/** By the names that the answer has for the types; any other type has none there. */
function countsOf(tags: readonly OwnTag[]): Record<string, number> {
  const count = (type: string): number => tags.filter((tag) => tag.type === type.toLowerCase()).length;
  return Object.fromEntries(types.map((type) => [type, count(type)]));
}

const types = [
  ...['Ddh', 'Disk', 'Eni', 'Image', 'Instance', 'KeyPair', 'LaunchTemplate', 'ReservedInstance', 'Securitygroup'],
  ...['Snapshot', 'SnapshotPolicy', 'Volume'],
];
