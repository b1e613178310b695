/** What compiles and what does not: `tsc` is the judge, and nothing here is run. */
import { expectTypeOf } from 'expect-type';
import type { Readable } from 'node:stream';
import type { Observable } from 'rxjs';
import type { AlicloudClient } from '../../lib/client.js';
import { defineClient, type Client, type ClientClass } from '../../lib/client.js';
import { isClientError } from '../../lib/index.js';
import type {
  AlicloudError,
  CallOptions,
  Channel,
  ClientOptions,
  Content,
  FullResponse,
  HttpEvent,
  NoContent,
  Operation,
  Page,
  TimeoutPhase,
  TimeSpent,
} from '../../lib/index.js';
import { describeInstances, EcsClient, type DescribeInstancesResponse } from '../../lib/services/ecs.js';
import {
  feedAnimal,
  listAnimals,
  zoo,
  type ListAnimalsRequest,
  type ListAnimalsResponse,
  type ZooOperations,
} from './operations.js';

/** Types only: the function is never called. */
function compiles(_what: string, _code: (client: Client<ZooOperations>, alone: AlicloudClient) => void): void {
  it(_what, () => undefined);
}

describe('a call', () => {
  compiles('gives an Observable of the response', (client, alone) => {
    expectTypeOf(client.listAnimals({})).toEqualTypeOf<Observable<ListAnimalsResponse>>();
    expectTypeOf(client.feedAnimal({ Name: 'a' })).toEqualTypeOf<Observable<NoContent>>();
    expectTypeOf(alone.call(listAnimals, {})).toEqualTypeOf<Observable<ListAnimalsResponse>>();
    client.listAnimals().subscribe((response) => {
      expectTypeOf(response.Animals?.[0]?.Name).toEqualTypeOf<string | undefined>();
      expectTypeOf(response.Id).toEqualTypeOf<number | bigint | undefined>();
      // @ts-expect-error -- no such field
      void response.Animal;
    });
  });

  compiles('takes undefined for what may be left out', () => {
    const ecs = {} as InstanceType<typeof EcsClient>;
    const token = undefined as string | undefined;
    ecs.describeInstances({ NextToken: token, PageSize: undefined, Tag: [{ Key: 'a', Value: token }] });
    // @ts-expect-error -- it is required
    ecs.attachDisk({ DiskId: token, InstanceId: 'i-1' });
  });

  compiles('without a description says what comes by what is observed', (_client, alone) => {
    const request = { product: 'Ecs', version: '2014-05-26', action: 'DescribeRegions' } as const;
    expectTypeOf(alone.request(request)).toEqualTypeOf<Observable<unknown>>();
    expectTypeOf(alone.request<string>(request)).toEqualTypeOf<Observable<string>>();
    expectTypeOf(alone.request<string>({ ...request, observe: 'response' })).toEqualTypeOf<
      Observable<FullResponse<string>>
    >();
    expectTypeOf(alone.request({ ...request, observe: 'stream' })).toEqualTypeOf<Observable<Uint8Array>>();
  });

  compiles('gives the whole of the response where it is asked to', (client, alone) => {
    const options: CallOptions = {};
    type Full = Observable<FullResponse<ListAnimalsResponse>>;
    expectTypeOf(client.listAnimals({}, { observe: 'response' })).toEqualTypeOf<Full>();
    expectTypeOf(client.listAnimals({}, { observe: 'response', timeout: 1 })).toEqualTypeOf<Full>();
    expectTypeOf(alone.call(listAnimals, {}, { observe: 'response' })).toEqualTypeOf<Full>();
    expectTypeOf(client.listAnimals({}, { observe: 'body' })).toEqualTypeOf<Observable<ListAnimalsResponse>>();
    expectTypeOf(client.listAnimals({}, { timeout: 1 })).toEqualTypeOf<Observable<ListAnimalsResponse>>();
    // @ts-expect-error -- neither body nor response
    client.listAnimals({}, { observe: 'headers' });
    // @ts-expect-error -- whether the body or the whole comes is not known
    client.listAnimals({}, options);
  });

  compiles('gives bytes as they come where the response is bytes, and only there', (client, alone) => {
    const file = {} as Operation<{ Name: string }, Uint8Array>;
    const files = {} as Client<{ getFile: typeof file }>;
    const request = { Name: 'a' };
    expectTypeOf(alone.call(file, request, { observe: 'stream' })).toEqualTypeOf<Observable<Uint8Array>>();
    expectTypeOf(files.getFile(request, { observe: 'stream' })).toEqualTypeOf<Observable<Uint8Array>>();
    expectTypeOf(files.getFile(request)).toEqualTypeOf<Observable<Uint8Array>>();
    expectTypeOf(files.getFile(request, { observe: 'response' })).toEqualTypeOf<Observable<FullResponse<Uint8Array>>>();
    // @ts-expect-error -- the response is an object
    client.listAnimals({}, { observe: 'stream' });
    // @ts-expect-error -- the response is an object
    alone.call(listAnimals, {}, { observe: 'stream' });
    // @ts-expect-error -- `Name` is required
    files.getFile({}, { observe: 'stream' });
    // @ts-expect-error -- a channel gets the whole
    files.getFileWithChan(request, { observe: 'stream' });
  });

  compiles('takes content of every kind', () => {
    expectTypeOf<Readable>().toExtend<Content>();
    expectTypeOf<ReadableStream<Uint8Array>>().toExtend<Content>();
    expectTypeOf<AsyncIterable<Uint8Array>>().toExtend<Content>();
    expectTypeOf<Blob>().toExtend<Content>();
    expectTypeOf<number[]>().not.toExtend<Content>();
  });

  compiles('may be without a request where no field is required, and only there', (client, alone) => {
    client.listAnimals();
    client.listAnimals(undefined, { timeout: 1 });
    client.listAnimalsWithChan();
    alone.call(listAnimals);
    alone.callWithChan(listAnimals);
    // @ts-expect-error -- `Name` is required
    client.feedAnimal();
    // @ts-expect-error -- `Name` is required
    client.feedAnimalWithChan();
    // @ts-expect-error -- `Name` is required
    alone.call(feedAnimal);
    // @ts-expect-error -- `Name` is required
    alone.callWithChan(feedAnimal);
  });
});

