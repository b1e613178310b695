import { appOf, hydrate, render, shown } from './pages.js';
import { provideHttpClient, withFetch, withInterceptors as withHttpInterceptors } from '@angular/common/http';
import { ApplicationRef, createEnvironmentInjector, EnvironmentInjector, inject, InjectionToken } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { concatMap, of, range, toArray, type Observable } from 'rxjs';
import {
  alicloudResource,
  injectAlicloud,
  provideAlicloud,
  withGateway,
  withTransport,
} from '../../lib/angular/index.js';
import { isPlainJson } from '../../lib/angular/is-plain-json.js';
import { provideAlicloudTesting } from '../../lib/angular/testing/index.js';
import { AlicloudClient } from '../../lib/client.js';
import { describeInstances, describeInstanceVncUrl, EcsClient } from '../../lib/services/ecs.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import type { HttpRequest, HttpResponse, Transport } from '../../lib/transport/transport.js';
import { Gateway, json, operation } from '../gateway-client/support.js';

/** Answers with how many requests there have been. */
class Counting implements Transport {
  readonly urls: string[] = [];
  send({ url }: HttpRequest): Observable<HttpResponse> {
    const body = `{"TotalCount":${this.urls.push(url)}}`;
    return of({ status: 200, headers: { 'content-type': 'application/json' }, body });
  }
}

const throughGateway = (transport: Transport, gateway = '/api/alicloud') =>
  provideAlicloud({ regionId: 'cn-hangzhou' }, withGateway(gateway), withTransport(transport));

const list = () => injectAlicloud(AlicloudClient).call(describeInstances, {});

