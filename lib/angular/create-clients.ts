/** From the options to the clients, in the injection context of the app. */
import { HttpClient } from '@angular/common/http';
import { DestroyRef, EnvironmentInjector, inject, runInInjectionContext, type Injector } from '@angular/core';
import { Subject, takeUntil, type Observable } from 'rxjs';
import { AlicloudClient } from '../client.js';
import type { ClientOptions } from '../client-options.js';
import type { CredentialsProvider } from '../credentials/credentials.js';
import { ConfigurationError } from '../errors.js';
import type { AttemptInterceptor, CallInterceptor } from '../interceptor.js';
import type { Transport } from '../transport/transport.js';
import { AlicloudClients } from './clients.js';
import type { AlicloudFeatureKind } from './features.js';
import { httpClientTransport } from './http-client-transport.js';
import { waitAndCarryOver } from './hydration.js';
import { originOfApp } from './origin-of-app.js';

export function createClients(
  { credentials, interceptors = [], attemptInterceptors, ...options }: ClientOptions,
  kinds: ReadonlySet<AlicloudFeatureKind>,
): AlicloudClients {
  const injector = inject(EnvironmentInjector);
  const usesHttpClient = kinds.has('withHttpClient') || (kinds.has('withGateway') && !kinds.has('withTransport'));
  const destroyed$ = new Subject<void>();
  const all: ClientOptions = {
    ...options,
    interceptors: [
      completedBy(destroyed$),
      ...interceptors.map((each) => interceptorIn(injector, each)),
      // The innermost, so that the app's own see every call.
      waitAndCarryOver(options.gateway),
    ],
    ...(usesHttpClient && { transport: transportOverHttpClient() }),
    ...(credentials && { credentials: credentialsIn(injector, credentials) }),
    ...(attemptInterceptors && {
      attemptInterceptors: attemptInterceptors.map((each) => attemptInterceptorIn(injector, each)),
    }),
  };
  const clients = new AlicloudClients(new AlicloudClient(all), all);
  inject(DestroyRef).onDestroy(() => {
    destroyed$.next();
    clients.close();
  });
  return clients;
}

/**
 * As `takeUntilDestroyed` has it: an error that nobody handles, of a call that was forgotten by a page which is gone, would
 * be the end of a server that renders.
 */
function completedBy(destroyed$: Observable<void>): CallInterceptor {
  return (next) => (call) => next(call).pipe(takeUntil(destroyed$));
}

function transportOverHttpClient(): Transport {
  const http = inject(HttpClient, { optional: true });
  if (http !== null) return httpClientTransport(http, { origin: originOfApp() });
  throw new ConfigurationError({
    path: 'provideHttpClient(withFetch())',
    expected: 'among the providers of the application, beside provideAlicloud(…)',
    received: 'none',
  });
}

function interceptorIn(injector: Injector, interceptor: CallInterceptor): CallInterceptor {
  return (next, client) => {
    const handle = runInInjectionContext(injector, () => interceptor(next, client));
    return (call) => runInInjectionContext(injector, () => handle(call));
  };
}

function attemptInterceptorIn(injector: Injector, interceptor: AttemptInterceptor): AttemptInterceptor {
  return (next) => {
    const handle = runInInjectionContext(injector, () => interceptor(next));
    return (request) => runInInjectionContext(injector, () => handle(request));
  };
}

function credentialsIn(injector: Injector, provider: CredentialsProvider): CredentialsProvider {
  // With what it has beside the function, which may be changed while it is used.
  return new Proxy(provider, { apply: (ask) => runInInjectionContext(injector, () => ask()) });
}
