import { expectTypeOf } from 'expect-type';
import type { Observable } from 'rxjs';
import { AlicloudClient } from '../../lib/client.js';
import type { ClientOptions } from '../../lib/client-options.js';
import type { AnyOperation, HttpRequest, RequestedCall } from '../../lib/index.js';
import { describeRegions, EcsClient, type DescribeRegionsResponse } from '../../lib/services/ecs.js';
import { MemoryTransport } from '../pipeline/support.js';

it('has the types of a client without a gateway', () => {
  const options = { gateway: '/api', transport: new MemoryTransport() } satisfies ClientOptions;
  expectTypeOf(new EcsClient(options).describeRegions({})).toEqualTypeOf<Observable<DescribeRegionsResponse>>();
  expectTypeOf(new AlicloudClient(options).call(describeRegions, {})).toEqualTypeOf<
    Observable<DescribeRegionsResponse>
  >();
  // @ts-expect-error -- A URL is given as a text.
  expect(() => new EcsClient({ ...options, gateway: new URL('https://gateway.example') })).toThrow(/to be a string/);
});

it('gives every transport the call and the id of the attempt', () => {
  expectTypeOf<HttpRequest['call']>().toEqualTypeOf<RequestedCall | undefined>();
  expectTypeOf<HttpRequest['attemptId']>().toEqualTypeOf<string | undefined>();
  expectTypeOf<RequestedCall['operation']>().toEqualTypeOf<AnyOperation>();
});
