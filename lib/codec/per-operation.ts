import type { AnyOperation } from '../service.js';

/** Keeps what is made of an operation's tables, which are parsed with its first call. */
export function perOperation<T extends object>(make: (operation: AnyOperation) => T): (operation: AnyOperation) => T {
  const known = new WeakMap<AnyOperation, T>();
  return (operation) => {
    let made = known.get(operation);
    if (made === undefined) known.set(operation, (made = make(operation)));
    return made;
  };
}
