/** All clients against one server, in rounds: each has its turn in each round, so that what the machine does meanwhile hits all. */
import { startWorker } from '../processes.mjs';
import { median } from '../report/statistics.ts';
import { instancesOfAnswer, regionsOfAnswer } from './answers.mjs';
import { clients } from './clients.mjs';

const warmUpCalls = 300;
/** How many there are in the list of each answer. */
const lengths = { small: regionsOfAnswer, large: instancesOfAnswer };

/**
 * @param scenarios of `http-small`, `http-large`, `tls-small`, `tls-large`
 * @param seconds how long a turn is
 * @returns a row for each scenario, concurrency and client: the medians of its rounds, and the rounds
 */
export async function measureHttp({
  server,
  scenarios,
  names = Object.keys(clients),
  concurrencies = [1, 10, 50],
  rounds,
  seconds,
  progress,
}) {
  const rows = [];
  for (const scenario of scenarios) {
    const size = scenario.split('-')[1];
    const workers = names.map((name) => ({
      name,
      ...startWorker('http/worker', [name, server.urls[scenario], size], { env: { NODE_EXTRA_CA_CERTS: server.ca } }),
    }));
    for (const { answer } of workers) await answer();
    for (const concurrency of concurrencies) {
      progress(`${scenario}, ${concurrency} at a time`);
      const measured = await inRounds({ server, workers, size, concurrency, rounds, seconds });
      rows.push(...measured.map((row) => ({ scenario, concurrency, ...row })));
    }
    for (const { stop } of workers) stop();
  }
  return rows;
}

async function inRounds({ server, workers, size, concurrency, rounds, seconds }) {
  const measured = workers.map((worker) => ({ worker, calls: warmUpCalls, turns: [], connections: 0 }));
  // Two rounds that don't count: the first says how many calls a turn has, the second is as long as a turn.
  for (let round = -2; round < rounds; round++) {
    for (const each of measured) {
      const turn = await takeTurn({ server, worker: each.worker, size, calls: each.calls, concurrency });
      each.connections += turn.connections;
      if (round < 0) each.calls = Math.max(warmUpCalls, Math.round((turn.calls / turn.seconds) * seconds));
      else each.turns.push(turn);
    }
  }
  return measured.map(({ worker, turns, connections }) => {
    const series = (value) => turns.map(value);
    const rates = series((turn) => turn.calls / turn.seconds);
    const cpus = series((turn) => turn.cpu / turn.calls);
    const last = turns.at(-1);
    return {
      client: worker.name,
      rate: median(rates),
      cpu: median(cpus),
      rates,
      cpus,
      rss: last.rss,
      heap: last.heap,
      connections,
      serverBusy: last.serverBusy === undefined ? undefined : median(series((turn) => turn.serverBusy)),
    };
  });
}

async function takeTurn({ server, worker, size, calls, concurrency }) {
  const before = await server.counts();
  const turn = await worker.ask({ calls, concurrency });
  const after = await server.counts();
  if (turn.answered !== lengths[size])
    throw new Error(`${worker.name}: expected ${lengths[size]} in the list, got ${turn.answered}`);
  return {
    ...turn,
    connections: after.accepted - before.accepted,
    serverBusy: after.cpu === undefined ? undefined : (after.cpu - before.cpu) / 1e6 / turn.seconds,
  };
}
