/** From installed packages to the texts of `lib/services`. */
import { join } from 'node:path';
import { readClient } from './read-client.js';
import { readModels } from './read-models.js';
import { readPackage, type Package } from './read-package.js';
import { writeCatalog, type Listed } from './write-catalog.js';
import { writeService, type Naming } from './write-service.js';

export interface Product extends Omit<Naming, 'source'> {
  /** The official package, such as `@alicloud/ecs20140526`. */
  readonly package: string;
}

export const products: readonly Product[] = [
  { name: 'ecs', product: 'Ecs', package: '@alicloud/ecs20140526' },
  { name: 'sts', product: 'Sts', package: '@alicloud/sts20150401' },
  { name: 'cs', product: 'CS', package: '@alicloud/cs20151215' },
];

export interface Generated {
  readonly file: string;
  readonly text: string;
  readonly operations?: number;
}

/** The files of `lib/services`; `modules` is the folder in which the packages are installed. */
export function* generateAll(modules: string): Generator<Generated> {
  const listed: Listed[] = [];
  for (const { package: name, ...product } of products) {
    const { text, operations, naming, version } = generate(readPackage(join(modules, name)), product);
    listed.push({ ...naming, version });
    yield { file: `${product.name}.ts`, text, operations };
  }
  yield { file: 'catalog.ts', text: writeCatalog(listed) };
}

/** One service. */
export function generate(
  source: Package,
  product: Omit<Naming, 'source'>,
): { text: string; operations: number; naming: Naming; version: string } {
  const models = readModels(source.models);
  const api = readClient(source.client, models);
  const naming = { ...product, source: `${source.name} ${source.version}` };
  return { text: writeService(naming, api, models), operations: api.operations.length, naming, version: api.version };
}
