import { CommandError, entryOf } from '../command-line.js';
import { meant } from '../schema/meant.js';
import type { AnyOperation } from '../service.js';

/**
 * The descriptors that texts such as `Ecs:DescribeInstances`, `Ecs:Describe*`, `Ecs:*` and `Agency/2021-06-09:GetAccountInfo` stand
 * for. Without a version, it is the one that the product's subpath without a version has.
 *
 * @throws CommandError where there is no such product, version or operation
 */
export async function readAllowList(texts: readonly string[]): Promise<readonly AnyOperation[]> {
  const found = new Set<AnyOperation>();
  for (const text of texts) for (const operation of await operationsFor(text)) found.add(operation);
  return [...found];
}

async function operationsFor(text: string): Promise<readonly AnyOperation[]> {
  const [, product, version, action] = /^([\w-]+)(?:\/([\d-]+))?:(\w+\*?|\*)$/.exec(text) ?? [];
  if (product === undefined || action === undefined) {
    throw new CommandError(`Expected --allow to have Product:Action, such as Ecs:DescribeInstances, got ${text}.`);
  }
  const { operations } = await entryOf(product, version).load();
  if (action.endsWith('*')) {
    const matching = Object.values(operations).filter((each) => each.action.startsWith(action.slice(0, -1)));
    if (matching.length > 0) return matching;
  }
  const operation = Object.values(operations).find((each) => each.action === action);
  if (operation !== undefined) return [operation];
  const actions = Object.values(operations).map((each) => each.action);
  throw new CommandError(`There is no operation ${action} of ${product}${meant(action, actions)}.`);
}
