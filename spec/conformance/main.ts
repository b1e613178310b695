/** `npm run conformance`: compares every operation with the official packages. */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { readProducts, type Product } from '../../codegen/products.js';
import { catalog, type CatalogEntry } from '../../lib/services/catalog.js';
import { fillIn, type Row } from './document.js';
import { hostGroups, hostsInWords, regionsOf, type HostRow } from './hosts.js';
import { install } from './install.js';
import { runAll, type Job } from './jobs.js';
import { groups, printed } from './report.js';
import { count, explained, inWords, type Result } from './results.js';

const usage = `Usage: npm run conformance -- (--all | --product NAME …) [--operation NAME] [--seed TEXT] [--edges NUMBER]

  --all         every product; writes the tables of docs/conformance.md
  --product     a product, by the name of its subpath; may be given several times
  --operation   a method, by its name
  --seed        what the values at the edges follow from (default: the time)
  --edges       how many requests with values at the edges for each operation (default: 3)
`;

const folder = resolve('.cache/conformance');
const document = 'docs/conformance.md';
const products = readProducts();

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    product: { type: 'string', multiple: true, default: [] },
    operation: { type: 'string' },
    seed: { type: 'string', default: String(Date.now()) },
    edges: { type: 'string', default: '3' },
  },
});
const unknown = values.product.filter((name) => !catalog.some((entry) => entry.name === name));
const chosen = catalog.filter(({ name }) => values.all || values.product.includes(name));

if (unknown.length > 0 || chosen.length === 0) {
  for (const name of unknown) console.error(`There is no product ${name}.\n`);
  console.error(usage);
  process.exitCode = 2;
} else {
  process.exitCode = await compare(chosen);
}

/** Resolves with the exit code: 1 where something differs and nobody has said why. */
async function compare(entries: readonly CatalogEntry[]): Promise<number> {
  console.log('Installing the official packages …');
  for (const failure of install(entries.map(productOf), folder)) {
    console.log(`${failure.package} can't be installed: ${failure.message}`);
  }
  const { results, hosts } = await runWithProgress(entries);
  writeFileSync(
    `${folder}/results.json`,
    JSON.stringify(
      results.filter(({ findings }) => findings.length > 0),
      null,
      2,
    ),
  );
  for (const group of groups(results)) console.log(printed(group));
  const strange = hostGroups(hosts).filter(({ reason }) => reason === undefined);
  for (const { product, official, ours, regions } of strange) {
    console.log(`host: ${product} in ${regions} regions\n  official: ${official}\n  ours: ${ours}\n`);
  }
  if (values.all && values.operation === undefined) {
    const rows = entries.map((entry) => rowOf(entry, results));
    writeFileSync(document, fillIn(readFileSync(document, 'utf8'), rows, hosts));
  }
  console.log(`seed: ${values.seed}`);
  console.log(inWords(count(results)));
  console.log(hostsInWords(hosts));
  return strange.length === 0 && results.flatMap(explained).every(({ reason }) => reason !== undefined) ? 0 : 1;
}

async function runWithProgress(
  entries: readonly CatalogEntry[],
): Promise<{ readonly results: readonly Result[]; readonly hosts: readonly HostRow[] }> {
  const { seed, operation, edges } = values;
  const everything = await Promise.all(catalog.map(({ load }) => load()));
  const regions = regionsOf(everything.map(({ service }) => service));
  const jobs = entries.map((entry): Job => {
    return {
      product: entry.name,
      package: productOf(entry).package,
      folder,
      operation,
      seed,
      edges: Number(edges),
      regions,
    };
  });
  const services = await Promise.all(entries.map(({ load }) => load()));
  const total = services.reduce((sum, { operations }) => sum + Object.keys(operations).length, 0);
  const bar = new SingleBar({ format: '{bar} {value}/{total} operations, {eta_formatted} left, {product}' });
  bar.start(operation === undefined ? total : entries.length, 0, { product: '' });
  const messages = await runAll(jobs, 2, (message) => {
    if ('operation' in message) bar.increment({ product: message.product });
  });
  bar.stop();
  return {
    results: messages.flatMap((message) => ('operation' in message ? [message] : [])),
    hosts: messages.flatMap((message) => ('hosts' in message ? message.hosts : [])),
  };
}

function rowOf(entry: CatalogEntry, results: readonly Result[]): Row {
  return { ...entry, source: productOf(entry), results: results.filter(({ product }) => product === entry.name) };
}

/** Which package it was generated from. */
function productOf({ name }: CatalogEntry): Product {
  const product = products.find((candidate) => candidate.name === name);
  if (product === undefined) throw new Error(`Expected codegen/products.json to list ${name}, which is in the catalog`);
  return product;
}
