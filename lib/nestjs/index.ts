/** `rx-alicloud/nestjs`: clients for NestJS' dependency injection. Needs `@nestjs/common`. */
export { AlicloudModule } from './alicloud-module.js';
export { CancelOnDisconnect } from './cancel-on-disconnect.js';
export { InjectClient } from './inject-client.js';
export { clientToken } from './tokens.js';
export type { InjectableClient } from './tokens.js';
export type {
  AlicloudFeatureOptions,
  AlicloudModuleAsyncOptions,
  AlicloudModuleOptions,
  OptionsFactory,
} from './module-options.js';
