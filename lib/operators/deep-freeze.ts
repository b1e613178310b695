import { isObject } from '../schema/values.js';

/** Freezes a value of objects and arrays through and through; the same value comes back. */
export function deepFreeze<T>(value: T): T {
  if ((isObject(value) || Array.isArray(value)) && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) deepFreeze(each);
  }
  return value;
}
