/** `rx-alicloud/interop/node`: Observables beside Node's streams. */
export { fromReadable } from './from-readable.js';
export { toReadable } from './to-readable.js';
export type { ReadableOptions } from './to-readable.js';
