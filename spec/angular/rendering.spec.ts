import { appOf, emulatorWith, hydrate, render, shown } from './pages.js';
import { provideHttpClient, withFetch } from '@angular/common/http';
import { toSignal } from '@angular/core/rxjs-interop';
import { catchError, of } from 'rxjs';
import {
  alicloudItems,
  alicloudResource,
  alicloudStats,
  injectAlicloud,
  provideAlicloud,
  withGateway,
} from '../../lib/angular/index.js';
import { provideAlicloudTesting } from '../../lib/angular/testing/index.js';
import { AlicloudClient } from '../../lib/client.js';
import { describeInstances, EcsClient, runInstances } from '../../lib/services/ecs.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { Gateway, json, operation } from '../gateway-client/support.js';

describe('a page that a server renders', () => {
  const app = appOf(
    '<p>{{ plain()?.TotalCount }} {{ resource.value()?.TotalCount }} {{ items.value()?.length }}</p>',
    () => ({
      plain: toSignal(injectAlicloud(EcsClient).describeInstances({ PageSize: 1 })),
      resource: alicloudResource(describeInstances, () => ({ PageSize: 2 })),
      items: alicloudItems(describeInstances, () => ({ PageSize: 1 })),
    }),
  );

  it('waits for calls, for resources and for all pages of a list, and the browser makes none of them again', async () => {
    const emulator = await emulatorWith(3);
    const page = await render(app, [provideAlicloudTesting(emulator)]);
    expect(shown(page)).toBe('<p>3 3 3</p>');
    // The first page of the list is what was asked for on its own, too.
    const made = emulator.requests.get('DescribeInstances');
    expect(made).toBe(5);

    const hydrated = await hydrate(app, [provideAlicloudTesting(emulator)], page);
    expect(shown(hydrated)).toBe('<p>3 3 3</p>');
    expect(emulator.requests.get('DescribeInstances')).toBe(made);
  });

  it('waits for a plain call that takes a while, read or write, over whatever transport', async () => {
    const slow = appOf('{{ read() !== undefined }} {{ made() !== undefined }}', () => ({
      read: toSignal(injectAlicloud(EcsClient).describeRegions({})),
      made: toSignal(injectAlicloud(EcsClient).call(runInstances, { Amount: 1 })),
    }));
    const page = await render(slow, [provideAlicloudTesting(createEmulator({ latency: 20 }))]);
    expect(shown(page)).toBe('true true');
  });

  it('has nothing in it for another region or another request', async () => {
    const emulator = await emulatorWith(3);
    const page = await render(app, [provideAlicloudTesting(emulator)]);
    const made = emulator.requests.get('DescribeInstances') ?? 0;
    await hydrate(app, [provideAlicloudTesting(emulator, { regionId: 'cn-beijing' })], page);
    expect(emulator.requests.get('DescribeInstances')).toBe(made + 3);
  });

  it('shows nothing that another was given', async () => {
    const [one, other] = await Promise.all([
      render(app, [provideAlicloudTesting(await emulatorWith(1))]),
      render(app, [provideAlicloudTesting(await emulatorWith(2))]),
    ]);
    expect([shown(one), shown(other)]).toEqual(['<p>1 1 1</p>', '<p>2 2 2</p>']);
    expect(other).not.toContain('"TotalCount\\":1');
  });

  it('makes writes anew, and carries no failure over', async () => {
    const emulator = await emulatorWith(1);
    const writing = appOf('{{ made()?.RequestId === undefined }} {{ failed() }}', () => ({
      made: toSignal(injectAlicloud(EcsClient).call(runInstances, { Amount: 1 })),
      failed: toSignal(
        injectAlicloud(EcsClient)
          .describeInstances({ PageSize: 2 }, { retry: false })
          .pipe(catchError(() => of('failed'))),
      ),
    }));
    const disarm = emulator.inject({ kind: 'error', action: 'DescribeInstances' });
    const page = await render(writing, [provideAlicloudTesting(emulator)]);
    expect(shown(page)).toBe('false failed');
    disarm();
    await hydrate(writing, [provideAlicloudTesting(emulator)], page);
    expect(emulator.requests.get('RunInstances')).toBe(3);
    expect(emulator.requests.get('DescribeInstances')).toBe(1);
  });

  it('is carried over with all digits, and without what only the server may know', async () => {
    const gateway = await Gateway.open();
    gateway.reply = (_request, response) =>
      json(response, '{"TotalCount":9007199254740993}', 200, {
        'cache-control': 'no-store',
        'set-cookie': 'session=private',
      });
    const exact = appOf('{{ of(list.value()) }}', () => ({
      list: alicloudResource(describeInstances, () => ({})),
      of: (list?: { TotalCount?: unknown }) => String(list?.TotalCount),
    }));
    const providers = [
      provideHttpClient(withFetch()),
      provideAlicloud({ regionId: 'cn-hangzhou' }, withGateway(gateway.url)),
    ];
    const page = await render(exact, providers);
    expect(shown(page)).toBe('9007199254740993');
    expect(page).not.toContain('private');
    expect(shown(await hydrate(exact, providers, page))).toBe('9007199254740993');
    expect(gateway.received).toHaveLength(1);
    await gateway.close();
  });

  it('shows the failure of a gateway that can not be reached, and the browser tries again', async () => {
    const gateway = await Gateway.open();
    const providers = [
      provideHttpClient(withFetch()),
      provideAlicloud({ regionId: 'cn-hangzhou', retry: false }, withGateway(gateway.url)),
    ];
    await gateway.close();
    const failing = appOf('{{ list.status() }} {{ list.error()?.code }} {{ list.hasValue() }}', () => ({
      list: alicloudResource(describeInstances, () => ({})),
    }));
    const page = await render(failing, providers);
    expect(shown(page)).toBe('error SDK.NetworkError false');
    expect(page).not.toContain('rx-alicloud ');
    expect(shown(await hydrate(failing, providers, page))).toBe('error SDK.NetworkError false');
  });

  it('waits for no timer of statistics, and begins no stream of events', async () => {
    const events = operation<Record<string, never>, string>({ responseType: 'events', response: 's' });
    const emulator = createEmulator();
    const endless = appOf('{{ stats().running }} {{ stream.status() }}', () => ({
      stats: alicloudStats(injectAlicloud(AlicloudClient)),
      stream: alicloudResource(events, () => ({})),
    }));
    expect(shown(await render(endless, [provideAlicloudTesting(emulator)]))).toBe('0 idle');
    expect(emulator.activeRequests).toBe(0);
  });
});