describe('a list', () => {
  compiles('has items and pages of its types, of any client', (client, alone) => {
    expectTypeOf(client.items(listAnimals, {})).toEqualTypeOf<Observable<{ Name?: string }>>();
    expectTypeOf(alone.items(listAnimals)).toEqualTypeOf<Observable<{ Name?: string }>>();
    client.pages(listAnimals, { PageSize: 5 }, { concurrency: 4, timeout: 1000 }).subscribe((page) => {
      expectTypeOf(page).toEqualTypeOf<Page<ListAnimalsRequest, ListAnimalsResponse, { Name?: string }>>();
      // What goes on from there.
      if (page.next !== undefined) client.pages(listAnimals, page.next);
    });
    new EcsClient().items(describeInstances, { MaxResults: 5 }).subscribe(({ InstanceId }) => {
      expectTypeOf(InstanceId).toEqualTypeOf<string | undefined>();
    });
  });

  compiles('is of an operation that has pages, and takes its request', (client) => {
    // @ts-expect-error -- it has no pages
    client.items(feedAnimal, { Name: 'a' });
    // @ts-expect-error -- no such field
    client.items(listAnimals, { Page: 1 });
    // @ts-expect-error -- a page is its response
    client.pages(listAnimals, {}, { observe: 'response' });
  });
});

