/** The clients of an app: one of each class, all of which share one's pool, connections and end. */
import { inject, InjectionToken, type Type } from '@angular/core';
import type { AlicloudClient } from '../client.js';
import type { ClientOptions } from '../client-options.js';
import { ConfigurationError } from '../errors.js';
import { checkOption, ofType } from '../schema/options.js';

/** The class of a product's client, `AlicloudClient`, or a class of your own that extends one of them. */
export type InjectableClient<C extends AlicloudClient = AlicloudClient> = new (options?: ClientOptions) => C;

/** How the constructor of clients takes another one, whose runtime it shares. */
type SharingClient<C> = new (options: ClientOptions, shared: AlicloudClient) => C;

export class AlicloudClients {
  private readonly made = new Map<InjectableClient, AlicloudClient>();

  constructor(
    /** For any operation whose descriptor is at hand. */
    readonly shared: AlicloudClient,
    private readonly options: ClientOptions,
  ) {}

  clientOf<C extends AlicloudClient>(client: InjectableClient<C>): C {
    if (this.shared instanceof client) return this.shared;
    let made = this.made.get(client);
    if (made === undefined) {
      // A class of the user's whose constructor passes on the options alone has a pool of its own.
      made = new (client as unknown as SharingClient<C>)(this.options, this.shared);
      this.made.set(client, made);
    }
    return made as C;
  }

  /** Aborts what is in flight, and refuses later calls. */
  close(): void {
    for (const client of [this.shared, ...this.made.values()]) client.close();
  }
}

/** Of the nearest `provideAlicloud`. */
export const ALICLOUD_CLIENTS: InjectionToken<AlicloudClients> = /* @__PURE__ */ new InjectionToken<AlicloudClients>(
  'rx-alicloud clients',
);

/**
 * The client of a class, without a provider of its own: in a lazy route, the product's code is loaded with the route. Where
 * something is provided for the class, such as a fake, it is that.
 *
 * @example
 * export class InstancesPage {
 *   private readonly ecs = injectAlicloud(EcsClient);
 * }
 *
 * @throws ConfigurationError where there is no class or no `provideAlicloud`; Angular's own error outside of an injection context
 */
export function injectAlicloud<C extends AlicloudClient>(client: InjectableClient<C>): C {
  checkClass('injectAlicloud(client)', client);
  // Without its type, Angular takes that of the class' prototype, which of a constructor alone is not known.
  return inject(client as Type<C>, { optional: true }) ?? injectClients().clientOf(client);
}

/** Modules that import each other have no class at first. */
export function checkClass(path: string, client: InjectableClient): void {
  checkOption(path, client, ofType('function', 'the class of a client, such as EcsClient'));
}

function injectClients(): AlicloudClients {
  const clients = inject(ALICLOUD_CLIENTS, { optional: true });
  if (clients !== null) return clients;
  throw new ConfigurationError({
    path: 'provideAlicloud(…)',
    expected: "among the providers of the application, in app.config.ts, or of the route's",
    received: 'none',
  });
}
