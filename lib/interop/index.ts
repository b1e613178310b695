/** `rx-alicloud/interop`: Observables beside what else cancels, iterates and streams. Runs in browsers, too. */
export { AbortError } from './abort-error.js';
export { BufferOverflowError } from './buffer-overflow-error.js';
export { deferWithSignal } from './defer-with-signal.js';
export { fromAbortSignal } from './from-abort-signal.js';
export { fromReadableStream } from './from-readable-stream.js';
export { takeUntilAborted } from './take-until-aborted.js';
export { toAsyncIterable } from './to-async-iterable.js';
export type { AsyncIterableOptions, Demanded } from './to-async-iterable.js';
export { toReadableStream } from './to-readable-stream.js';
export type { ReadableStreamOptions } from './to-readable-stream.js';
