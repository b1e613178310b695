/** `rx-alicloud/angular`: clients for Angular's dependency injection, calls as resources. Needs `@angular/core` and `@angular/common`. */
export { ALICLOUD_CALL } from './alicloud-call.js';
export type { AlicloudCall } from './alicloud-call.js';
export { alicloudItems, alicloudResource } from './alicloud-resource.js';
export type {
  AlicloudResourceOptions,
  AlicloudResourceRef,
  CollectOptions,
  ItemsResourceOptions,
} from './alicloud-resource.js';
export { alicloudStats } from './alicloud-stats.js';
export type { AlicloudStatsOptions } from './alicloud-stats.js';
export { injectAlicloud } from './clients.js';
export type { InjectableClient } from './clients.js';
export {
  withAsync,
  withAttemptInterceptors,
  withCredentials,
  withGateway,
  withHttpClient,
  withInterceptors,
  withTransport,
} from './features.js';
export type { AlicloudAsyncOptions, AlicloudFeature, AlicloudFeatureKind, FeatureOptions } from './features.js';
export { httpClientTransport } from './http-client-transport.js';
export type { HttpClientTransportOptions } from './http-client-transport.js';
export { provideAlicloud, provideAlicloudClient } from './provide-alicloud.js';
export type { AlicloudOptions } from './provide-alicloud.js';
