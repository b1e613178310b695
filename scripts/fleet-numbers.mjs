// The tables of numbers in docs/distributed.md, made of what `npm run bench:fleet -- --docs` and `npm run bench:fleet-size -- --docs`
// have measured. `--check` writes nothing, and fails where the page is not what this gives now.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const page = 'docs/distributed.md';
const size = read('bench/fleet/size.json');
const bench = existsSync('bench/fleet/results.json') ? read('bench/fleet/results.json') : undefined;

/** Of a call that has ended, in bytes. */
const kept = Math.max(...size.queue.map(({ bytesKeptPerCall }) => bytesKeptPerCall));

const tables = { carried, leases, calculated };
const before = readFileSync(page, 'utf8');
const after = before.replace(
  /^(<!-- numbers: (\w+) -->\n)[^]*?^(<!-- end of numbers -->)$/gm,
  (_, begin, name, end) => `${begin}${tables[name]()}${end}`,
);
if (after !== before && process.argv.includes('--check')) {
  console.error(`${page} is not what was measured. Run: npm run docs:fleet`);
  process.exitCode = 1;
} else if (after !== before) writeFileSync(page, after);

function carried() {
  const { machine, queue } = size;
  const rows = queue.map(({ producers, cpuPerCall, bytesOutPerCall }) => [
    String(producers),
    `${cpuPerCall} µs`,
    count(1e6 / cpuPerCall),
    `${count(bytesOutPerCall / 1000)} KB`,
  ]);
  const beside = (bench?.throughput ?? []).map(({ work, bullmq, fleet, ratio }) => [
    work === 'http' ? 'calls over HTTP, to an emulator' : 'calls that are answered at once',
    count(bullmq.rate),
    count(fleet.rate),
    ratio.toFixed(2),
  ]);
  return [
    `On ${machine.cores} cores (${machine.cpu}, Node ${machine.node}, ${machine.date}), answers of ${count(queue[0].bytesOfAnswer / 1000)} KB, fifty at a time:\n\n`,
    table(
      ['producers that listen', 'CPU of Redis a call', 'calls a second on one core, by that', 'sent by Redis a call'],
      rows,
    ),
    `\nOf a call that has ended, Redis keeps ${count(kept / 1000)} KB for \`keepResultFor\`${
      bench === undefined ? '' : `; one that waits takes ${count(bench.redis.bytesWaiting)} bytes`
    }.\n`,
    beside.length === 0
      ? ''
      : `\n${table(['calls a second, one producer and one worker', 'BullMQ directly', 'this queue', 'ratio'], beside)}`,
  ].join('');
}

function leases() {
  const rows = size.limiter.map(({ limit, processes, used, questionsPerSecond, callsPerQuestion, cpuPerQuestion }) => [
    `${count(limit)} a second`,
    String(processes),
    `${Math.round(used * 100)} %`,
    count(questionsPerSecond),
    callsPerQuestion.toFixed(1),
    `${cpuPerQuestion} µs`,
  ]);
  const head = [
    'limit',
    'processes',
    'of it used',
    'questions a second',
    'calls a question',
    'CPU of Redis a question',
  ];
  return table(head, rows);
}

function calculated() {
  const fleets = [10, 100, 1000];
  const perProcess = 10;
  const [one, , many] = size.queue;
  const perListener = (many.cpuPerCall - one.cpuPerCall) / (many.producers - one.producers);
  const question = Math.max(
    ...size.limiter.filter(({ processes }) => processes > 1).map(({ cpuPerQuestion }) => cpuPerQuestion),
  );
  const calls = (processes) => processes * perProcess;
  const cpuOf = (producers) => one.cpuPerCall + (producers - 1) * perListener;
  const rows = [
    [`calls a second, ${perProcess} a process`, (n) => count(calls(n))],
    ['**the limiter**, nothing throttled and no limits: questions a second', (n) => count(n / 5)],
    ['with limits that are used up: questions a second, at most', (n) => count(20 * n)],
    ['cores of Redis for that, at most', (n) => cores(20 * n * question)],
    ['connections', (n) => count(2 * n)],
    ['**one queue**, a tenth of the processes are producers: cores of Redis', (n) => cores(calls(n) * cpuOf(n / 10))],
    ['one queue, all are producers: cores of Redis', (n) => cores(calls(n) * cpuOf(n))],
    ['a queue for each ten producers, all are producers: queues', (n) => count(n / 10)],
    ['cores of Redis for all of these', (n) => cores(calls(n) * cpuOf(10))],
    ['memory for results that are kept for an hour', (n) => bytes(calls(n) * 3600 * kept)],
    ['for a minute', (n) => bytes(calls(n) * 60 * kept)],
  ].map(([name, of]) => [name, ...fleets.map(of)]);
  return table(['', ...fleets.map((n) => `${count(n)} processes`)], rows);
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function count(value) {
  return value.toFixed(value >= 10 || Number.isInteger(value) ? 0 : 1).replace(/\B(?=(\d{3})+$)/g, ',');
}

function cores(microseconds) {
  const used = microseconds / 1e6;
  return used < 10 ? used.toFixed(used < 0.1 ? 3 : 2) : count(used);
}

function bytes(value) {
  return value >= 1e9 ? `${count(value / 1e9)} GB` : `${count(value / 1e6)} MB`;
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
