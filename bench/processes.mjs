/** The processes that are measured: each holds what it measures and nothing else. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Where the benchmark's own bundles are. */
export const built = '.cache/bench/build';

/** Starts a worker of the benchmark; after `timeout` milliseconds it is ended. `ask` sends a message and gives the answer, or throws what the worker reports. */
export function startWorker(name, args, { env = {}, execArgv = [], timeout } = {}) {
  const child = fork(join(built, `${name}.mjs`), args, { env: { ...cleanEnvironment(), ...env }, execArgv, timeout });
  const gone = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`The worker ${name} ${args[0] ?? ''} ended: ${signal ?? `code ${code}`}`);
  });
  gone.catch(() => undefined);
  // It may say more than one thing before it is listened to.
  const said = [];
  child.on('message', (message) => said.push(message));
  const answer = async () => {
    if (said.length === 0) await Promise.race([once(child, 'message'), gone]);
    const message = said.shift();
    if (message.error !== undefined) throw new Error(message.error);
    return message;
  };
  return {
    /** What it says by itself, such as that it is ready. */
    answer,
    ask: (message) => {
      child.send(message);
      return answer();
    },
    stop: () => child.connected && child.disconnect(),
  };
}

/** Runs a worker that has one thing to say. */
export async function runWorker(name, args, options) {
  const worker = startWorker(name, args, options);
  const answer = await worker.answer();
  worker.stop();
  return answer;
}

/** A proxy would come between the clients and the server. */
function cleanEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/proxy|^node_options$/i.test(name)));
}
