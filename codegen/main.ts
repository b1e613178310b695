/**
 * `npm run generate`: writes `lib/services`, lib/testing/actions.ts, docs/products.md and the subpaths of package.json from the official
 * packages, which are downloaded once.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { downloadExact } from './download.js';
import { generate } from './generate.js';
import { readProducts } from './products.js';
import { parsePackage } from './read-package.js';
import { readTarball } from './tarball.js';
import { writeActions } from './write-actions.js';
import { writeCatalog } from './write-catalog.js';
import { writeExports } from './write-exports.js';
import { writeProductsDoc, type Row } from './write-products-doc.js';

const folder = 'lib/services';
const products = readProducts();
const rows: Row[] = [];
const actions: string[] = [];
const files = new Map<string, string>();
for (const product of products) {
  const tarball = await downloadExact('.cache/official', product.package, product.version, product.integrity);
  const { text, ...facts } = generate(parsePackage(product.package, product.version, readTarball(tarball)), product);
  files.set(`${product.name}.ts`, text);
  actions.push(...facts.actions);
  rows.push({ ...product, packageVersion: product.version, ...facts });
  console.log(`${product.name}: ${facts.operations} operations`);
  for (const { method, reason } of facts.refused) console.log(`  left out ${method}: ${reason}`);
}
files.set('catalog.ts', writeCatalog(rows));

mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) if (!files.has(file)) rmSync(join(folder, file));
for (const [file, text] of files) writeFileSync(join(folder, file), text);
writeFileSync('lib/testing/actions.ts', writeActions(actions));
writeFileSync('docs/products.md', writeProductsDoc(rows));
writeFileSync(
  'package.json',
  writeExports(
    readFileSync('package.json', 'utf8'),
    products.map(({ name }) => name),
  ),
);
console.log(`${rows.length} products, ${rows.reduce((sum, { operations }) => sum + operations, 0)} operations`);
