import type { AnyOperation } from '../service.js';

/**
 * Whether an operation only reads: as its descriptor says, else by its name and method. Names of what may hand out or take
 * something that is good for once (`GetAuthToken`, `CheckSmsVerifyCode`), or do two things (`GetOrCreate…`), do not tell.
 * An RPC operation's method does not tell, either: the services take any.
 */
export function isRead({ read, action, method, path }: AnyOperation): boolean {
  return read ?? (!isDoubtful(action) && (readVerb.test(action) || (method === 'GET' && path !== undefined)));
}

const readVerb = /^(?:Describe|List|Get|Query|Check)(?=[A-Z0-9]|$)/;

export function isDoubtful(action: string): boolean {
  return /Token|(?:And|Or)[A-Z]|^(?!Describe|List).*(?:Code|Ticket|Login|Mobile|Phone)/.test(action);
}
