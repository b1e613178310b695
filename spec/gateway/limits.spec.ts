import { expectTypeOf } from 'expect-type';
import { isClientError } from '../../lib/errors.js';
import {
  absent,
  all,
  allow,
  atMost,
  atMostItems,
  between,
  each,
  matching,
  oneOf,
  optional,
  type FieldLimits,
  type Limit,
} from '../../lib/gateway/index.js';
import { isRegionNaming } from '../../lib/gateway/regions.js';
import { describeInstances, runInstances, type RunInstancesRequest } from '../../lib/services/ecs.js';
import { answerTo, siteOf } from './support.js';

const valid = { ImageId: 'i', InstanceType: 'ecs.t6-c1m1.large', Amount: 1 };

describe('a limit', () => {
  it.each<[string, FieldLimits<RunInstancesRequest>, object, boolean]>([
    ['one of a list', { InstanceType: ['ecs.t6-c1m1.large'] }, {}, true],
    ['none of a list', { InstanceType: ['ecs.g7.large'] }, {}, false],
    ['absent', { InstanceType: ['ecs.t6-c1m1.large'] }, { InstanceType: undefined }, false],
    ['absent: null', { InstanceType: ['ecs.t6-c1m1.large'] }, { InstanceType: null }, false],
    ['absent, as it may', { InstanceType: optional(oneOf('ecs.t6-c1m1.large')) }, { InstanceType: undefined }, true],
    ['as many', { Amount: atMost(1) }, {}, true],
    ['more', { Amount: atMost(1) }, { Amount: 2 }, false],
    ['a fraction more', { Amount: atMost(1) }, { Amount: 1.5 }, false],
    ['less', { Amount: between(1, 2) }, { Amount: 0 }, false],
    ['between', { Amount: between(1, 2) }, { Amount: 2 }, true],
    ['like', { InstanceName: matching(/web-\d+/) }, { InstanceName: 'web-12' }, true],
    ['like, but longer', { InstanceName: matching(/web-\d+/) }, { InstanceName: 'web-12x' }, false],
    ['like one of two, but longer', { InstanceName: matching(/a|b/) }, { InstanceName: 'ax' }, false],
    ['like, on a line of its own', { InstanceName: matching(/web-\d+/m) }, { InstanceName: 'x\nweb-1' }, false],
    ['like, asked for once before', { InstanceName: matching(/web-\d+/g) }, { InstanceName: 'web-1' }, true],
    ['a list', { SecurityGroupIds: each(oneOf('sg-1', 'sg-2')) }, { SecurityGroupIds: ['sg-1', 'sg-2'] }, true],
    ['a list with another', { SecurityGroupIds: each(oneOf('sg-1')) }, { SecurityGroupIds: ['sg-1', 'sg-2'] }, false],
    ['too long a list', { SecurityGroupIds: atMostItems(1) }, { SecurityGroupIds: ['sg-1', 'sg-2'] }, false],
    [
      'all of them',
      { SecurityGroupIds: all<readonly string[]>(atMostItems(1), each(oneOf('sg-1'))) },
      { SecurityGroupIds: ['sg-1'] },
      true,
    ],
    [
      'one of them',
      { SecurityGroupIds: all<readonly string[]>(atMostItems(1), each(oneOf('sg-1'))) },
      { SecurityGroupIds: ['sg-2'] },
      false,
    ],
    ['objects', { Tag: each({ Key: oneOf('team') }) }, { Tag: [{ Key: 'team', Value: 'a' }] }, true],
    [
      'objects, one of them another',
      { Tag: each({ Key: oneOf('team') }) },
      { Tag: [{ Key: 'team' }, { Key: 'x' }] },
      false,
    ],
    ['objects, one of them without', { Tag: each({ Key: oneOf('team') }) }, { Tag: [{ Value: 'a' }] }, false],
    [
      'an object',
      { SystemDisk: { Category: ['cloud_essd'] } },
      { SystemDisk: { Category: 'cloud_essd', Size: '20' } },
      true,
    ],
    ['another object', { SystemDisk: { Category: ['cloud_essd'] } }, { SystemDisk: { Category: 'cloud' } }, false],
    ['no object', { SystemDisk: { Category: ['cloud_essd'] } }, {}, false],
    ['left out', { UserData: absent }, {}, true],
    ['not left out', { UserData: absent }, { UserData: 'x' }, false],
    ['of its own', { Amount: { expected: 'even', fits: (amount) => Number(amount) % 2 === 0 } }, { Amount: 2 }, true],
    ['the region that it goes to', { RegionId: ['cn-hangzhou'] }, {}, true],
    ['another region', { RegionId: ['cn-beijing'] }, {}, false],
  ])('%s', async (_, limits, more, isAllowed) => {
    const site = siteOf({ allow: [allow(runInstances, limits)], regions: ['cn-hangzhou', 'cn-beijing'] });
    const answer = await answerTo(site, { path: '/Ecs/2014-05-26/RunInstances', request: { ...valid, ...more } });
    if (isAllowed) expect(answer.text).toContain('"RequestId"');
    else expect([answer.status, answer.code]).toEqual([403, 'Gateway.Forbidden']);
    expect(site.upstream.sent).toHaveLength(isAllowed ? 1 : 0);
  });

  it('says what it wants', async () => {
    const site = siteOf({ allow: [allow(runInstances, { Amount: atMost(3) })] });
    const { message } = await answerTo(site, {
      path: '/Ecs/2014-05-26/RunInstances',
      request: { ...valid, Amount: 9 },
    });
    expect(message).toBe('RunInstances: `Amount` has to be a number, at most 3');
  });

  it('is typed by the field', () => {
    expectTypeOf(atMost(1)).toExtend<Limit<number>>();
    // @ts-expect-error: a misspelt field
    expect(() => allow(runInstances, { Amout: atMost(3) })).toThrow('no such field');
    // @ts-expect-error: a limit of numbers for a text
    allow(runInstances, { InstanceType: atMost(3) });
    // @ts-expect-error: a list of numbers for a text
    allow(runInstances, { InstanceType: [3] });
    // @ts-expect-error: a misspelt field within one
    allow(runInstances, { SystemDisk: { Categry: ['cloud'] } });
  });

  it.each([
    ['none of a list', () => allow(describeInstances, { RegionId: [] })],
    ['a text', () => allow(describeInstances, { RegionId: 'cn-hangzhou' } as never)],
    ['no descriptor', () => allow({ action: 'DescribeInstances' } as never)],
    ['no number', () => atMost('3' as never)],
    ['NaN', () => between(0, NaN)],
    ['no pattern', () => matching('web-.*' as never)],
    ['nothing', () => oneOf()],
  ])('that can not work is refused: %s', (_, make) => {
    let thrown: unknown;
    try {
      make();
    } catch (error) {
      thrown = error;
    }
    expect(isClientError(thrown, 'SDK.InvalidConfiguration')).toBe(true);
  });
});

describe('a field names a region', () => {
  const yes = [
    'RegionId',
    'regionId',
    'region_id',
    'SourceRegionId',
    'DestinationRegion',
    'RegionIds',
    'ToRegionIds',
    'RegionNo',
    'VbrRegionNo',
    'RegionID',
    'TargetCopyRegions',
    'SubRegionCode',
    'RegionList',
  ];
  const no = [
    'RegionName',
    'RegionalInstanceConfig',
    'RegionEndpoint',
    'RegionStatus',
    'ZoneId',
    'MultiRegionAccess',
    'Regions.Size',
  ];
  it.each(yes)('%s', (name) => expect(isRegionNaming(name)).toBe(true));
  it.each(no)('%s: no', (name) => expect(isRegionNaming(name)).toBe(false));
});
