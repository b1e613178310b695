/** What `zone.spec.ts` runs in a process of its own, as Zone.js patches Node's modules for good. It prints what happened. */
import 'zone.js/node';
import '@angular/compiler';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Component, enableProdMode, provideZoneChangeDetection } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { bootstrapApplication, type BootstrapContext } from '@angular/platform-browser';
import { BEFORE_APP_SERIALIZED, provideServerRendering, renderApplication } from '@angular/platform-server';
import {
  alicloudResource,
  alicloudStats,
  injectAlicloud,
  provideAlicloud,
  withCredentials,
} from '../../lib/angular/index.js';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { describeInstances } from '../../lib/services/ecs.js';

enableProdMode();

let open = 0;
const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json');
  response.end('{"TotalCount":3}');
});
server.keepAliveTimeout = 3_600_000;
server.on('connection', (socket) => {
  open++;
  socket.on('close', () => open--);
});

class Page {
  readonly list = alicloudResource(describeInstances, () => ({}));
  readonly plain = toSignal(injectAlicloud(AlicloudClient).call(describeInstances, { PageSize: 1 }));
  readonly endless = toSignal(injectAlicloud(AlicloudClient).stats$);
  readonly stats = alicloudStats(injectAlicloud(AlicloudClient));
}
Component({
  selector: 'app-root',
  template: '{{ list.value()?.TotalCount }} {{ plain()?.TotalCount }} {{ stats().running }}',
})(Page);

async function renderOne(endpoint: string): Promise<void> {
  let openAtTheEnd = 0;
  const providers = [
    provideZoneChangeDetection(),
    provideServerRendering(),
    provideAlicloud(
      { regionId: 'cn-hangzhou', endpoint, idleTimeout: 3_600_000 },
      withCredentials(accessKey('id', 'secret')),
    ),
    { provide: BEFORE_APP_SERIALIZED, multi: true, useValue: () => void (openAtTheEnd = open) },
  ];
  const bootstrap = (context: BootstrapContext) => bootstrapApplication(Page, { providers }, context);
  const page = await renderApplication(bootstrap, {
    document: '<html><head></head><body><app-root></app-root></body></html>',
    url: 'http://localhost:4200/',
    allowedHosts: ['localhost'],
  });
  const shown = /<app-root[^>]*>([^]*?)<\/app-root>/.exec(page)?.[1];
  console.log(JSON.stringify({ shown, isKeptAlive: openAtTheEnd > 0 }));
  server.closeAllConnections();
  server.close();
}

server.listen(0, '127.0.0.1', () => void renderOne(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
