/**
 * Everything side by side, on the machine it runs on: `npm run bench`, or `npm run bench -- --only http --quick`.
 *
 *   --only <part>   http, tls, large, pool, import, start, bundle or memory; may be given more than once
 *   --quick         fewer and shorter rounds: whether it runs, not how fast it is
 *   --json <file>   also writes the results of this run there
 *   --docs          writes the figures and charts into docs/performance.md, with those of other parts from earlier runs
 *   --lean          the lean server, even where nginx is installed
 *
 * Results and charts are kept in .cache/bench. The last line says how many of the bounds were met; it exits with 1 where one
 * was not.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureHttp } from './http/run.mjs';
import { startServer } from './http/server.mjs';
import { measureMemory } from './memory/run.mjs';
import { measurePool, measureWaiting } from './pool/run.mjs';
import { chartsOf } from './report/charts.mjs';
import { writePage } from './report/page.mjs';
import { print } from './report/print.mjs';
import { linesOf } from './report/lines.ts';
import { complaintsAbout } from './report/memory-verdict.ts';
import { merged } from './report/merge.ts';
import { exitCodeOf, summaryOf } from './report/musts.ts';
import { tablesOf } from './report/tables.mjs';
import { measureBundles } from './weight/bundles.mjs';
import { measureImports } from './weight/imports.mjs';
import { measureStarts } from './weight/starts.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    docs: { type: 'boolean', default: false },
    lean: { type: 'boolean', default: false },
  },
});
const { quick } = values;
const folder = '.cache/bench';

const http = (...scenarios) =>
  measureHttp({ server, scenarios, progress, ...(quick ? { rounds: 1, seconds: 0.2 } : { rounds: 7, seconds: 1 }) });
const parts = {
  http: async () => ({ http: await http('http-small') }),
  tls: async () => ({ http: await http('tls-small', 'tls-large') }),
  large: async () => ({ http: await http('http-large') }),
  pool: async () => ({
    pool: await measurePool({ lengths: [1000, 10_000, 100_000, 1_000_000], rounds: quick ? 1 : 5, progress }),
    waiting: await measureWaiting({ progress }),
  }),
  import: async () => ({ imports: await measureImports({ rounds: quick ? 3 : 15, progress }) }),
  start: async () => ({ starts: await measureStarts({ server, rounds: quick ? 3 : 15, progress }) }),
  bundle: async () => ({ bundles: await measureBundles({ progress }) }),
  memory: async () => ({
    memory: await measureMemory({
      server,
      progress,
      ...(quick ? { tasks: 200_000, calls: 20_000 } : { tasks: 10_000_000, calls: 1_000_000 }),
    }),
  }),
};
const chosen = values.only ?? Object.keys(parts);
for (const name of chosen) {
  if (!(name in parts)) throw new Error(`Expected --only to be one of ${Object.keys(parts).join(', ')}, got ${name}`);
}

const server = await startServer({ folder: `${folder}/server`, lean: values.lean });
const results = {
  machine: {
    date: new Date().toISOString(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    server: server.name,
    quick,
  },
};
console.log(
  `${results.machine.cores} cores, shared by the clients and the server (${server.name}); Node ${process.version}`,
);
try {
  for (const name of chosen) {
    const { http: rows, ...rest } = await parts[name]();
    Object.assign(results, rest);
    if (rows) results.http = [...(results.http ?? []), ...rows];
  }
} finally {
  server.stop();
}

for (const table of tablesOf(results)) print(table);
const musts = linesOf(results).map(({ what, verdict }) => ({ what, isMet: verdict !== 'MISSED' }));
if (results.memory) {
  const complaints = complaintsAbout(results.memory);
  console.log(complaints.length === 0 ? 'Heap and sockets stay flat.' : complaints.join('\n'));
  musts.push({ what: 'memory over time, heap and sockets stay flat', isMet: complaints.length === 0 });
}
if (quick) console.log('\n--quick: these figures say that everything runs, not how fast it is.');

const kept = `${folder}/results${quick ? '-quick' : ''}.json`;
const all = merged(existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : undefined, results);
writeFileSync(kept, JSON.stringify(all, null, 2));
if (values.json) writeFileSync(values.json, JSON.stringify(results, null, 2));
mkdirSync(`${folder}/charts`, { recursive: true });
for (const [file, svg] of chartsOf(all)) writeFileSync(`${folder}/charts/${file}`, svg);
if (values.docs) writePage(tablesOf(all), chartsOf(all), all);
console.log(summaryOf(musts));
process.exitCode = exitCodeOf(musts);

function progress(text) {
  process.stderr.write(`  ${text}\n`);
}
