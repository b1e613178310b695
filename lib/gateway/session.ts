/** What `authorize` has answered, as the session whose call it is. */
import { invalidOption } from '../schema/options.js';
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
  // Read once: what has been checked is what is used.
  const { id, allow, regions, permit } = authorization;
  for (const [name, value, expected, fits] of [
    ['id', id, 'a text of 1 to 1024 characters, without control characters', isId(id)],
    ['allow', allow, 'a list', allow === undefined || Array.isArray(allow)],
    // Of a text, `includes` would look for a part.
    ['regions', regions, 'a list', regions === undefined || Array.isArray(regions)],
    ['permit', permit, 'a function', permit === undefined || typeof permit === 'function'],
  ] as const) {
    if (!fits) throw invalidOption(`session.${name}`, expected, value);
  }
  return { id, allow, regions, permit };
}

/** It stands in logs, in which a line break would begin a line of the caller's making. */
function isId(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.length <= 1024 && !/\p{Cc}/u.test(value);
}

/** What a session says of an operation: where that is more than once, all of it holds. Refuses one that is not the session's. */
export function allowedTo({ allow }: GatewaySession, operation: AnyOperation): readonly AllowedOperation[] {
  if (allow === undefined) return [];
  const allowed = allow
    .map((each) => (isDescriptor(each) ? { operation: each, limits: {}, returnsSecrets: true } : each))
    .filter((each) => isSame(each.operation, operation));
  if (allowed.length > 0) return allowed;
  throw new GatewayRefusal('Gateway.OperationNotAllowed', 'The operation is not allowed');
}

function isSame(operation: AnyOperation, other: AnyOperation): boolean {
  return keyOf(operation) === keyOf(other);
}

function unauthenticated(message = 'Nobody is signed in'): GatewayRefusal {
  return new GatewayRefusal('Gateway.Unauthenticated', message);
}
