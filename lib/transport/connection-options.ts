export type { ConnectionOptions, ProxyOptions, TlsOptions } from '../platform/connections.js';
