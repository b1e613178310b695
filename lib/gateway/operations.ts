/** The operations that a gateway has, by the path that they are called at. */
import { ConfigurationError } from '../errors.js';
import { pathOf } from '../gateway-protocol/path.js';
import type { AllowedOperation } from './allow.js';

/** By what stands below the gateway's own path: `/Ecs/2014-05-26/DescribeInstances`. */
export type Operations = ReadonlyMap<string, AllowedOperation>;

/** @throws ConfigurationError for one that is there twice. */
export function operationsOf(allowed: readonly AllowedOperation[]): Operations {
  const operations = new Map<string, AllowedOperation>();
  allowed.forEach((each, index) => {
    const path = pathOf(each.operation);
    if (operations.has(path)) {
      throw new ConfigurationError({
        path: `allow[${index}]`,
        expected: 'each operation once',
        received: `${path} again`,
      });
    }
    operations.set(path, each);
  });
  return operations;
}

/** What a path has to look like to be one of an operation at all. */
export const operationPath = /^\/[\w-]+\/\d{4}-\d{2}-\d{2}\/\w+$/;
