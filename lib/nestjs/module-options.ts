/** What the module can be told. */
import type { DynamicModule, FactoryProvider } from '@nestjs/common';
import type { ClientOptions } from '../client-options.js';

/** The options of the clients, and of the module. */
export interface AlicloudModuleOptions extends ClientOptions {
  /**
   * How long calls under way may take when the application shuts down, in milliseconds, >= 0; then they are aborted.
   * @default 10_000
   */
  readonly shutdownTimeout?: number | undefined;
}

/** Which configuration it is. */
export interface AlicloudFeatureOptions {
  /** Where there are several. @default the one without a name */
  readonly name?: string | undefined;
}

/** Gives the options, of what is injected into it. */
export type OptionsFactory<Injected> = (
  ...injected: Injected[]
) => AlicloudModuleOptions | Promise<AlicloudModuleOptions>;

/** As of every module of NestJS: `useFactory` is given what `inject` names, and gives the options or a promise of them. */
export interface AlicloudModuleAsyncOptions
  extends AlicloudFeatureOptions, Pick<DynamicModule, 'imports'>, Pick<FactoryProvider, 'inject'> {
  readonly useFactory: OptionsFactory<never>;
}
