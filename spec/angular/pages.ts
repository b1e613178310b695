/** Pages that are rendered in a spec: by a server, and by what takes itself for a browser. */
import '@angular/compiler';
import {
  ChangeDetectionStrategy,
  Component,
  enableProdMode,
  makeStateKey,
  PLATFORM_ID,
  provideZonelessChangeDetection,
  TransferState,
  type EnvironmentProviders,
  type Provider,
  type Type,
} from '@angular/core';
import { bootstrapApplication, type BootstrapContext } from '@angular/platform-browser';
import { provideServerRendering, renderApplication } from '@angular/platform-server';
import { firstValueFrom } from 'rxjs';
import { accessKey } from '../../lib/credentials/credentials.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { createEmulator } from '../../lib/testing/create-emulator.js';
import { emulatorCredentials } from '../../lib/testing/credentials.js';
import type { Emulator } from '../../lib/testing/emulator.js';

enableProdMode();

export type Providers = readonly (EnvironmentProviders | Provider)[];

/** An app of one component, as compiled in the browser. */
export function appOf(template: string, fields: () => object): Type<unknown> {
  class App {
    constructor() {
      Object.assign(this, fields());
    }
  }
  Component({ selector: 'app-root', template, changeDetection: ChangeDetectionStrategy.OnPush })(App);
  return App;
}

const blank = '<html><head></head><body><app-root></app-root></body></html>';

/** The page that is made of it: by a server, of a blank page, or by what takes itself for a browser, of a server's page. */
export function render(app: Type<unknown>, providers: Providers, document = blank): Promise<string> {
  const all = [provideZonelessChangeDetection(), provideServerRendering(), ...providers];
  const bootstrap = (context: BootstrapContext) => bootstrapApplication(app, { providers: all }, context);
  return renderApplication(bootstrap, { document, url: 'http://localhost:4200/', allowedHosts: ['localhost'] });
}

export function hydrate(app: Type<unknown>, providers: Providers, page: string): Promise<string> {
  const state = new TransferState();
  const [, script = '{}'] = /<script id="ng-state"[^>]*>([^]*?)<\/script>/.exec(page) ?? [];
  for (const [key, value] of Object.entries(JSON.parse(script) as object)) state.set(makeStateKey(key), value);
  const browser = [
    { provide: PLATFORM_ID, useValue: 'browser' },
    { provide: TransferState, useValue: state },
  ];
  return render(app, [...browser, ...providers]);
}

export const shown = (page: string): string => /<app-root[^>]*>([^]*?)<\/app-root>/.exec(page)?.[1] ?? '';

export async function emulatorWith(instances: number): Promise<Emulator> {
  const { accessKeyId, accessKeySecret } = emulatorCredentials;
  const emulator = createEmulator();
  const ecs = new EcsClient({
    regionId: 'cn-hangzhou',
    credentials: accessKey(accessKeyId, accessKeySecret),
    transport: emulator.transport,
  });
  await firstValueFrom(ecs.runInstances({ Amount: instances, InstanceName: 'web' }));
  return emulator;
}
