/** What may be called, and with what in its fields. */
import { ConfigurationError } from '../errors.js';
import { invalidOption } from '../schema/options.js';
import { isAbsent, isObject } from '../schema/values.js';
import type { AnyOperation, Operation } from '../service.js';
import { isLimit, type Limit } from './limits.js';
import { GatewayRefusal } from './refusal.js';
import { fieldNamesOf } from './request-fields.js';

/**
 * What a field's value has to be: one of a list, what a `Limit` says, or for an object limits for its fields. A field that has a
 * limit must be there, unless `optional(…)` says otherwise: what a service does without it may be more than what is allowed.
 */
export type FieldLimit<Value> =
  | Limit<Value>
  | (Value extends string | number | bigint | boolean ? readonly Value[] : never)
  | (Value extends readonly unknown[] ? never : Value extends object ? FieldLimits<Value> : never);

/** Limits for the fields of a request. */
export type FieldLimits<Request> = { readonly [K in keyof Request]?: FieldLimit<NonNullable<Request[K]>> | undefined };

/** An operation that may be called, with limits for its fields. */
export interface AllowedOperation {
  readonly operation: AnyOperation;
  readonly limits: Readonly<Record<string, unknown>>;
  /** Whether its owner knows that its answers hold secrets. */
  readonly returnsSecrets: boolean;
}

export interface AllowOptions {
  /** Says that the answers hold secrets, and that they are meant to: without a warning. @default false */
  readonly returnsSecrets?: boolean | undefined;
}

/**
 * Lets an operation be called, with what `limits` say of the fields of its request. A field without a limit may be anything that
 * the operation takes; one with a limit must be given, unless it is `optional(…)`.
 *
 * @example
 * import { runInstances } from 'rx-alicloud/ecs';
 * import { allow, atMost, optional } from 'rx-alicloud/gateway';
 *
 * allow(runInstances, { Amount: optional(atMost(3)), InstanceType: ['ecs.t6-c1m1.large', 'ecs.t6-c1m2.large'] });
 *
 * @throws ConfigurationError for a field that the operation does not have, and for what is no limit.
 */
export function allow<Request>(
  operation: Operation<Request, unknown>,
  limits: FieldLimits<NoInfer<Request>> = {},
  { returnsSecrets = false }: AllowOptions = {},
): AllowedOperation {
  if (!isDescriptor(operation)) throw invalidOption('allow', 'a descriptor, such as `describeInstances`', operation);
  const names = fieldNamesOf(operation);
  for (const [name, limit] of Object.entries(limits)) {
    const path = `allow(${operation.action}).${name}`;
    if (!names.has(name)) throw invalidOption(path, 'absent, as the operation has no such field', limit);
    checkIsLimit(limit, path);
  }
  return { operation, limits, returnsSecrets };
}

export function isDescriptor(value: unknown): value is AnyOperation {
  return isObject(value) && typeof value.action === 'string' && isObject(value.service);
}

/** Refuses a request with a field whose value is not what its limit says. */
export function checkLimits({ operation, limits }: AllowedOperation, request: Readonly<Record<string, unknown>>): void {
  for (const [name, limit] of Object.entries(limits)) checkField(operation, name, request[name], limit);
}

function checkField({ action }: AnyOperation, path: string, value: unknown, limit: unknown): void {
  const issue = issueOf(value, limit, path);
  if (issue === undefined) return;
  throw new GatewayRefusal('Gateway.Forbidden', `${action}: \`${issue.path}\` has to be ${issue.expected}`);
}

interface Issue {
  readonly path: string;
  readonly expected: string;
}

function issueOf(value: unknown, limit: unknown, path: string): Issue | undefined {
  if (limit === undefined) return undefined;
  if (isLimit(limit)) {
    if (isAbsent(value)) return limit.optional === true ? undefined : { path, expected: limit.expected };
    return limit.fits(value) ? undefined : { path, expected: limit.expected };
  }
  if (Array.isArray(limit)) {
    return limit.includes(value) ? undefined : { path, expected: `one of ${limit.map(String).join(', ')}` };
  }
  if (!isObject(value)) return { path, expected: 'an object' };
  for (const [name, within] of Object.entries(limit as object)) {
    const issue = issueOf(value[name], within, `${path}.${name}`);
    if (issue !== undefined) return issue;
  }
  return undefined;
}

function checkIsLimit(limit: unknown, path: string): void {
  if (limit === undefined || isLimit(limit)) return;
  if (Array.isArray(limit)) {
    if (limit.length > 0) return;
    throw new ConfigurationError({ path, expected: 'one value or more', received: 'none' });
  }
  if (!isObject(limit)) throw invalidOption(path, 'a list of values, a limit, or limits of its fields', limit);
  for (const [name, within] of Object.entries(limit)) checkIsLimit(within, `${path}.${name}`);
}
