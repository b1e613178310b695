/**
 * Ten processes call an operation of which the server lets 50 in a second, and refuses the rest: how much of that do they use, and
 * how many of their calls are refused? Once each process by itself, and then with what they share in Redis.
 * `npm run bench:fleet-rate`, or `-- --seconds 60 --processes 20`.
 */
import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, processes: { type: 'string', default: '10' } },
});
const seconds = Number(values.seconds);
const processes = Number(values.processes);
const rate = 50;
const key = { accessKeyId: 'LTAI-fleet', accessKeySecret: 'a-secret-of-a-fleet' };

const redis = spawnSync(process.execPath, ['scripts/redis.mjs'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
const path = redis.stdout.trim();
if (path === '') throw new Error('There is no redis-server');

const folder = mkdtempSync(join(tmpdir(), 'fleet-rate-'));
const socket = join(folder, 'redis.sock');
const server = spawn(path, ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
for await (const line of server.stdout) if (String(line).includes('ready to accept')) break;

const limits = [{ by: ['account', 'operation'], rate: { limit: rate, interval: 1000 } }];
const rows = [
  { name: 'each by itself', shared: false, musts: false },
  { name: 'shared throttles', shared: true, musts: false },
  { name: 'shared rate', shared: true, limits, musts: true },
];

let failed = false;
console.log(`${processes} processes, ${rate} calls/s let in, ${seconds} s each\n`);
console.log('                      calls/s   rate used    refused    requests to Redis   CPU a call');
try {
  for (const { name, musts, ...row } of rows) {
    const { ok, refused, failed: lost, commands, cpu } = await run(row, name);
    const used = ok / (rate * seconds);
    const part = refused / (ok + refused);
    const misses = musts && (used < 0.95 || part >= 0.02 || lost > 0);
    failed ||= misses;
    console.log(
      [
        name.padEnd(20),
        (ok / seconds).toFixed(1).padStart(9),
        `${(100 * used).toFixed(1)} %`.padStart(11),
        `${(100 * part).toFixed(2)} %`.padStart(10),
        (row.shared ? `${(commands / (ok + refused)).toFixed(2)} a call` : '').padStart(20),
        `${Math.round(cpu / (ok + refused))} µs`.padStart(12),
        lost > 0 ? `  ${lost} calls failed` : '',
        misses ? '  MISSED' : '',
      ].join(''),
    );
  }
} finally {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true });
}
console.log(
  failed ? '\nFAILED: at least 95 % of the rate, and fewer than 2 % refused, with a shared rate' : '\npassed',
);
process.exitCode = failed ? 1 : 0;

async function run(row, name) {
  const rateLimit = { calls: rate, per: 1000 };
  const emulator = fork(new URL('fleet-rate-server.mjs', import.meta.url), [
    JSON.stringify({ credentials: key, rateLimit }),
  ]);
  const [url] = await once(emulator, 'message');
  const worker = { ...row, url, key, socket, prefix: `${name}:`, callers: 20, milliseconds: 1000 * seconds };
  const workers = Array.from({ length: processes }, () =>
    fork(new URL('fleet-rate-worker.mjs', import.meta.url), [JSON.stringify(worker)]),
  );
  await Promise.all(workers.map((each) => once(each, 'message')));
  const told = workers.map((each) => once(each, 'message'));
  for (const each of workers) each.send('go');
  const sum = { ok: 0, refused: 0, failed: 0, commands: 0, cpu: 0 };
  for (const [counts] of await Promise.all(told)) for (const what of Object.keys(sum)) sum[what] += counts[what];
  emulator.disconnect();
  return sum;
}
