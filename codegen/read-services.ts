/** The generated services, whole. */
import { catalog } from '../lib/services/catalog.js';
import type { Listed } from './write-pages-doc.js';

export function readServices(): Promise<Listed[]> {
  return Promise.all(
    catalog.map(async ({ name, product, version, load }) => ({
      name,
      product,
      version,
      operations: (await load()).operations,
    })),
  );
}
