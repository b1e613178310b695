/** Writes docs/products.md: what there is, and what is missing. */
import type { Product } from './products.js';
import type { Generated } from './generate.js';

export type Row = Omit<Product, 'version'> & Omit<Generated, 'text'> & { readonly packageVersion: string };

export function writeProductsDoc(rows: readonly Row[]): string {
  const total = rows.reduce((sum, { operations }) => sum + operations, 0);
  const refused = rows.flatMap(({ package: name, refused }) => refused.map((each) => ({ name, ...each })));
  return `# Products

${rows.length} products, ${total} operations. This file is written by \`npm run generate\`.

The API version of a product that has the most operations has the product's name, the others have their date as well. A
product that is not here is generated into your own project by \`npx rx-alicloud generate @alicloud/<package>\`, or called without types by
\`client.request\`.

${table(
  ['product', 'API version', 'import', 'operations', 'generated from'],
  rows.map((row) => [
    row.product,
    row.version,
    `\`rx-alicloud/${row.name}\``,
    String(row.operations),
    `${row.package} ${row.packageVersion}`,
  ]),
)}

## Not covered

${table(
  ['what', 'why'],
  [
    ['OSS (\`@alicloud/oss20190517\`)', 'own gateway and signature'],
    ['SLS (\`@alicloud/sls20201230\`)', 'own gateway and signature'],
    ['\`sofa*\`, \`nbf-*\`, \`um-*\`', 'internal packages and tests'],
    ...refused.map(({ name, method, reason }) => [`\`${method}\` of ${name}`, cell(reason)]),
  ],
)}
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
