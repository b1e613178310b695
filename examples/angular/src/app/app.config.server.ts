import { provideHttpClient, withFetch, withInterceptors, type HttpInterceptorFn } from '@angular/common/http';
import { inject, mergeApplicationConfig, REQUEST, type ApplicationConfig } from '@angular/core';
import { provideServerRendering, withRoutes } from '@angular/ssr';
import { appConfig } from './app.config';
import { serverRoutes } from './app.routes.server';

/** While it renders, the server calls its own gateway, in the session of whoever asked for the page. */
const asVisitor: HttpInterceptorFn = (request, next) => {
  const page = inject(REQUEST);
  const cookie = page?.headers.get('cookie');
  if (page === null || cookie === null || cookie === undefined) return next(request);
  return next(request.clone({ setHeaders: { cookie, origin: new URL(page.url).origin } }));
};

export const serverConfig: ApplicationConfig = mergeApplicationConfig(appConfig, {
  providers: [
    provideServerRendering(withRoutes(serverRoutes)),
    provideHttpClient(withFetch(), withInterceptors([asVisitor])),
  ],
});
