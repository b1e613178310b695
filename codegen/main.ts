/** `npm run generate`: writes `lib/services` from the official packages that are installed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateAll } from './generate.js';

const folder = 'lib/services';
mkdirSync(folder, { recursive: true });
for (const { file, text, operations } of generateAll('node_modules')) {
  writeFileSync(join(folder, file), text);
  const facts = operations === undefined ? '' : `, ${operations} operations`;
  console.log(`${join(folder, file)}: ${text.length} characters${facts}`);
}
