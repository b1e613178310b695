/** What the compiler knows of lists: checked by `tsc`, and here only said. */
import type { Observable } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { Page } from '../../lib/paging/page.js';
import {
  describeDomainRecords,
  type DescribeDomainRecordsResponseDomainRecordsRecord,
} from '../../lib/services/alidns.js';
import { listListeners, type ListListenersResponseListeners } from '../../lib/services/alb.js';
import { queryInstanceBill, type QueryInstanceBillResponseDataItemsItem } from '../../lib/services/bssopenapi.js';
import { describeUserDomains, type DescribeUserDomainsResponseDomainsPageData } from '../../lib/services/cdn.js';
import { describeClustersV1, type DescribeClustersV1ResponseClusters } from '../../lib/services/cs.js';
import {
  describeInstances,
  describeRegions,
  type DescribeInstancesRequest,
  type DescribeInstancesResponse,
  type DescribeInstancesResponseInstancesInstance,
} from '../../lib/services/ecs.js';
import { describeErrorLogs, type DescribeErrorLogsResponseItemsErrorLog } from '../../lib/services/rds.js';
import { listUsers, type ListUsersResponseUsersUser } from '../../lib/services/ram.js';
import { listStacks, type ListStacksResponseStacks } from '../../lib/services/ros.js';
import { listTagKeys } from '../../lib/services/tag.js';
import { describeVpcs, type DescribeVpcsResponseVpcsVpc } from '../../lib/services/vpc.js';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles where the two are the same type, and neither is `any`. */
const same = <Expected>() => ({
  as: <Found>(_found: Observable<Found>, ..._proof: Equal<Found, Expected> extends true ? [] : [never]): void =>
    undefined,
});

it('knows the items of each product, and refuses what has no pages', () => {
  const client = new AlicloudClient({ regionId: 'cn-hangzhou' });
  same<DescribeInstancesResponseInstancesInstance>().as(client.items(describeInstances));
  same<DescribeVpcsResponseVpcsVpc>().as(client.items(describeVpcs));
  same<ListUsersResponseUsersUser>().as(client.items(listUsers, { MaxItems: 5 }));
  same<DescribeDomainRecordsResponseDomainRecordsRecord>().as(client.items(describeDomainRecords, { DomainName: 'a' }));
  same<DescribeUserDomainsResponseDomainsPageData>().as(client.items(describeUserDomains));
  same<QueryInstanceBillResponseDataItemsItem>().as(client.items(queryInstanceBill, { BillingCycle: '2026-01' }));
  same<ListStacksResponseStacks>().as(client.items(listStacks, { RegionId: 'cn-hangzhou' }));
  same<DescribeClustersV1ResponseClusters>().as(client.items(describeClustersV1));
  same<ListListenersResponseListeners>().as(client.items(listListeners));
  same<DescribeErrorLogsResponseItemsErrorLog>().as(
    client.items(describeErrorLogs, { DBInstanceId: 'a', StartTime: 'b', EndTime: 'c' }),
  );
  same<Page<DescribeInstancesRequest, DescribeInstancesResponse, DescribeInstancesResponseInstancesInstance>>().as(
    client.pages(
      describeInstances,
      {},
      { concurrency: 2, after: ({ items }) => Promise.resolve(items[0]?.InstanceId) },
    ),
  );

  // @ts-expect-error -- it has no pages
  client.items(describeRegions);
  // @ts-expect-error -- a field is required
  client.items(describeDomainRecords);
  // @ts-expect-error -- a field is required
  client.items(describeDomainRecords, {});
  // @ts-expect-error -- there is no such field
  client.items(describeInstances, { Sttus: 'Running' });
  // @ts-expect-error -- there is no such option
  client.items(describeInstances, {}, { concurency: 2 });
  // @ts-expect-error -- a page is its response
  client.items(describeInstances, {}, { observe: 'response' });
  // @ts-expect-error -- of another product
  same<DescribeVpcsResponseVpcsVpc>().as(client.items(describeInstances));
  expect([describeInstances.pages, listTagKeys.pages, describeRegions.pages]).toEqual([
    expect.any(String),
    expect.any(String),
    undefined,
  ]);
});