describe('a request', () => {
  compiles('has its required fields', (client, alone) => {
    client.feedAnimal({ Name: 'a' });
    // @ts-expect-error -- `Name` is missing
    client.feedAnimal({});
    // @ts-expect-error -- `Name` is missing
    client.feedAnimal({ Amount: 1 });
    // @ts-expect-error -- `Name` is missing
    client.feedAnimalWithChan({ Amount: 1 });
    // @ts-expect-error -- `Name` is missing
    client.feedAnimalWithCallback({ Amount: 1 }, () => undefined);
    // @ts-expect-error -- `Name` is missing
    alone.call(feedAnimal, { Amount: 1 });
    // @ts-expect-error -- `Name` is missing
    alone.callWithChan(feedAnimal, { Amount: 1 });
    // @ts-expect-error -- `Name` is missing
    alone.callWithCallback(feedAnimal, { Amount: 1 }, () => undefined);
  });

  compiles('has fields of the right types', (client) => {
    client.feedAnimal({ Name: 'a', Amount: 10n });
    // @ts-expect-error -- a number for a string
    client.feedAnimal({ Name: 1 });
    // @ts-expect-error -- a string for a number
    client.listAnimals({ PageSize: '1' });
    // @ts-expect-error -- a string for a list
    client.listAnimals({ Tag: 'a' });
    // @ts-expect-error -- a number for a string, within
    client.listAnimals({ Tag: [{ Key: 1 }] });
    // @ts-expect-error -- nothing for a required string
    client.feedAnimal({ Name: undefined });
  });

  compiles('has no other fields', (client, alone) => {
    // @ts-expect-error -- misspelt
    client.listAnimals({ PageSise: 1 });
    // @ts-expect-error -- misspelt, within
    client.listAnimals({ Tag: [{ key: 'a' }] });
    // @ts-expect-error -- misspelt
    client.listAnimalsWithChan({ pageSize: 1 });
    // @ts-expect-error -- misspelt
    alone.callWithCallback(listAnimals, { pageSize: 1 }, () => undefined);
  });
});

describe('the chan and callback variants', () => {
  compiles('give a channel of the response and one of the error', (client, alone) => {
    type Channels = [responseChannel: Channel<ListAnimalsResponse>, errChannel: Channel<AlicloudError>];
    expectTypeOf(client.listAnimalsWithChan({})).toEqualTypeOf<Channels>();
    expectTypeOf(alone.callWithChan(listAnimals, {})).toEqualTypeOf<Channels>();
    const [responseChannel, errChannel] = client.listAnimalsWithChan({});
    expectTypeOf(responseChannel.receive()).toEqualTypeOf<Promise<ListAnimalsResponse | undefined>>();
    expectTypeOf(errChannel.receive()).toEqualTypeOf<Promise<AlicloudError | undefined>>();
    // @ts-expect-error -- the body is all that comes through a channel
    client.listAnimalsWithChan({}, { observe: 'response' });
  });

  compiles('call back with the response or the error, and give a channel of 0 or 1', (client, alone) => {
    const blocker = client.listAnimalsWithCallback({}, (response, error) => {
      expectTypeOf(response).toEqualTypeOf<ListAnimalsResponse | undefined>();
      expectTypeOf(error).toEqualTypeOf<AlicloudError | undefined>();
    });
    expectTypeOf(blocker).toEqualTypeOf<Channel<0 | 1>>();
    expectTypeOf(alone.callWithCallback(listAnimals, {}, () => undefined)).toEqualTypeOf<Channel<0 | 1>>();
    // @ts-expect-error -- no callback
    client.listAnimalsWithCallback({});
    // @ts-expect-error -- a callback of another response
    client.listAnimalsWithCallback({}, (_response: string | undefined) => undefined);
    // @ts-expect-error -- the body is all that a callback gets
    client.listAnimalsWithCallback({}, () => undefined, { observe: 'response' });
  });
});