describe('what is carried over', () => {
  it('answers so many calls as the server made: what polls while the app is not yet stable has news', async () => {
    const app = appOf('{{ counts() }}', () => {
      const client = injectAlicloud(AlicloudClient);
      const calls = range(0, 3).pipe(
        concatMap(() => client.call(describeInstances, {})),
        toArray(),
      );
      return {
        counts: toSignal(calls.pipe(concatMap((all) => of(all.map(({ TotalCount }) => TotalCount).join(' '))))),
      };
    });
    const once = appOf('{{ list()?.TotalCount }}', () => ({ list: toSignal(list()) }));
    const transport = new Counting();
    const page = await render(once, [throughGateway(transport)]);
    expect(shown(await hydrate(app, [throughGateway(transport)], page))).toBe('1 2 3');
  });

  it('answers nothing any more once the app is stable', async () => {
    const transport = new Counting();
    const first = appOf('{{ list()?.TotalCount }}', () => ({ list: toSignal(list()) }));
    const page = await render(first, [throughGateway(transport)]);
    expect(transport.urls).toHaveLength(1);
    const counts: unknown[] = [];
    const later = appOf('', () => {
      const client = injectAlicloud(EcsClient);
      void inject(ApplicationRef)
        .whenStable()
        .then(() => client.describeInstances({}).subscribe(({ TotalCount }) => counts.push(TotalCount)));
      return {};
    });
    await hydrate(later, [throughGateway(transport)], page);
    expect(transport.urls).toHaveLength(2);
  });

  it("is not given to clients of a route's own that call another gateway, early or late", async () => {
    const transport = new Counting();
    const routed = (gateway: string) => {
      const app = inject(EnvironmentInjector);
      return createEnvironmentInjector([throughGateway(transport, gateway)], app).get(AlicloudClient);
    };
    const two = appOf('{{ list()?.TotalCount }} {{ other()?.TotalCount }}', () => ({
      list: toSignal(list()),
      other: toSignal(routed('/api/other').call(describeInstances, {})),
    }));
    const page = await render(two, [throughGateway(transport)]);
    const before = shown(page);
    expect(['1 2', '2 1']).toContain(before);
    expect(shown(await hydrate(two, [throughGateway(transport)], page))).toBe(before);
    const third = appOf('{{ list()?.TotalCount }}', () => ({
      list: toSignal(routed('/api/third').call(describeInstances, {})),
    }));
    expect(shown(await hydrate(third, [throughGateway(transport)], page))).toBe('3');
    expect(transport.urls.at(-1)).toContain('/api/third');
  });

  it('may come of another address of the gateway than the browser has', async () => {
    const transport = new Counting();
    const app = appOf('{{ list()?.TotalCount }}', () => ({ list: toSignal(list()) }));
    const page = await render(app, [throughGateway(transport, 'http://gateway.internal/api')]);
    expect(shown(await hydrate(app, [throughGateway(transport)], page))).toBe('1');
    expect(transport.urls).toHaveLength(1);
  });

  it('is nothing that was asked with more than the request', async () => {
    const emulator = createEmulator();
    const app = appOf('{{ list() !== undefined }}', () => ({
      list: toSignal(injectAlicloud(EcsClient).describeInstances({}, { headers: { 'x-tenant': 'a' } })),
    }));
    const page = await render(app, [provideAlicloudTesting(emulator)]);
    expect(page).not.toContain('rx-alicloud');
    await hydrate(app, [provideAlicloudTesting(emulator)], page);
    expect(emulator.requests.get('DescribeInstances')).toBe(2);
  });

  it('holds no answer with secrets in it', async () => {
    const gateway = await Gateway.open();
    gateway.reply = (_request, response) => json(response, { VncUrl: 'wss://let-me-in' });
    const app = appOf('{{ console() !== undefined }}', () => ({
      console: toSignal(injectAlicloud(AlicloudClient).call(describeInstanceVncUrl, { InstanceId: 'i-1' })),
    }));
    const providers = [
      provideHttpClient(withFetch()),
      provideAlicloud({ regionId: 'cn-hangzhou' }, withGateway(gateway.url)),
    ];
    const page = await render(app, providers);
    expect(shown(page)).toBe('true');
    expect(page).not.toContain('let-me-in');
    expect(shown(await hydrate(app, providers, page))).toBe('true');
    expect(gateway.received).toHaveLength(2);
    await gateway.close();
  });

  it('is no answer to a body of bytes', async () => {
    const check = operation<{ body: Uint8Array }>({ read: true, body: 'body=a', bodyType: 'bytes' });
    const transport = new Counting();
    const app = appOf('{{ checked()?.TotalCount }}', () => ({
      checked: toSignal(injectAlicloud(AlicloudClient).call(check, { body: new Uint8Array(3) })),
    }));
    const page = await render(app, [throughGateway(transport)]);
    expect([shown(page), page.includes('rx-alicloud')]).toEqual(['1', false]);
    expect(shown(await hydrate(app, [throughGateway(transport)], page))).toBe('2');
  });

  it('ends no script, whatever is in it', async () => {
    const gateway = await Gateway.open();
    const name = '</script><script>alert(1)</script><!--\u2028';
    gateway.reply = (_request, response) => json(response, { Instances: { Instance: [{ InstanceName: name }] } });
    const app = appOf('<p [title]="name()"></p>', () => {
      const instances = alicloudResource(describeInstances, () => ({ InstanceName: name }));
      return { name: () => String(instances.value()?.Instances?.Instance?.[0]?.InstanceName === name) };
    });
    const providers = [
      provideHttpClient(withFetch()),
      provideAlicloud({ regionId: 'cn-hangzhou' }, withGateway(gateway.url)),
    ];
    const page = await render(app, providers);
    expect(page).toContain('alert(1)');
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('<!--\u2028');
    expect(shown(await hydrate(app, providers, page))).toContain('title="true"');
    expect(gateway.received).toHaveLength(1);
    await gateway.close();
  });

  it('is of one user each, of pages that are rendered at once by the same gateway', async () => {
    const USER = new InjectionToken<string>('the user of a request');
    const gateway = await Gateway.open();
    const held: (() => void)[] = [];
    gateway.reply = ({ headers }, response) => {
      held.push(() => json(response, { Instances: { Instance: [{ InstanceName: `of ${headers.cookie}` }] } }));
      // Both are under way before either is answered, in the other order.
      if (held.length === 2) for (const answer of held.reverse()) answer();
    };
    const app = appOf('{{ list.value()?.Instances?.Instance?.[0]?.InstanceName }}', () => ({
      list: alicloudResource(describeInstances, () => ({})),
    }));
    const pageOf = (user: string) =>
      render(app, [
        { provide: USER, useValue: user },
        provideHttpClient(
          withFetch(),
          withHttpInterceptors([(request, next) => next(request.clone({ setHeaders: { cookie: inject(USER) } }))]),
        ),
        provideAlicloud({ regionId: 'cn-hangzhou' }, withGateway(gateway.url)),
      ]);
    const pages = await Promise.all(['alice', 'bob'].map(pageOf));
    expect(pages.map(shown)).toEqual(['of alice', 'of bob']);
    expect(pages.map((page) => [page.includes('alice'), page.includes('bob')])).toEqual([
      [true, false],
      [false, true],
    ]);
    await gateway.close();
  });
});

describe('a request that is a key', () => {
  class Own {
    a = 1;
  }
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;

  it.each<[string, unknown, boolean]>([
    ['nothing', undefined, true],
    ['plain', { a: [1, 'b', null, true, undefined], c: { d: 9007199254740993n } }, true],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), true],
    ['a function', { a: () => 1 }, false],
    ['a symbol', { a: Symbol('a') }, false],
    ['a Map', { a: new Map([['a', 1]]) }, false],
    ['a Set', { a: new Set([1]) }, false],
    ['a Date', { a: new Date(0) }, false],
    ['bytes', { a: new Uint8Array(3) }, false],
    ['a file', { a: new Blob(['a']) }, false],
    ['an object of a class', { a: [new Own()] }, false],
    ['no number', { a: NaN }, false],
    ['an infinite number', { a: [-Infinity] }, false],
    ['what contains itself', cyclic, false],
  ])('%s', (_what, request, isKey) => {
    expect(isPlainJson(request)).toBe(isKey);
  });
});
