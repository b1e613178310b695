// The programs in docs/cookbook.md are files of examples/cookbook. This writes them into the page, where it has
//
//   <!-- program: inventory.mjs -->
//
// above a block of code. What they print stands below, and is compared by spec/docs/cookbook.spec.ts.
import { readFileSync, writeFileSync } from 'node:fs';

const page = 'docs/cookbook.md';
const text = readFileSync(page, 'utf8');
const programs = /^(<!-- program: (\S+) -->\n\n)(?:```js program\n[^]*?^```\n)?/gm;
writeFileSync(
  page,
  text.replace(
    programs,
    (_, head, name) => `${head}\`\`\`js program\n${readFileSync(`examples/cookbook/${name}`, 'utf8')}\`\`\`\n`,
  ),
);
