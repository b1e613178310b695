import {
  addTags,
  createInstance,
  deleteInstance,
  describeInstances,
  describeResourceByTags,
  describeTags,
  listTagResources,
  removeTags,
  runInstances,
  tagResources,
  untagResources,
  type DescribeTagsRequest,
  type ListTagResourcesRequest,
} from '../../lib/services/ecs.js';
import { openSession, refusalOf, type Session } from './support/session.js';

const RegionId = 'cn-hangzhou';

describe('the tags of the emulated ECS', () => {
  let session: Session;

  beforeEach(() => {
    session = openSession();
  });

  const pairs = (tags: { TagKey?: string; TagValue?: string }[] = []): string[] =>
    tags.map(({ TagKey, TagValue }) => `${TagKey}=${TagValue}`);

  async function launch(...tags: string[]): Promise<string> {
    const Tag = tags.map((tag) => ({ Key: tag.split('=')[0] ?? '', Value: tag.split('=')[1] ?? '' }));
    const { InstanceIdSets } = await session.call(runInstances, { RegionId, Tag });
    return InstanceIdSets?.InstanceIdSet?.[0] ?? '';
  }

  /** By `ListTagResources`: `i-1 key=value`. */
  async function listed(request: Partial<ListTagResourcesRequest> = {}): Promise<string[]> {
    const { TagResources } = await session.call(listTagResources, { RegionId, ResourceType: 'instance', ...request });
    return TagResources?.TagResource?.map((tag) => `${tag.ResourceId} ${pairs([tag]).join('')}`) ?? [];
  }

  /** By `DescribeInstances`. */
  async function described(id: string): Promise<string[]> {
    const { Instances } = await session.call(describeInstances, { RegionId, InstanceIds: JSON.stringify([id]) });
    return pairs(Instances?.Instance?.[0]?.Tags?.Tag);
  }

  /** By `DescribeTags`: `key=value 2`, where two instances have it. */
  async function known(request: Partial<DescribeTagsRequest> = {}): Promise<string[]> {
    const { Tags } = await session.call(describeTags, { RegionId, ...request });
    return Tags?.Tag?.map((tag) => `${pairs([tag]).join('')} ${tag.ResourceTypeCount?.Instance}`) ?? [];
  }

  it('of instances that are made are the same, whoever is asked', async () => {
    const [one, other] = [await launch('env=prod', 'team=a'), await launch('env=prod')];
    const { InstanceId: third = '' } = await session.call(createInstance, {
      RegionId,
      InstanceType: 'ecs.g7.large',
      Tag: [{ Key: 'env', Value: 'test' }],
    });
    expect(await described(one)).toEqual(['env=prod', 'team=a']);
    expect(await listed()).toEqual([`${one} env=prod`, `${one} team=a`, `${other} env=prod`, `${third} env=test`]);
    expect(await known()).toEqual(['env=prod 2', 'team=a 1', 'env=test 1']);
  });

  it.each<[request: Partial<ListTagResourcesRequest>, expected: string[]]>([
    [{ Tag: [{ Key: 'env', Value: 'prod' }] }, ['0 env=prod', '0 team=a', '1 env=prod']],
    [{ Tag: [{ Key: 'env' }, { Key: 'team' }] }, ['0 env=prod', '0 team=a']],
    [{ Tag: [{ Key: 'env', Value: 'none' }] }, []],
    [{ TagFilter: [{ TagKey: 'env', TagValues: ['test', 'dev'] }] }, ['2 env=test']],
    [{ ResourceType: 'disk' }, []],
    [{ RegionId: 'cn-beijing' }, []],
  ])('are listed of those that have what is asked for: %j', async (request, expected) => {
    const ids = [await launch('env=prod', 'team=a'), await launch('env=prod'), await launch('env=test')];
    const withIds = expected.map((each) => each.replace(/^\d/, (index) => ids[Number(index)] ?? ''));
    expect(await listed(request)).toEqual(withIds);
  });

  it('are listed of the resources asked for, and found by whoever filters by them', async () => {
    const [one, other] = [await launch('env=prod'), await launch('env=test')];
    expect(await listed({ ResourceId: [other] })).toEqual([`${other} env=test`]);
    const filter = [{ Key: 'env', Value: 'prod' }];
    const { Instances, TotalCount } = await session.call(describeInstances, { RegionId, Tag: filter });
    expect([TotalCount, Instances?.Instance?.map(({ InstanceId }) => InstanceId)]).toEqual([1, [one]]);
    const { Resources } = await session.call(describeResourceByTags, { RegionId, Tag: filter });
    expect(Resources).toEqual({ Resource: [{ RegionId, ResourceId: one, ResourceType: 'instance' }] });
    expect(await known({ ResourceId: other })).toEqual(['env=test 1']);
    expect(await known({ Tag: filter })).toEqual(['env=prod 1']);
  });

  it('are added, replaced and taken away', async () => {
    const [one, other] = [await launch('env=prod'), await launch()];
    const both = { RegionId, ResourceType: 'instance', ResourceId: [one, other] };
    await session.call(tagResources, {
      ...both,
      Tag: [
        { Key: 'env', Value: 'test' },
        { Key: 'team', Value: '' },
      ],
    });
    expect([await described(one), await described(other)]).toEqual([
      ['env=test', 'team='],
      ['env=test', 'team='],
    ]);
    await session.call(untagResources, { ...both, TagKey: ['env'] });
    expect(await listed()).toEqual([`${one} team=`, `${other} team=`]);
    await session.call(untagResources, { ...both, ResourceId: [one], All: true });
    expect([await described(one), await described(other)]).toEqual([[], ['team=']]);

    const single = { RegionId, ResourceType: 'instance', ResourceId: one };
    await session.call(addTags, {
      ...single,
      Tag: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    await session.call(removeTags, { ...single, Tag: [{ Key: 'a' }] });
    expect(await described(one)).toEqual(['b=2']);
    await session.call(removeTags, single);
    expect(await described(one)).toEqual([]);
  });

  it('go with their instance', async () => {
    const id = await launch('env=prod');
    await session.call(deleteInstance, { InstanceId: id, Force: true });
    expect([await listed(), await known()]).toEqual([[], []]);
  });

  it('may be on what the emulator keeps nothing else of', async () => {
    const Tag = [{ Key: 'env', Value: 'prod' }];
    await session.call(tagResources, { RegionId, ResourceType: 'disk', ResourceId: ['d-1'], Tag });
    expect(await listed({ ResourceType: 'disk' })).toEqual(['d-1 env=prod']);
    expect(await known()).toEqual(['env=prod 0']);
  });

  it('come fifty at a time, with a token for the next', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `d-${index}`);
    const disks = { RegionId, ResourceType: 'disk' };
    await session.call(tagResources, { ...disks, ResourceId: ids, Tag: [{ Key: 'a', Value: '1' }] });
    const first = await session.call(listTagResources, disks);
    const second = await session.call(listTagResources, { ...disks, NextToken: first.NextToken ?? '' });
    const found = [first, second].map(({ TagResources }) =>
      TagResources?.TagResource?.map(({ ResourceId }) => ResourceId),
    );
    expect(found).toEqual([ids.slice(0, 50), ids.slice(50)]);
    expect(second.NextToken).toBe('');
  });

  it('need a key', async () => {
    const Tag = [{ Key: '', Value: '1' }];
    const tagged = session.call(tagResources, { RegionId, ResourceType: 'instance', ResourceId: ['i-1'], Tag });
    expect(await refusalOf(tagged)).toBe('400 MissingParameter');
  });
});
