/**
 * Memory over time, by itself: `npm run bench:memory`, or with `-- --tasks 1000000 --calls 100000`, or `-- --quick`.
 * Fails where heap or sockets do not stay flat.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startServer } from './http/server.mjs';
import { measureMemory } from './memory/run.mjs';
import { chartsOf } from './report/charts.mjs';
import { complaintsAbout } from './report/memory-verdict.ts';
import { print } from './report/print.mjs';
import { tablesOf } from './report/tables.mjs';

const { values } = parseArgs({
  options: { tasks: { type: 'string' }, calls: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const tasks = Number(values.tasks ?? (values.quick ? 1_000_000 : 10_000_000));
const calls = Number(values.calls ?? (values.quick ? 50_000 : 1_000_000));

const folder = '.cache/bench';
const server = await startServer({ folder: `${folder}/server` });
let memory;
try {
  memory = await measureMemory({ server, tasks, calls, progress: (text) => process.stderr.write(`  ${text}\n`) });
} finally {
  server.stop();
}

mkdirSync(`${folder}/charts`, { recursive: true });
writeFileSync(`${folder}/memory.json`, JSON.stringify(memory, null, 2));
for (const [file, svg] of chartsOf({ memory })) writeFileSync(`${folder}/charts/${file}`, svg);
for (const table of tablesOf({ memory })) print(table);

const complaints = complaintsAbout(memory);
console.log(complaints.length === 0 ? 'Heap and sockets stay flat.' : complaints.join('\n'));
process.exitCode = complaints.length === 0 ? 0 : 1;
