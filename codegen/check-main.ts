/** `npm run generate:check -- --from <folder>`: what the generator makes of official packages that lie in a folder. */
import { parseArgs } from 'node:util';
import { checkAll, reportOf, totalOf, type Checked } from './check.js';

const { values } = parseArgs({ options: { from: { type: 'string' } } });
if (values.from === undefined) throw new Error('Expected --from <folder>, a folder of unpacked packages');
const all: Checked[] = [];
for (const each of checkAll(values.from)) {
  all.push(each);
  for (const line of reportOf(each)) console.log(line);
}
console.log(totalOf(all));
if (all.some(({ fault }) => fault !== undefined)) process.exitCode = 1;
