/** `rx-alicloud/testing`: Alibaba Cloud in a process, for tests and demos. */
export { apiError } from './api-error.js';
export type { ApiErrorOptions } from './api-error.js';
export { createEmulator } from './create-emulator.js';
export { emulatorCredentials } from './credentials.js';
export type { EmulatorCredentials } from './credentials.js';
export type { Emulator } from './emulator.js';
export type { Execution } from './executions.js';
export type { Fault, FaultFilter } from './faults.js';
export type { Call, Handle, Handler } from './handlers.js';
export type { Hint, Hinting } from './hints.js';
export type { EmulatorOptions } from './options.js';
export type { RateLimit } from './rate-limit.js';
export type { EmulatorSnapshot } from './snapshot.js';
