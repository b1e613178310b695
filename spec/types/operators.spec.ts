/** What compiles of the operators and what does not: `tsc` is the judge, and nothing here is run. */
import { expectTypeOf } from 'expect-type';
import { map, type Observable } from 'rxjs';
import {
  defineResource,
  pollUntil,
  retryOverflow,
  settled,
  settledOutcome,
  waitFor,
  watch,
  type ListChanges,
  type Outcome,
} from '../../lib/operators/index.js';
import {
  describeInstances,
  type DescribeInstancesResponse,
  type DescribeInstancesResponseInstancesInstance as Instance,
  type EcsClient,
  type RunInstancesResponse,
} from '../../lib/services/ecs.js';
import { clusterRunning } from '../../lib/waiters/cs.js';
import { instanceRunning } from '../../lib/waiters/ecs.js';

/** Types only: the function is never called. */
function compiles(_what: string, _code: (client: InstanceType<typeof EcsClient>) => void): void {
  it(_what, () => undefined);
}

describe('the operators', () => {
  compiles('know the resources that a waiter waits for', (client) => {
    expectTypeOf(waitFor(client, instanceRunning, ['i-1'])).toEqualTypeOf<Observable<readonly Instance[]>>();
    waitFor(client, clusterRunning, 'c-1').subscribe(([cluster]) =>
      expectTypeOf(cluster?.state).toEqualTypeOf<string | undefined>(),
    );
    // Responses have all their fields optional, and so are the ids that come from them.
    waitFor(client, instanceRunning, undefined as string[] | undefined);
    // @ts-expect-error -- an id is a text
    waitFor(client, instanceRunning, 1);
    // @ts-expect-error -- no such option
    waitFor(client, instanceRunning, 'i-1', { patience: 1 });
  });

  compiles('check a resource against its operation', () => {
    const resource = { idOf: ({ InstanceId }: Instance) => InstanceId, stateOf: ({ Status }: Instance) => Status };
    defineResource({
      ...resource,
      operation: describeInstances,
      request: ([InstanceIds]) => ({ InstanceIds }),
      items: ({ Instances }) => Instances?.Instance,
    });
    defineResource({
      ...resource,
      operation: describeInstances,
      // @ts-expect-error -- a field of another type
      request: () => ({ InstanceIds: 7 }),
      items: ({ Instances }) => Instances?.Instance,
    });
  });

  compiles('give what the call gives', (client) => {
    const call = client.describeInstances({});
    expectTypeOf(pollUntil(call, ({ TotalCount }) => TotalCount === 0)).toEqualTypeOf<
      Observable<DescribeInstancesResponse>
    >();
    expectTypeOf(settled(client.runInstances({}), () => [])).toEqualTypeOf<Observable<RunInstancesResponse>>();
    expectTypeOf(call.pipe(retryOverflow({ client }))).toEqualTypeOf<Observable<DescribeInstancesResponse>>();
    expectTypeOf(call.pipe(settledOutcome())).toEqualTypeOf<Observable<Outcome<DescribeInstancesResponse>>>();
  });

  compiles('tell changes of lists, and of lists only', (client) => {
    const call = client.describeInstances({});
    const list = call.pipe(map(({ Instances }) => Instances?.Instance ?? []));
    expectTypeOf(watch(list, { period: 1, changes: ({ InstanceId }) => InstanceId })).toEqualTypeOf<
      Observable<ListChanges<Instance>>
    >();
    expectTypeOf(watch(call, { period: 1, changes: true })).toEqualTypeOf<Observable<DescribeInstancesResponse>>();
    expectTypeOf(watch(call, { period: 1 })).toEqualTypeOf<Observable<DescribeInstancesResponse>>();
    // @ts-expect-error -- a response is no list
    watch(call, { period: 1, changes: () => 1 });
    // @ts-expect-error -- how often it is made has no default
    watch(call, {});
  });

  compiles('narrow outcomes by `ok`', (client) => {
    client
      .describeInstances({})
      .pipe(settledOutcome())
      .subscribe((outcome) => {
        if (outcome.ok) expectTypeOf(outcome.value).toEqualTypeOf<DescribeInstancesResponse>();
        else expectTypeOf(outcome.error.code).toEqualTypeOf<string>();
      });
  });
});