describe('a client', () => {
  compiles('is made of a product, and is a client for any operation too', () => {
    expectTypeOf(defineClient(zoo)).toEqualTypeOf<ClientClass<ZooOperations>>();
    expectTypeOf(new EcsClient()).toExtend<AlicloudClient>();
    expectTypeOf(new EcsClient().call(listAnimals, {})).toEqualTypeOf<Observable<ListAnimalsResponse>>();
    const injected: EcsClient = new EcsClient({ regionId: 'cn-hangzhou' });
    expectTypeOf(injected.describeInstances({ RegionId: 'cn-hangzhou' })).toEqualTypeOf<
      Observable<DescribeInstancesResponse>
    >();
    // `RegionId` is required, and the client's region stands in for it.
    injected.describeInstances({ PageSize: 50 });
    // @ts-expect-error -- `InstanceId` is required
    injected.stopInstance({ ForceStop: true });
    // @ts-expect-error -- no such operation
    void injected.describeInstance;
  });

  compiles('takes the options there are', () => {
    expectTypeOf<ClientOptions>().toHaveProperty('poolSize');
    // @ts-expect-error -- misspelt
    new EcsClient({ regionID: 'cn-hangzhou' });
    // @ts-expect-error -- a string for a number
    new EcsClient({ timeout: '1000' });
    // @ts-expect-error -- credentials come from a function
    new EcsClient({ credentials: { accessKeyId: 'id', accessKeySecret: 'secret' } });
    // @ts-expect-error -- an option of a call
    new EcsClient({ observe: 'response' });
  });
});

describe('a call of another kind', () => {
  compiles('without a description gives what its caller says', (_client, alone) => {
    const request = { product: 'Ecs', version: '2014-05-26', action: 'DescribeRegions' } as const;
    expectTypeOf(alone.request(request)).toEqualTypeOf<Observable<unknown>>();
    expectTypeOf(alone.request<{ Total: number }>(request)).toEqualTypeOf<Observable<{ Total: number }>>();
    expectTypeOf(alone.requestWithChan<string>(request)).toEqualTypeOf<[Channel<string>, Channel<AlicloudError>]>();
    alone.requestWithCallback<string>(request, (response, error) => {
      expectTypeOf(response).toEqualTypeOf<string | undefined>();
      expectTypeOf(error).toEqualTypeOf<AlicloudError | undefined>();
    });
    // @ts-expect-error -- no action
    alone.request({ product: 'Ecs', version: '2014-05-26' });
    // @ts-expect-error -- no such field
    alone.request({ ...request, param: {} });
    // @ts-expect-error -- no such style
    alone.request({ ...request, style: 'REST' });
  });

  compiles('gives all that becomes of it', (client, alone) => {
    type Events = Observable<HttpEvent<ListAnimalsResponse>>;
    expectTypeOf(alone.call(listAnimals, {}, { observe: 'events' })).toEqualTypeOf<Events>();
    expectTypeOf(client.listAnimals({}, { observe: 'events' })).toEqualTypeOf<Events>();
    // @ts-expect-error -- `Name` is required
    alone.call(feedAnimal, {}, { observe: 'events' });
  });
});

/** As Angular has it, which infers from the prototype. */
interface AbstractType<T> {
  readonly prototype: T;
}
declare function inject<T>(token: AbstractType<T>): T;

describe('a client class', () => {
  compiles('is a token of dependency injection, by which its calls are typed', () => {
    const ecs = inject(EcsClient);
    expectTypeOf(ecs).toEqualTypeOf<InstanceType<typeof EcsClient>>();
    expectTypeOf(ecs.describeInstances()).toEqualTypeOf<Observable<DescribeInstancesResponse>>();
    // @ts-expect-error -- no such method
    void ecs.describeInstanses;
  });
});

describe('a guard with a code', () => {
  compiles('gives what the error of that code has', () => {
    const error: unknown = undefined;
    if (isClientError(error, 'SDK.Timeout')) {
      expectTypeOf(error.phase).toEqualTypeOf<TimeoutPhase>();
      expectTypeOf(error.spent).toEqualTypeOf<TimeSpent | undefined>();
    }
    if (isClientError(error, 'SDK.AsyncQueueFull')) expectTypeOf(error.poolSize).toEqualTypeOf<number>();
    if (isClientError(error, 'SDK.Aborted')) expectTypeOf(error.code).toEqualTypeOf<'SDK.Aborted'>();
    if (isClientError(error)) {
      // @ts-expect-error -- not every error of this side has one
      void error.phase;
    }
  });
});
