/** The pool alone, and the queues that others use, each measurement in a process of its own and in rounds. */
import { runWorker } from '../processes.mjs';
import { median } from '../report/statistics.ts';
import { queues } from './queues.mjs';

const options = {
  execArgv: ['--expose-gc', '--max-old-space-size=8192'],
  // What costs more the more wait would not end today.
  timeout: 180_000,
};
const waiting = 100_000;

/** A row for each queue and length: the medians of its rounds, and the rounds. */
export async function measurePool({ lengths, names = Object.keys(queues), rounds, progress }) {
  const rows = [];
  for (const length of lengths) {
    progress(`${length} tasks`);
    const contenders = names.filter((name) => length <= (queues[name].most ?? Infinity));
    const turns = new Map(contenders.map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [name, taken] of turns)
        taken.push(await runWorker('pool/worker', ['time', name, String(length)], options));
    }
    for (const [queue, taken] of turns) {
      const series = (key) => taken.map((turn) => turn[key]);
      rows.push({
        queue,
        length,
        rate: median(series('rate')),
        microseconds: median(series('microseconds')),
        collecting: median(series('collecting')),
        rss: median(series('rss')),
        rates: series('rate'),
      });
    }
  }
  return rows;
}

/** Bytes of heap for each task that waits, by queue; and for each whole call that waits in a client's pool. */
export async function measureWaiting({ names = Object.keys(queues), progress }) {
  progress('memory of what waits');
  const bytes = async (what, name) => (await runWorker('pool/worker', [what, name, String(waiting)], options)).bytes;
  const rows = [];
  for (const name of names) rows.push({ queue: name, bytes: await bytes('memory', name) });
  rows.push({ queue: 'call', bytes: await bytes('calls', 'call') });
  return rows;
}

/** Microseconds to cancel one that waits, of so many that are cancelled one after another: the rounds. */
export async function measureCancelling({ name, length, rounds, progress }) {
  progress(`${length} cancelled`);
  const taken = [];
  for (let round = 0; round < rounds; round++) {
    taken.push((await runWorker('pool/worker', ['cancel', name, String(length)], options)).microseconds);
  }
  return taken;
}
