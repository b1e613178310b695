/** `rx-alicloud/gateway`: lets pages call without a key in them. */
export { allow } from './allow.js';
export type { AllowedOperation, AllowOptions, FieldLimit, FieldLimits } from './allow.js';
export type { AttemptClaim, AttemptState, AttemptStore, StoredAnswer } from './attempt-store.js';
export type { GatewayEvent, GatewayLogger } from './events.js';
export { createGateway } from './gateway.js';
export type { Gateway } from './gateway.js';
export { absent, all, atMost, atMostItems, between, each, matching, oneOf, optional } from './limits.js';
export type { ItemLimit, Limit, Widened } from './limits.js';
export { memoryAttempts } from './memory-attempts.js';
export type { MemoryAttemptsOptions } from './memory-attempts.js';
export type {
  AttemptOptions,
  Authorization,
  Authorize,
  AuthorizeRequest,
  CheckedCall,
  GatewayCall,
  GatewayLimits,
  GatewayOptions,
  GatewayRates,
  GatewaySession,
  Refusal,
} from './options.js';
export type { AdapterRefusal, GatewayErrorCode } from './refusal.js';
export type { RequestInfo } from './request-info.js';
export { secretsInAnswer } from './secret-answers.js';
