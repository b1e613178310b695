import {
  APP_BOOTSTRAP_LISTENER,
  ApplicationRef,
  inject,
  makeEnvironmentProviders,
  type EnvironmentProviders,
} from '@angular/core';
import { AlicloudClient } from '../client.js';
import type { ClientOptions } from '../client-options.js';
import { ConfigurationError } from '../errors.js';
import { ALICLOUD_CLIENTS, checkClass, type InjectableClient } from './clients.js';
import type { AlicloudFeature, AlicloudFeatureKind, FeatureOptions } from './features.js';
import { createClients } from './create-clients.js';
import { HYDRATION } from './hydration.js';

/** The options of the clients, but for those that are features. */
export type AlicloudOptions = Omit<ClientOptions, keyof FeatureOptions | 'axios'>;

/**
 * Clients of Alibaba Cloud in an Angular application, with one set of options and one pool: `injectAlicloud(EcsClient)`, and
 * `inject(EcsClient)` beside `provideAlicloudClient(EcsClient)`. When the injector is destroyed, so that on a server after
 * each request, what is in flight is aborted and completes, as by `takeUntilDestroyed`, and every connection is closed.
 *
 * @example
 * export const appConfig: ApplicationConfig = {
 *   providers: [provideHttpClient(withFetch()), provideAlicloud({ regionId: 'cn-hangzhou' }, withGateway('/api/alicloud'))],
 * };
 *
 * @param options of the clients, or a function that gives them, in the app's injection context
 * @throws ConfigurationError where two features don't go together; what an option can't be is said when a client is made
 */
export function provideAlicloud(
  options: AlicloudOptions | (() => AlicloudOptions) = {},
  ...features: readonly AlicloudFeature[]
): EnvironmentProviders {
  const kinds = checkedKinds(features);
  return makeEnvironmentProviders([
    {
      provide: ALICLOUD_CLIENTS,
      useFactory: () => {
        const given = typeof options === 'function' ? options() : options;
        const all = features.reduce<ClientOptions>((sum, feature) => ({ ...sum, ...feature.options }), given);
        return createClients(all, kinds);
      },
    },
    { provide: AlicloudClient, useFactory: () => inject(ALICLOUD_CLIENTS).shared },
    {
      provide: APP_BOOTSTRAP_LISTENER,
      multi: true,
      useFactory: () => {
        const hydration = inject(HYDRATION);
        const app = inject(ApplicationRef);
        return () => void app.whenStable().then(() => (hydration.isActive = false));
      },
    },
  ]);
}

/**
 * Makes clients injectable by their classes: `inject(EcsClient)`, in components, services and functions. They are made when
 * they are first injected, and share the pool of `provideAlicloud`. A lazy route's `providers` may name those that it needs.
 */
export function provideAlicloudClient(...clients: readonly InjectableClient[]): EnvironmentProviders {
  for (const each of clients) checkClass('provideAlicloudClient(…)', each);
  return makeEnvironmentProviders(
    clients.map((client) => ({ provide: client, useFactory: () => inject(ALICLOUD_CLIENTS).clientOf(client) })),
  );
}

/** What can't be meant together, and why. */
const conflicts: readonly (readonly [AlicloudFeatureKind, AlicloudFeatureKind, string])[] = [
  ['withGateway', 'withCredentials', 'the gateway signs, with credentials of its own'],
  ['withHttpClient', 'withTransport', 'a request goes one way or the other'],
];

function checkedKinds(features: readonly AlicloudFeature[]): ReadonlySet<AlicloudFeatureKind> {
  const kinds = new Set<AlicloudFeatureKind>();
  for (const feature of features as readonly Partial<AlicloudFeature>[]) {
    const { kind } = Object(feature) as Partial<AlicloudFeature>;
    if (kind === undefined) {
      throw refused('features', 'what functions such as withGateway(…) give', `a value of type ${typeof feature}`);
    }
    if (kinds.has(kind)) throw refused(kind, 'given once', 'it twice');
    kinds.add(kind);
  }
  for (const [one, other, why] of conflicts) {
    if (kinds.has(one) && kinds.has(other)) throw refused(other, `absent beside ${one}, as ${why}`, 'both');
  }
  return kinds;
}

function refused(path: string, expected: string, received: string): ConfigurationError {
  return new ConfigurationError({ path: `provideAlicloud: ${path}`, expected, received });
}
