import {
  createInstance,
  deleteInstance,
  deleteInstances,
  describeInstances,
  describeInstanceStatus,
  describeRegions,
  rebootInstance,
  runInstances,
  startInstance,
  startInstances,
  stopInstance,
  stopInstances,
  type DescribeInstancesRequest,
  type DescribeInstancesResponse,
  type RunInstancesRequest,
} from '../../lib/services/ecs.js';
import { openSession, refusalOf, type Session } from './support/session.js';

const RegionId = 'cn-hangzhou';

describe('the emulated ECS', () => {
  let session: Session;

  beforeEach(() => {
    session = openSession();
  });

  async function launch(request: Partial<RunInstancesRequest> = {}): Promise<string[]> {
    const { InstanceIdSets } = await session.call(runInstances, { RegionId, ...request });
    return InstanceIdSets?.InstanceIdSet ?? [];
  }

  async function list(request: Partial<DescribeInstancesRequest> = {}): Promise<(string | undefined)[]> {
    const { Instances } = await session.call(describeInstances, { RegionId, PageSize: 100, ...request });
    return Instances?.Instance?.map(({ InstanceId }) => InstanceId) ?? [];
  }

  async function statuses(...ids: string[]): Promise<(string | undefined)[]> {
    const { InstanceStatuses } = await session.call(describeInstanceStatus, { RegionId, InstanceId: ids });
    return InstanceStatuses?.InstanceStatus?.map(({ Status }) => Status) ?? [];
  }

  /** One instance that runs. */
  async function running(): Promise<string> {
    const [id = ''] = await launch();
    session.clock.advance(1000);
    return id;
  }

  describe('regions', () => {
    it('are a world’s worth', async () => {
      const { Regions } = await session.call(describeRegions, {});
      expect(Regions?.Region?.length).toBeGreaterThan(10);
      expect(Regions?.Region).toContainEqual({
        RegionId,
        LocalName: 'China (Hangzhou)',
        RegionEndpoint: 'ecs.cn-hangzhou.aliyuncs.com',
        Status: 'available',
      });
    });

    it('are those that the emulator was told', async () => {
      session = openSession({ regions: ['xx-moon-1'] });
      const { Regions } = await session.call(describeRegions, {});
      expect(Regions?.Region?.map((region) => region.RegionId)).toEqual(['xx-moon-1']);
      expect(await refusalOf(launch())).toBe('404 InvalidRegionId.NotFound');
      expect(await launch({ RegionId: 'xx-moon-1' })).toHaveLength(1);
    });
  });

  describe('RunInstances', () => {
    it('starts as many as it is told, each with what it was given', async () => {
      const ids = await launch({
        Amount: 3,
        InstanceName: 'web-',
        UniqueSuffix: true,
        InstanceType: 'ecs.c7.2xlarge',
        ImageId: 'img-1',
        ZoneId: 'cn-hangzhou-k',
        Tag: [{ Key: 'team', Value: 'a' }],
      });
      expect(new Set(ids).size).toBe(3);
      const { Instances, TotalCount } = await session.call(describeInstances, { RegionId });
      expect(TotalCount).toBe(3);
      expect(Instances?.Instance?.map(({ InstanceName }) => InstanceName)).toEqual(['web-001', 'web-002', 'web-003']);
      expect(Instances?.Instance?.[0]).toMatchObject({
        InstanceId: ids[0],
        Status: 'Pending',
        RegionId,
        ZoneId: 'cn-hangzhou-k',
        InstanceType: 'ecs.c7.2xlarge',
        Cpu: 8,
        Memory: 16_384,
        ImageId: 'img-1',
        CreationTime: '2024-05-01T00:00Z',
        Tags: { Tag: [{ TagKey: 'team', TagValue: 'a' }] },
      });
    });

    it.each([0, 101, 1.5])('refuses %d instances', async (Amount) => {
      expect(await refusalOf(launch({ Amount }))).toBe('400 InvalidParameter');
    });

    it('refuses a minimum above the amount, and a dry run, which starts nothing', async () => {
      expect(await refusalOf(launch({ Amount: 2, MinAmount: 3 }))).toBe('400 InvalidParameter');
      expect(await refusalOf(launch({ DryRun: true }))).toBe('400 DryRunOperation');
      expect(await list()).toEqual([]);
    });

    it('starts nothing new for a client token that it knows', async () => {
      const first = await launch({ Amount: 2, ClientToken: 'token' });
      expect(await launch({ Amount: 2, ClientToken: 'token' })).toEqual(first);
      expect(await launch({ Amount: 2, ClientToken: 'other' })).not.toEqual(first);
      expect(await list()).toHaveLength(4);
      expect(await refusalOf(launch({ Amount: 3, ClientToken: 'token' }))).toBe('400 IdempotentParameterMismatch');
    });

    it('gives the same ids for the same seed', async () => {
      const first = await launch({ Amount: 2 });
      session = openSession();
      expect(await launch({ Amount: 2 })).toEqual(first);
    });
  });

  describe('an instance', () => {
    it('is pending for the boot time, then runs', async () => {
      const [id = ''] = await launch();
      session.clock.advance(999);
      expect(await statuses(id)).toEqual(['Pending']);
      session.clock.advance(1);
      expect(await statuses(id)).toEqual(['Running']);
    });

    it('stops, starts and reboots, each in its time', async () => {
      const id = await running();
      const seen: unknown[] = [];
      const look = async (): Promise<void> => {
        seen.push(...(await statuses(id)));
        session.clock.advance(1000);
        seen.push(...(await statuses(id)));
      };
      await session.call(stopInstance, { InstanceId: id });
      await look();
      await session.call(startInstance, { InstanceId: id });
      await look();
      await session.call(rebootInstance, { InstanceId: id });
      await look();
      expect(seen).toEqual(['Stopping', 'Stopped', 'Starting', 'Running', 'Starting', 'Running']);
    });

    it('that CreateInstance makes is stopped at first', async () => {
      const { InstanceId = '' } = await session.call(createInstance, { RegionId, InstanceType: 'ecs.g7.large' });
      session.clock.advance(1000);
      expect(await statuses(InstanceId)).toEqual(['Stopped']);
    });

    it('refuses what its status does not allow', async () => {
      const [id = ''] = await launch();
      const wrong = '403 IncorrectInstanceStatus';
      expect(await refusalOf(session.call(stopInstance, { InstanceId: id }))).toBe(wrong);
      session.clock.advance(1000);
      expect(await refusalOf(session.call(startInstance, { InstanceId: id }))).toBe(wrong);
      expect(await refusalOf(session.call(deleteInstance, { InstanceId: id }))).toBe(wrong);
      expect(await statuses(id)).toEqual(['Running']);
    });

    it('is left as it is by a dry run, which is refused as what it stands for would be', async () => {
      const id = await running();
      const [one, many] = [
        { InstanceId: id, DryRun: true },
        { RegionId, InstanceId: [id], DryRun: true },
      ];
      const refusals = [
        await refusalOf(session.call(stopInstance, one)),
        await refusalOf(session.call(rebootInstance, one)),
        await refusalOf(session.call(deleteInstance, { ...one, Force: true })),
        await refusalOf(session.call(stopInstances, many)),
        await refusalOf(session.call(deleteInstances, { ...many, Force: true })),
      ];
      expect(refusals).toEqual(refusals.map(() => '400 DryRunOperation'));
      expect(await refusalOf(session.call(startInstances, many))).toBe('403 IncorrectInstanceStatus');
      expect(await refusalOf(session.call(deleteInstance, one))).toBe('403 IncorrectInstanceStatus');
      expect(await statuses(id)).toEqual(['Running']);
    });

    it('is deleted once it is stopped, or by force', async () => {
      const [first, second] = [await running(), await running()];
      await session.call(stopInstance, { InstanceId: first });
      session.clock.advance(1000);
      await session.call(deleteInstance, { InstanceId: first });
      expect(await list()).toEqual([second]);
      await session.call(deleteInstances, { RegionId, InstanceId: [second], Force: true });
      expect(await list()).toEqual([]);
    });
  });

  describe('many instances', () => {
    it('are stopped and started together', async () => {
      const ids = await launch({ Amount: 2 });
      session.clock.advance(1000);
      const { InstanceResponses } = await session.call(stopInstances, { RegionId, InstanceId: ids });
      expect(InstanceResponses?.InstanceResponse).toEqual(
        ids.map((InstanceId) => ({
          InstanceId,
          Code: '200',
          Message: 'success',
          PreviousStatus: 'Running',
          CurrentStatus: 'Stopping',
        })),
      );
      session.clock.advance(1000);
      await session.call(startInstances, { RegionId, InstanceId: ids });
      expect(await statuses(...ids)).toEqual(['Starting', 'Starting']);
    });

    it('are left alone where one of them can’t, or isn’t', async () => {
      const id = await running();
      const [pending = ''] = await launch();
      const stop = (...ids: string[]): Promise<string> =>
        refusalOf(session.call(stopInstances, { RegionId, InstanceId: ids }));
      expect(await stop(id, pending)).toBe('403 IncorrectInstanceStatus');
      expect(await stop(id, 'i-unknown')).toBe('404 InvalidInstanceId.NotFound');
      expect(
        await refusalOf(session.call(deleteInstances, { RegionId, InstanceId: [pending, 'i-unknown'], Force: true })),
      ).toBe('404 InvalidInstanceId.NotFound');
      expect(await statuses(id, pending)).toEqual(['Running', 'Pending']);
    });

    it('are stopped as far as possible where that is wanted', async () => {
      const id = await running();
      const [pending = ''] = await launch();
      const request = { RegionId, InstanceId: [id, pending], BatchOptimization: 'SuccessFirst' };
      const { InstanceResponses } = await session.call(stopInstances, request);
      expect(InstanceResponses?.InstanceResponse?.map(({ Code }) => Code)).toEqual(['200', 'IncorrectInstanceStatus']);
      expect(await statuses(id, pending)).toEqual(['Stopping', 'Pending']);
    });
  });

  describe('DescribeInstances', () => {
    it('lists a region, and no other', async () => {
      const [id] = await launch();
      await launch({ RegionId: 'cn-beijing' });
      expect(await list()).toEqual([id]);
    });

    it('hands out numbered pages', async () => {
      const ids = await launch({ Amount: 25 });
      const page = (PageNumber: number): Promise<unknown[]> => list({ PageSize: 10, PageNumber });
      expect([await page(1), await page(2), await page(3), await page(4)]).toEqual([
        ids.slice(0, 10),
        ids.slice(10, 20),
        ids.slice(20),
        [],
      ]);
      expect(await session.call(describeInstances, { RegionId, PageNumber: 3 })).toMatchObject({
        TotalCount: 25,
        PageNumber: 3,
        PageSize: 10,
        NextToken: '',
      });
    });

    it.each([
      ['and nothing twice', false],
      ['whatever is deleted meanwhile', true],
    ])('hands out what follows a token, %s', async (_how, isDeleted) => {
      const ids = await launch({ Amount: 25 });
      const seen: unknown[] = [];
      let NextToken = '';
      do {
        const response: DescribeInstancesResponse = await session.call(describeInstances, {
          RegionId,
          MaxResults: 10,
          NextToken,
        });
        const page = response.Instances?.Instance?.map(({ InstanceId = '' }) => InstanceId) ?? [];
        seen.push(...page);
        if (isDeleted) await session.call(deleteInstances, { RegionId, InstanceId: page, Force: true });
        NextToken = response.NextToken ?? '';
      } while (NextToken !== '');
      expect(seen).toEqual(ids);
    });

    it('has no token for a last page that is full', async () => {
      await launch({ Amount: 10 });
      expect(await session.call(describeInstances, { RegionId, MaxResults: 10 })).toMatchObject({ NextToken: '' });
    });

    it.each<Partial<DescribeInstancesRequest>>([
      { PageSize: 101 },
      { PageSize: 0 },
      { PageNumber: 0 },
      { MaxResults: 101 },
      { NextToken: 'made up' },
      { InstanceIds: 'i-1' },
      { InstanceIds: '[1]' },
    ])('refuses %j', async (request) => {
      expect(await refusalOf(session.call(describeInstances, { RegionId, ...request }))).toBe('400 InvalidParameter');
    });

    it('finds what it is asked for', async () => {
      const [web] = await launch({
        InstanceName: 'web-1',
        ZoneId: 'cn-hangzhou-k',
        Tag: [{ Key: 'team', Value: 'a' }],
      });
      session.clock.advance(1000);
      const [db] = await launch({
        InstanceName: 'db-1',
        ImageId: 'img-1',
        Tag: [{ Key: 'team', Value: 'b' }, { Key: 'x' }],
      });
      const [other] = await launch({ InstanceName: 'my-web-1', InstanceType: 'ecs.r7.large' });
      const found = async (request: Partial<DescribeInstancesRequest>): Promise<unknown[]> => list(request);

      expect(await found({ InstanceIds: JSON.stringify([other, web, 'i-unknown']) })).toEqual([web, other]);
      expect(await found({ InstanceIds: '[]' })).toEqual([]);
      expect(await found({ Status: 'Running' })).toEqual([web]);
      expect(await found({ InstanceName: 'web-*' })).toEqual([web]);
      expect(await found({ InstanceName: '*web*' })).toEqual([web, other]);
      expect(await found({ InstanceName: 'db.1' })).toEqual([]);
      expect(await found({ ZoneId: 'cn-hangzhou-k' })).toEqual([web]);
      expect(await found({ ImageId: 'img-1' })).toEqual([db]);
      expect(await found({ InstanceType: 'ecs.r7.large' })).toEqual([other]);
      expect(await found({ Tag: [{ Key: 'team' }] })).toEqual([web, db]);
      expect(await found({ Tag: [{ Key: 'team', Value: 'b' }, { Key: 'x' }] })).toEqual([db]);
      expect(await found({ Status: 'Pending', InstanceName: 'web-1' })).toEqual([]);
    });
  });

  it('pages statuses by 50 at most', async () => {
    await launch({ Amount: 60 });
    const response = await session.call(describeInstanceStatus, { RegionId, PageNumber: 2, PageSize: 50 });
    expect(response.InstanceStatuses?.InstanceStatus).toHaveLength(10);
    expect(response.TotalCount).toBe(60);
    expect(await refusalOf(session.call(describeInstanceStatus, { RegionId, PageSize: 51 }))).toBe(
      '400 InvalidParameter',
    );
  });
});
