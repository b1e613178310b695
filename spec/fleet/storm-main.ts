/** `npm run faults:fleet`: calls through a fleet whose processes, networks and Redis fail at random; the seed repeats it. */
import { parseArgs } from 'node:util';
import { findRedis } from '../support/redis-server.js';
import { soak } from './soak.js';
import { disturbAtRandom, faultNames, type FaultName } from './storm.js';
import { judge } from './verdict.js';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '10000' },
    faults: { type: 'string', default: '20' },
    seed: { type: 'string' },
    only: { type: 'string', default: faultNames.join() },
  },
});
const calls = Number(values.calls);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const path = findRedis();
if (path === undefined) throw new Error('Expected a redis-server, and found none');
const among = values.only.split(',') as FaultName[];
const unknown = among.find((name) => !faultNames.includes(name));
if (unknown !== undefined) throw new Error(`Expected faults out of ${faultNames.join()}, got ${unknown}`);
const repeat = `--calls ${calls} --faults ${values.faults} --seed ${seed} --only ${values.only}`;
console.log(`seed ${seed}: npm run faults:fleet -- ${repeat}`);
const disturb = disturbAtRandom({
  seed,
  count: Number(values.faults),
  among,
  tell: (fault, { fleet }) => console.log(`  ${fault}, at most ${fleet.emulator.peakActiveRequests} at once`),
});
const result = await soak({ path, calls, seed, window: 200, latency: 20, disturb });
const { problems, table } = judge(result, {
  unknown: Number(values.faults) * result.poolSize,
  beyond: among.includes('pauseWorker') ? result.concurrency : 0,
});
console.log(table);
for (const problem of problems.slice(0, 50)) console.error(`✗ ${problem}`);
if (problems.length > 50) console.error(`✗ and ${problems.length - 50} more`);
console.log(problems.length === 0 ? 'passed' : `FAILED: ${problems.length} problems, seed ${seed}`);
process.exitCode = problems.length === 0 ? 0 : 1;
