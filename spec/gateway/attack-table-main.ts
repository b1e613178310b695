/** `npm run docs:attacks`: writes the table of attacks in docs/gateway.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withAttackTable } from './attack-table.js';

const page = 'docs/gateway.md';
writeFileSync(page, withAttackTable(readFileSync(page, 'utf8')));
