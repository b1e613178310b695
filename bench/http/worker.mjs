/** One client in a process of its own: makes the calls it is told to make, and reports what they took. */
import { getHeapStatistics } from 'node:v8';
import { clients } from './clients.mjs';

const [name, url, size] = process.argv.slice(2);
const { connect, lanes = (concurrency) => concurrency } = clients[name];
const connected = new Map();
let peakHeap = 0;

process.on('message', async ({ calls, concurrency }) => {
  try {
    const call = await connectedFor(concurrency);
    const sampling = setInterval(sampleHeap, 50);
    const cpu = process.cpuUsage();
    const started = performance.now();
    const answer = await run(call, calls, lanes(concurrency));
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    clearInterval(sampling);
    sampleHeap();
    process.send({
      calls,
      seconds,
      cpu: user + system,
      rss: process.resourceUsage().maxRSS * 1024,
      heap: peakHeap,
      answered: lengthOf(answer),
    });
  } catch (error) {
    process.send({ error: `${name}: ${error.stack ?? error}` });
  }
});
process.on('disconnect', () => process.exit());
process.send('ready');

/** A client for each concurrency, which keeps its connections from round to round. */
async function connectedFor(concurrency) {
  if (!connected.has(concurrency)) connected.set(concurrency, await connect({ url, size, concurrency }));
  return connected.get(concurrency);
}

/** `lanes` calls at a time: each that ends makes room for the next. */
function run(call, calls, lanes) {
  return new Promise((resolve, reject) => {
    let left = calls;
    let running = 0;
    const next = () => {
      left--;
      running++;
      call(done);
    };
    const done = (error, answer) => {
      if (error) return reject(error);
      running--;
      if (left > 0) next();
      else if (running === 0) resolve(answer);
    };
    for (let i = 0; i < lanes && left > 0; i++) next();
  });
}

function sampleHeap() {
  peakHeap = Math.max(peakHeap, getHeapStatistics().used_heap_size);
}

/** How long an answer's list is, so that nobody is fast by not answering. */
function lengthOf(answer) {
  const list =
    answer.Instances?.Instance ?? answer.instances?.instance ?? answer.Regions?.Region ?? answer.regions?.region;
  return list.length;
}
