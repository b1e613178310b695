/** Which operations there are, by name: a handler or a fault for a misspelt one would never come into play. */
import { ConfigurationError } from '../errors.js';
import type { AnyOperation, ServiceDefinition } from '../service.js';
import { isObject } from '../schema/values.js';
import { unknownName } from './check.js';
import type { CatalogEntry } from './operations.js';

export interface Names {
  /** Throws an `SDK.InvalidConfiguration` that says which action was meant. */
  readonly checkAction: (path: string, action: unknown) => void;
  /** The same for an action or an operation's descriptor, whose product has to be known, too. */
  readonly checkOperation: (operation: string | AnyOperation) => void;
}

/** `actions` are those of the catalog's products, which are not loaded for it. */
export function createNames(
  services: readonly ServiceDefinition<object>[],
  catalog: readonly Pick<CatalogEntry, 'product' | 'version'>[],
  actions: readonly string[],
): Names {
  let all: Set<string> | undefined;
  const names = (): Set<string> => (all ??= new Set([...services.flatMap(actionsOf), ...actions]));
  const products = [...catalog, ...services.map(({ service }) => service)];

  function checkAction(path: string, action: unknown): void {
    if (typeof action === 'string' && names().has(action)) return;
    throw unknownName(path, 'the action of an operation', action, names());
  }

  return {
    checkAction,
    checkOperation(operation) {
      // Plain JavaScript passes anything, and a client's method is near at hand.
      if (typeof operation === 'string' || !isObject(operation) || !isObject(operation.service)) {
        return checkAction('operation', operation);
      }
      const { service, action } = operation as AnyOperation;
      checkAction('operation.action', action);
      const { product, version } = service;
      if (products.some((known) => known.product === product && known.version === version)) return;
      throw new ConfigurationError({
        path: 'operation.service',
        expected: 'a product that the emulator knows, or that is among its `services`',
        received: `${product} ${version}`,
      });
    },
  };
}

/** A product's operations are an interface of operations: `object` is as near as its type comes to that. */
function actionsOf({ operations }: ServiceDefinition<object>): string[] {
  return (Object.values(operations) as AnyOperation[]).map(({ action }) => action);
}
