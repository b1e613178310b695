/** `rx-alicloud/gateway`: lets pages call without a key in them. */
export {
  allow,
  type AllowedOperation,
  type AllowOptions,
  type FieldLimit,
  type FieldLimits,
  type Limit,
} from './allow.js';
export type { AttemptClaim, AttemptState, AttemptStore, StoredAnswer } from './attempt-store.js';
export type { GatewayEvent, GatewayLogger } from './events.js';
export { createGateway, type AdapterRefusal, type Gateway, type RequestInfo } from './gateway.js';
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
