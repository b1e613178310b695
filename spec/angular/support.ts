/** Angular in a spec: without a page, and without Zone.js. */
import '@angular/compiler';
import { PLATFORM_ID, provideZonelessChangeDetection, type EnvironmentProviders, type Provider } from '@angular/core';
import { TestBed, TestComponentRenderer } from '@angular/core/testing';
import { INITIAL_CONFIG, platformServer, ServerModule } from '@angular/platform-server';

const page = { document: '<html><head></head><body></body></html>', url: 'http://localhost:4200/' };

TestBed.initTestEnvironment(ServerModule, platformServer([{ provide: INITIAL_CONFIG, useValue: page }]));

/** Nothing is shown. */
const renderer = { provide: TestComponentRenderer, useClass: TestComponentRenderer };

/** The injector of an app with these providers, in a browser as far as it knows; the next spec has another. */
export function configure(...providers: readonly (EnvironmentProviders | Provider)[]): typeof TestBed {
  TestBed.configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      { provide: PLATFORM_ID, useValue: 'browser' },
      renderer,
      ...providers,
    ],
  });
  return TestBed;
}
