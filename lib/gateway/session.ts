/** What `authorize` has answered, as the session whose call it is. */
import { isObject } from '../schema/values.js';
import type { AnyOperation } from '../service.js';
import { isDescriptor, type AllowedOperation } from './allow.js';
import { keyOf } from './operations.js';
import type { Authorization, GatewaySession } from './options.js';
import { GatewayRefusal } from './refusal.js';

/** Refuses a caller, and takes nothing for a session that is none. */
export function sessionOf(authorization: Authorization): GatewaySession {
  if (authorization === undefined || authorization === null || authorization === false) throw unauthenticated();
  if ('refuse' in authorization) {
    const { refuse, message } = authorization;
    if (refuse === 'unauthenticated') throw unauthenticated(message);
    throw new GatewayRefusal('Gateway.Forbidden', message ?? 'The call is not allowed');
  }
  const { id } = authorization;
  if (typeof id === 'string' && id !== '' && id.length <= 1024) return authorization;
  throw new Error('Expected `id` of the session to be a text of 1 to 1024 characters');
}

/** What a session says of an operation, where it says anything; refuses one that is not the session's. */
export function allowedTo({ allow }: GatewaySession, operation: AnyOperation): AllowedOperation | undefined {
  if (allow === undefined) return undefined;
  for (const each of allow) {
    if (isDescriptor(each)) {
      if (isSame(each, operation)) return { operation, limits: {}, returnsSecrets: true };
    } else if (isObject(each) && isSame(each.operation, operation)) return each;
  }
  throw new GatewayRefusal('Gateway.OperationNotAllowed', 'The operation is not allowed');
}

function isSame(operation: AnyOperation, other: AnyOperation): boolean {
  return keyOf(operation) === keyOf(other);
}

function unauthenticated(message = 'Nobody is signed in'): GatewayRefusal {
  return new GatewayRefusal('Gateway.Unauthenticated', message);
}
