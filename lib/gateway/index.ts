/** `rx-alicloud/gateway`: lets pages call without a key in them. */
export { allow, type AllowedOperation, type AllowOptions, type FieldLimit, type FieldLimits } from './allow.js';
export type { AttemptClaim, AttemptState, AttemptStore, StoredAnswer } from './attempt-store.js';
export type { GatewayEvent, GatewayLogger } from './events.js';
export { secretsInAnswer } from './secret-answers.js';
export type { AdapterRefusal, GatewayErrorCode } from './refusal.js';
export type { RequestInfo } from './request-info.js';
export { createGateway, type Gateway } from './gateway.js';
export { absent, all, atMost, atMostItems, between, each, matching, oneOf, optional, type Limit } from './limits.js';
export { memoryAttempts, type MemoryAttemptsOptions } from './memory-attempts.js';
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
