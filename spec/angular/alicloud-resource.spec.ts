import { configure } from './support.js';
import { ApplicationRef, signal, type Signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { expectTypeOf } from 'expect-type';
import { Subject, throwError } from 'rxjs';
import {
  alicloudItems,
  alicloudResource,
  alicloudStats,
  injectAlicloud,
  type AlicloudResourceRef,
} from '../../lib/angular/index.js';
import { provideAlicloudTesting } from '../../lib/angular/testing/index.js';
import { AlicloudClient } from '../../lib/client.js';
import { ClientError, type AlicloudError } from '../../lib/errors.js';
import type { ClientStats } from '../../lib/events/events.js';
import {
  describeInstances,
  type DescribeInstancesRequest,
  type DescribeInstancesResponse,
} from '../../lib/services/ecs.js';
import { apiError } from '../../lib/testing/api-error.js';
import { answerWith, fakeClient } from '../../lib/testing/fake/index.js';
import { operation } from '../gateway-client/support.js';

/** Lets the effects run, and what they have begun. */
async function settle(): Promise<void> {
  TestBed.tick();
  await TestBed.inject(ApplicationRef).whenStable();
}

function inApp<T>(client: AlicloudClient, make: () => T): T {
  configure(provideAlicloudTesting(client));
  return TestBed.runInInjectionContext(make);
}

const listed = (TotalCount: number): DescribeInstancesResponse => ({ TotalCount });

describe('alicloudResource', () => {
  it('has the response to a request, and that to the next when a signal in it changes', async () => {
    const client = fakeClient([answerWith(describeInstances, ({ PageSize }) => listed(Number(PageSize)))]);
    const size = signal(10);
    const list = inApp(client, () => alicloudResource(describeInstances, () => ({ PageSize: size() })));
    expect([list.status(), list.value()]).toEqual(['loading', undefined]);
    await settle();
    expect([list.status(), list.value()]).toEqual(['resolved', listed(10)]);
    size.set(20);
    await settle();
    expect(list.value()).toEqual(listed(20));
    expect(client.calls).toHaveLength(2);
  });

  it('cancels the call to a request that is no longer wanted, and what is left with its injector', () => {
    const client = fakeClient([answerWith(describeInstances, () => new Subject<never>())]);
    const size = signal<number | undefined>(1);
    inApp(client, () =>
      alicloudResource(describeInstances, () => {
        const PageSize = size();
        return PageSize === undefined ? undefined : { PageSize };
      }),
    );
    TestBed.tick();
    expect(client.calls.map(({ outcome }) => outcome)).toEqual(['pending']);
    size.set(2);
    TestBed.tick();
    expect(client.calls.map(({ outcome }) => outcome)).toEqual(['unsubscribed', 'pending']);
    TestBed.resetTestingModule();
    expect(client.calls.map(({ outcome }) => outcome)).toEqual(['unsubscribed', 'unsubscribed']);
  });

  it('is idle without a request', async () => {
    const client = fakeClient([answerWith(describeInstances, listed(1))]);
    const request = signal<DescribeInstancesRequest | undefined>(undefined);
    const list = inApp(client, () => alicloudResource(describeInstances, () => request(), { defaultValue: listed(0) }));
    await settle();
    expect([list.status(), list.value()]).toEqual(['idle', listed(0)]);
    request.set({});
    await settle();
    expect([list.status(), list.value()]).toEqual(['resolved', listed(1)]);
    request.set(undefined);
    await settle();
    expect([list.status(), list.value()]).toEqual(['idle', listed(0)]);
    expect(client.calls).toHaveLength(1);
  });

  it('has the typed error, and another chance by reload', async () => {
    let attempts = 0;
    const client = fakeClient([
      answerWith(describeInstances, () => {
        if (attempts++ === 0) throw apiError(429, 'Throttling', 'too many');
        return listed(1);
      }),
    ]);
    const list = inApp(client, () => alicloudResource(describeInstances, () => ({})));
    await settle();
    expect(list.status()).toBe('error');
    expect(list.error()).toMatchObject({ kind: 'server', code: 'Throttling', action: 'DescribeInstances' });
    list.reload();
    await settle();
    expect([list.status(), list.error(), list.value()]).toEqual(['resolved', undefined, listed(1)]);
  });

  it("makes one of the SDK's errors of whatever a client of another kind fails with", async () => {
    const client = Object.assign(fakeClient([]), { call: () => throwError(() => 'a text') });
    const list = inApp(client, () => alicloudResource(describeInstances, () => ({})));
    await settle();
    expect(list.error()).toBeInstanceOf(ClientError);
    expect(list.error()).toMatchObject({ code: 'SDK.Unexpected', message: 'a text' });
  });

  it('has the latest event of a stream, or all so far', async () => {
    const events = operation<Record<string, never>, string>({ responseType: 'events', response: 's' });
    const source = new Subject<string>();
    const client = fakeClient([answerWith(events, () => source)]);
    const [latest, all] = inApp(client, () => [
      alicloudResource(events, () => ({})),
      alicloudResource(events, () => ({}), { collect: true, defaultValue: [] }),
    ]);
    expectTypeOf(latest).toEqualTypeOf<AlicloudResourceRef<string | undefined>>();
    expectTypeOf(all).toEqualTypeOf<AlicloudResourceRef<readonly string[]>>();
    TestBed.tick();
    expect(all.value()).toEqual([]);
    source.next('a');
    await settle();
    source.next('b');
    expect([latest.value(), all.value()]).toEqual(['b', ['a', 'b']]);
    source.complete();
    expect([latest.value(), latest.status()]).toEqual(['b', 'resolved']);
  });

  it('refuses options that can not work, at once', () => {
    const client = fakeClient([]);
    const make = (options: object) => () =>
      inApp(client, () => alicloudResource(describeInstances, () => ({}), options));
    expect(make({ colect: true })).toThrow('Expected `colect` to be absent');
    TestBed.resetTestingModule();
    expect(make({ id: 1 })).toThrow('Expected `id` to be a string, got 1');
    TestBed.resetTestingModule();
    expect(() => inApp(client, () => alicloudResource(describeInstances, {} as () => object))).toThrow(
      'Expected `request` to be a function that gives the request, or undefined',
    );
    TestBed.resetTestingModule();
    expect(() => inApp(client, () => alicloudItems(describeInstances, () => ({}), { limit: 0 }))).toThrow(
      'Expected `limit` to be an integer >= 1, got 0',
    );
  });

  it('is typed by its operation', () => {
    const check = (): void => {
      const list = alicloudResource(describeInstances, () => ({ PageSize: 1 }));
      expectTypeOf(list.value()).toEqualTypeOf<DescribeInstancesResponse | undefined>();
      expectTypeOf(list.error).toEqualTypeOf<Signal<AlicloudError | undefined>>();
      if (list.hasValue()) expectTypeOf(list.value()).toEqualTypeOf<DescribeInstancesResponse>();
      // @ts-expect-error -- there is no such field.
      alicloudResource(describeInstances, () => ({ PageSise: 1 }));
      // @ts-expect-error -- an operation without pages has no items.
      alicloudItems(operation(), () => ({}));
    };
    expect(check).toBeDefined();
  });
});

describe('alicloudItems', () => {
  const page = (number: number): DescribeInstancesResponse => ({
    TotalCount: 5,
    PageNumber: number,
    PageSize: 2,
    Instances: {
      Instance: [1, 2].map((each) => ({ InstanceId: `i-${number}-${each}` })).slice(0, number === 3 ? 1 : 2),
    },
  });
  const client = (): ReturnType<typeof fakeClient> =>
    fakeClient([answerWith(describeInstances, ({ PageNumber }) => page(Number(PageNumber ?? 1)))]);

  it('has the items of all pages', async () => {
    const items = inApp(client(), () => alicloudItems(describeInstances, () => ({ PageSize: 2 })));
    await settle();
    expect(items.value()?.map(({ InstanceId }) => InstanceId)).toEqual(['i-1-1', 'i-1-2', 'i-2-1', 'i-2-2', 'i-3-1']);
  });

  it('asks for no page that is not needed', async () => {
    const limited = client();
    const items = inApp(limited, () =>
      alicloudItems(describeInstances, () => ({ PageSize: 2 }), { limit: 3, defaultValue: [] }),
    );
    expect(items.value()).toEqual([]);
    await settle();
    expect(items.value()).toHaveLength(3);
    expect(limited.calls).toHaveLength(2);
  });
});

describe('alicloudStats', () => {
  it('follows the client, and lets go of it with its injector', () => {
    const source = new Subject<ClientStats>();
    const client = fakeClient([]);
    Object.defineProperty(client, 'stats$', { value: source });
    const stats = inApp(client, () => alicloudStats(injectAlicloud(AlicloudClient)));
    expect(stats()).toMatchObject({ running: 0, waiting: 0, poolSize: undefined });
    source.next({ ...stats(), running: 3 });
    expect(stats().running).toBe(3);
    TestBed.resetTestingModule();
    expect(source.observed).toBe(false);
  });
});
