/** docs/pages.md lists the operations that have pages as the rules find them, and as their descriptors say. */
import { readFileSync } from 'node:fs';
import { findPager } from '../../codegen/pager.js';
import { readServices } from '../../codegen/read-services.js';
import { withOperations, type Listed } from '../../codegen/write-pages-doc.js';

let services: readonly Listed[];
beforeAll(async () => {
  services = await readServices();
}, 30_000);

it('are listed as they are: `npm run docs:pages` would change nothing', () => {
  const page = readFileSync('docs/pages.md', 'utf8');
  expect(withOperations(page, services)).toBe(page);
});

it('are named by the subpath that they are imported by', () => {
  const exported = Object.keys((JSON.parse(readFileSync('package.json', 'utf8')) as { exports: object }).exports);
  expect(services.map(({ name }) => `./${name}`).filter((name) => !exported.includes(name))).toEqual([]);
  expect(services.find(({ product }) => product === 'Ecs')).toMatchObject({ name: 'ecs', version: '2014-05-26' });
});

it('have in their descriptors what the rules find in their tables', () => {
  const differing = services.flatMap(({ product, operations }) =>
    Object.values(operations).flatMap((operation) => {
      const found = findPager(operation);
      const pages = found !== undefined && 'pages' in found ? found.pages : undefined;
      return pages === operation.pages ? [] : [`${product} ${operation.action}`];
    }),
  );
  expect(differing).toEqual([]);
});
