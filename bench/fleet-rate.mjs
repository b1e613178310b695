/**
 * Ten processes call an operation of which the server lets 50 in a second, and refuses the rest: how much of that do they use, and
 * how many of their calls are refused? Once each process by itself, and then with what they share in Redis. What is measured is a
 * fleet that runs: from some seconds after its start on, for a whole number of the server's windows. A call that is refused is
 * repeated for as long as it takes, in all rows alike.
 * `npm run bench:fleet-rate`, or `-- --seconds 60 --processes 20`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startRedis } from './redis.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, processes: { type: 'string', default: '10' } },
});
const seconds = Number(values.seconds);
const processes = Number(values.processes);
/** Of the run before it counts, by when all are connected, have their first leases and know the first throttle. */
const warmUp = 5;
const rate = 50;
const key = { accessKeyId: 'LTAI-fleet', accessKeySecret: 'a-secret-of-a-fleet' };

const redis = await startRedis();

const limits = [{ by: ['account', 'operation'], rate: { limit: rate, interval: 1000 } }];
const rows = [
  { name: 'each by itself', shared: false, musts: false },
  { name: 'shared throttles', shared: true, musts: false },
  { name: 'shared rate', shared: true, limits, musts: true },
];

let failed = false;
console.log(`${processes} processes, ${rate} calls/s let in, ${seconds} s each, after ${warmUp} s that do not count\n`);
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
  redis.close();
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
  const worker = {
    ...row,
    url,
    key,
    socket: redis.socket,
    prefix: `${name}:`,
    callers: 20,
    warmUp: 1000 * warmUp,
    milliseconds: 1000 * seconds,
  };
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
