/** Memory over time: an hour's worth of tasks and calls in minutes, with samples of the heap and of the open sockets. */
import { setTimeout } from 'node:timers/promises';
import { runWorker, startWorker } from '../processes.mjs';

const poolSize = 50;
const execArgv = ['--expose-gc'];

export async function measureMemory({ server, tasks, calls, progress }) {
  progress(`${tasks.toLocaleString('en')} tasks through the pool`);
  const pool = await runWorker('memory/pool-worker', [String(tasks)], { execArgv });

  progress(`${calls.toLocaleString('en')} calls over HTTP`);
  const before = await server.counts();
  const worker = startWorker('memory/http-worker', [server.urls['http-small'], String(calls), String(poolSize)], {
    execArgv,
  });
  const samples = [];
  let http;
  while ((http = await worker.answer()).total === undefined) {
    // The server sees idle sockets as well, which a process does not list among its own.
    const { open } = await server.counts();
    samples.push({ ...http, sockets: open - before.open });
  }
  const after = await settled(server, before.open);
  worker.stop();
  const accepted = after.accepted - before.accepted;
  return { pool, http: { ...http, samples, poolSize, accepted, left: after.open - before.open } };
}

/** The server hears a moment later that the client has closed its ends. */
async function settled(server, open) {
  let counts;
  for (let tries = 0; tries < 50; tries++) {
    counts = await server.counts();
    if (counts.open <= open) break;
    await setTimeout(20);
  }
  return counts;
}
