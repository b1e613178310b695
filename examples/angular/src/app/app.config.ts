import { provideHttpClient } from '@angular/common/http';
import {
  type ApplicationConfig,
  provideBrowserGlobalErrorListeners,
  provideZonelessChangeDetection,
} from '@angular/core';
import { provideClientHydration, withEventReplay } from '@angular/platform-browser';
import { provideRouter, withInMemoryScrolling } from '@angular/router';
import { provideAlicloud, withAsync, withGateway } from 'rx-alicloud/angular';
import { routes } from './app.routes';
import { gatewayPath, pool } from './gateway';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideZonelessChangeDetection(),
    provideRouter(routes, withInMemoryScrolling({ scrollPositionRestoration: 'enabled' })),
    // Over XMLHttpRequest, as `fetch` does not tell how much of an upload has left.
    provideHttpClient(),
    provideClientHydration(withEventReplay()),
    provideAlicloud({ regionId: 'cn-hangzhou' }, withGateway(gatewayPath), withAsync(pool)),
  ],
};
