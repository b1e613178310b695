/**
 * Whether anything has become half as fast: `npm run bench:guard`. It measures ratios only, each within one run on one
 * machine, and holds them against those of guard.json, with room for noise. `-- --update` writes that file anew, after a
 * change that was meant.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureHttp } from './http/run.mjs';
import { startServer } from './http/server.mjs';
import { measureCancelling, measurePool, measureWaiting } from './pool/run.mjs';
import { exceeded, roomForNoise } from './report/guard.ts';
import { exitCodeOf, summaryOf } from './report/musts.ts';
import { print } from './report/print.mjs';
import { ratioOf } from './report/statistics.ts';
import { measureImports } from './weight/imports.mjs';
import { measureStarts } from './weight/starts.mjs';

const file = 'bench/guard.json';
const poolSize = 10;
const { values } = parseArgs({ options: { update: { type: 'boolean', default: false } } });
const server = await startServer({ folder: '.cache/bench/server' });

/** Each is ours against another's; less is better. `room` is for those with less noise, or with more that is not ours in them. */
const measures = {
  'CPU a call against the floor': { measure: () => cpuOfCalls('http-small', 'floor') },
  'CPU a call against the floor, TLS': { measure: () => cpuOfCalls('tls-small', 'floor') },
  'CPU a large answer against the floor': { measure: () => cpuOfCalls('http-large', 'floor'), room: 1.25 },
  'CPU a call against http.request': { measure: () => cpuOfCalls('http-small', 'http') },
  'CPU a call against http.request, TLS': { measure: () => cpuOfCalls('tls-small', 'http') },
  'CPU a large answer against http.request + JSON.parse': {
    measure: () => cpuOfCalls('http-large', 'http'),
    room: 1.25,
  },
  'time of a task in the pool against p-queue': {
    async measure() {
      const [ours, theirs] = await measurePool({ lengths: [100_000], names: ['ours', 'pQueue'], rounds: 5, progress });
      return ratioOf(theirs.rates, ours.rates);
    },
  },
  'time of a task in the pool, 1,000,000 waiting against 1,000': {
    async measure() {
      const [few, many] = await measurePool({ lengths: [1000, 1_000_000], names: ['ours'], rounds: 3, progress });
      return ratioOf(few.rates, many.rates);
    },
  },
  'time to cancel a waiting task, 50,000 waiting against 1,000': {
    async measure() {
      const of = (length) => measureCancelling({ name: 'ours', length, rounds: 5, progress });
      return ratioOf(await of(50_000), await of(1000));
    },
  },
  'memory of a waiting call against a task of p-queue': {
    async measure() {
      const rows = await measureWaiting({ names: ['pQueue'], progress });
      const [theirs, ours] = ['pQueue', 'call'].map((name) => rows.find(({ queue }) => queue === name).bytes);
      return ours / theirs;
    },
    room: 1.2,
  },
  'import against axios + rxjs': {
    async measure() {
      const [ours, parts] = await measureImports({ names: ['ours', 'parts'], rounds: 9, progress });
      return ratioOf(ours.rounds, parts.rounds);
    },
  },
  'CPU until the first answer against the official SDK': { measure: () => ofStarts('cpu') },
  'memory of the first answer against the official SDK': { measure: () => ofStarts('rss'), room: 1.2 },
};

console.log(`The server: ${server.name}.`);
const usual = JSON.parse(readFileSync(file, 'utf8'));
const measured = {};
try {
  for (const [what, { measure }] of Object.entries(measures)) {
    measured[what] = await measure();
    // Once more before it is believed: something else may have run on the machine.
    if (!values.update && isSlower(what)) measured[what] = Math.min(measured[what], await measure());
  }
} finally {
  server.stop();
}

if (values.update) {
  const rounded = Object.entries(measured).map(([what, ratio]) => [what, Number(ratio.toPrecision(3))]);
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`);
}
const slower = values.update ? [] : Object.keys(measures).filter(isSlower);
print({
  title: 'Ratios, less is better',
  head: ['', 'usual', 'now', 'at most', ''],
  rows: Object.entries(measured).map(([what, now]) => [
    what,
    ...(values.update
      ? ['', now.toFixed(2), '']
      : [usual[what], now, usual[what] * (measures[what].room ?? roomForNoise)].map((ratio) => ratio.toFixed(2))),
    slower.includes(what) ? 'SLOWER' : '',
  ]),
});
for (const what of slower) console.log(`${what}: ×${measured[what].toFixed(2)}, usually ×${usual[what].toFixed(2)}.`);
console.log(slower.length === 0 ? 'Nothing has become slower.' : 'If that was meant: npm run bench:guard -- --update');
const musts = Object.keys(measures).map((what) => ({ what, isMet: !slower.includes(what) }));
console.log(summaryOf(musts));
process.exitCode = exitCodeOf(musts);

function isSlower(what) {
  return exceeded(usual[what], measured[what], measures[what].room);
}

async function ofStarts(what) {
  const [ours, theirs] = await measureStarts({ server, names: ['imported', 'official'], rounds: 7, progress });
  return ours[what] / theirs[what];
}

async function cpuOfCalls(scenario, against) {
  const rows = await measureHttp({
    server,
    scenarios: [scenario],
    names: ['ours', against],
    concurrencies: [poolSize],
    rounds: 7,
    seconds: 0.7,
    progress,
  });
  const [ours, theirs] = rows;
  if (ours.connections > poolSize)
    throw new Error(`A pool of ${poolSize} opened ${ours.connections} connections (${scenario})`);
  return ratioOf(ours.cpus, theirs.cpus);
}

function progress(text) {
  process.stderr.write(`  ${text}\n`);
}
