/** What may be called, and with what in its fields. */
import type { AnyOperation, Operation } from '../service.js';

/** What a field's value has to be. */
export interface Limit<Value> {
  /** Such as `at most 3`. */
  readonly expected: string;
  readonly fits: (value: Value) => boolean;
  /** Whether the field may be left out. @default false */
  readonly optional?: boolean | undefined;
}

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

/** Lets an operation be called, with what `limits` say in its fields. */
export function allow<Request>(
  operation: Operation<Request, unknown>,
  limits: FieldLimits<Request> = {},
  { returnsSecrets = false }: AllowOptions = {},
): AllowedOperation {
  return { operation: operation, limits: limits, returnsSecrets };
}
