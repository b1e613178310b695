import type { DynamicModule, FactoryProvider } from '@nestjs/common';
import { ClientRegistry } from './client-registry.js';
import type {
  AlicloudFeatureOptions,
  AlicloudModuleAsyncOptions,
  AlicloudModuleOptions,
  OptionsFactory,
} from './module-options.js';
import { clientToken, registryToken, type InjectableClient } from './tokens.js';

/**
 * Clients of Alibaba Cloud in a NestJS application: `forRoot` once, with the options of the clients, and `forFeature` in each
 * module with the clients that it injects, by their classes. A configuration has one client of each class. When the
 * application shuts down, calls under way are finished, or aborted after `shutdownTimeout`.
 *
 * @example
 * // In @Module({ imports: [ … ] }); then `constructor(private readonly ecs: EcsClient)`.
 * const imports = [
 *   AlicloudModule.forRoot({ regionId: 'cn-hangzhou', credentials: accessKey(id, secret) }),
 *   AlicloudModule.forFeature([EcsClient, VpcClient]),
 * ];
 */
export class AlicloudModule {
  /** The options of the clients, and a `name` where there are several configurations. */
  static forRoot({ name, ...options }: AlicloudModuleOptions & AlicloudFeatureOptions = {}): DynamicModule {
    return rootModule({ provide: registryToken(name), useFactory: () => new ClientRegistry(options) });
  }

  /** The same with options that come of other providers. */
  static forRootAsync({ name, imports, inject, useFactory }: AlicloudModuleAsyncOptions): DynamicModule {
    // Whoever names what is injected has written a function of that.
    const optionsOf = useFactory as OptionsFactory<unknown>;
    const registry: FactoryProvider<ClientRegistry> = {
      provide: registryToken(name),
      useFactory: async (...injected: readonly unknown[]) => new ClientRegistry(await optionsOf(...injected)),
      ...(inject && { inject }),
    };
    return { ...rootModule(registry), ...(imports && { imports }) };
  }

  /** Makes clients injectable where it is imported, by their classes; those of a named configuration by `InjectClient`. */
  static forFeature(clients: readonly InjectableClient[], { name }: AlicloudFeatureOptions = {}): DynamicModule {
    const providers = clients.map((client): FactoryProvider => ({
      provide: clientToken(client, name),
      inject: [registryToken(name)],
      useFactory: (registry: ClientRegistry) => registry.clientOf(client),
    }));
    return { module: AlicloudModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}

/** Global, so that every module's clients come of it. */
function rootModule(registry: FactoryProvider): DynamicModule {
  return { module: AlicloudModule, global: true, providers: [registry], exports: [registry.provide] };
}
