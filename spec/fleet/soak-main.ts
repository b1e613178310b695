/** `npm run soak:fleet`: 20,000 calls from two producers through three workers, of which one is killed, as is Redis. */
import { parseArgs } from 'node:util';
import { findRedis } from '../support/redis-server.js';
import { killWorkerAndRedis, soak } from './soak.js';
import { judge } from './verdict.js';

const { values } = parseArgs({ options: { calls: { type: 'string', default: '20000' }, seed: { type: 'string' } } });
const calls = Number(values.calls);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const path = findRedis();
if (path === undefined) throw new Error('Expected a redis-server, and found none');
console.log(`seed ${seed}: npm run soak:fleet -- --calls ${calls} --seed ${seed}`);
const result = await soak({ path, calls, seed, window: 400, latency: 30, disturb: killWorkerAndRedis });
// When the worker is killed, and when Redis is.
const { problems, table } = judge(result, { unknown: 2 * result.poolSize });
console.log(table);
for (const problem of problems.slice(0, 50)) console.error(`✗ ${problem}`);
if (problems.length > 50) console.error(`✗ and ${problems.length - 50} more`);
console.log(problems.length === 0 ? 'passed' : `FAILED: ${problems.length} problems, seed ${seed}`);
process.exitCode = problems.length === 0 ? 0 : 1;
