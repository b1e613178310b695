/** What a transport or an interceptor has thrown, as it may be shown: it may hold the request, or a piece of the answer. */
import { isAlicloudError, messageOf, toAlicloudError, type AlicloudError } from '../errors.js';
import type { Secrets } from './masking.js';
import { showing } from './mask-answer.js';

/** An error of ours without secrets; anything else is wrapped, its message, status and cause kept. */
export function thrown(value: unknown, secrets: Secrets = []): AlicloudError {
  const show = showing(secrets);
  const error = toAlicloudError(value);
  // What is read of an answer is masked already.
  if ('rawBody' in error) return error;
  const message = show(error.message);
  if (message !== error.message) {
    Object.assign(error, { message, stack: show(error.stack ?? '') });
  }
  const cause = shown(error.cause, show);
  if (cause !== error.cause)
    Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
  return error;
}

/** Facts of a system's error, which say what went wrong and nothing else. */
const facts = ['code', 'errno', 'syscall', 'hostname', 'address', 'port', 'status'] as const;
const known = new Set<string>(['name', 'message', 'stack', 'cause', 'errors', ...facts]);
/** A chain that is longer, or goes round. */
const deepest = 8;

/** The same where there is nothing to hide; else a copy with the known facts alone. */
function shown(cause: unknown, show: (text: string) => string, depth = 0): unknown {
  if (typeof cause === 'string') return show(cause);
  if (typeof cause !== 'object' || cause === null || isAlicloudError(cause)) return cause;
  if (depth === deepest) return undefined;
  const { name, stack, cause: beneath, errors } = cause as Partial<AggregateError>;
  const message = show(messageOf(cause));
  const inner = shown(beneath, show, depth + 1);
  const told = factsOf(cause, show);
  const all: unknown = Array.isArray(errors) ? errors.map((each: unknown) => shown(each, show, depth + 1)) : undefined;
  const isKept =
    cause instanceof Error &&
    message === cause.message &&
    inner === beneath &&
    show(stack ?? '') === (stack ?? '') &&
    Object.entries(told).every(([fact, value]) => value === (cause as unknown as Record<string, unknown>)[fact]) &&
    (!Array.isArray(all) || all.every((each, index) => each === errors?.[index])) &&
    Object.getOwnPropertyNames(cause).every((key) => known.has(key)) &&
    Object.getOwnPropertySymbols(cause).length === 0;
  if (isKept) return cause;
  const copy = Object.assign(new Error(message, inner === undefined ? undefined : { cause: inner }), {
    ...(typeof name === 'string' ? { name: show(name) } : {}),
    ...(typeof stack === 'string' ? { stack: show(stack) } : {}),
    ...(all === undefined ? {} : { errors: all }),
    ...told,
  });
  return cause instanceof Error ? Object.setPrototypeOf(copy, Object.getPrototypeOf(cause) as object) : copy;
}

function factsOf(cause: object, show: (text: string) => string): Record<string, unknown> {
  const given = cause as Readonly<Record<string, unknown>>;
  const shown: Record<string, unknown> = {};
  for (const name of facts) {
    const value = given[name];
    if (typeof value === 'number') shown[name] = value;
    else if (typeof value === 'string') shown[name] = show(value);
  }
  return shown;
}
