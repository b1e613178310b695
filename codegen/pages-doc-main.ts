/** `npm run docs:pages`: writes the lists of docs/pages.md from lib/services. */
import { readFileSync, writeFileSync } from 'node:fs';
import { readServices } from './read-services.js';
import { withOperations } from './write-pages-doc.js';

const page = 'docs/pages.md';
writeFileSync(page, withOperations(readFileSync(page, 'utf8'), await readServices()));
