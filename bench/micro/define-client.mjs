/**
 * What it takes to give a class the three methods of each of 400 operations: `node bench/micro/define-client.mjs`. Each way in a
 * fresh process; the median of nine, in ms of CPU and MB of memory.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const operations = Array.from({ length: 400 }, (_, number) => `describeSomethingNumber${number}`);
class Client {}

const ways = {
  "onto the class's own prototype": (prototype) => {
    for (const name of operations) Object.assign(prototype, methodsOf(name));
  },
  'collected, then onto it at once': (prototype) => {
    const methods = Object.create(null);
    for (const name of operations) Object.assign(methods, methodsOf(name));
    Object.assign(prototype, methods);
  },
  'in a prototype of their own, as in lib/client.ts': (prototype) => {
    const methods = Object.create(null);
    for (const name of operations) Object.assign(methods, methodsOf(name));
    Object.setPrototypeOf(methods, Client.prototype);
    Object.setPrototypeOf(prototype, methods);
  },
};

const way = process.argv[2];
if (way === undefined) {
  for (const name of Object.keys(ways)) {
    const runs = Array.from({ length: 9 }, () =>
      execFileSync(process.execPath, [fileURLToPath(import.meta.url), name], { encoding: 'utf8' }),
    ).map((line) => line.split(' ').map(Number));
    const middle = (column) => runs.map((run) => run[column]).sort((one, other) => one - other)[4];
    console.log(`${name}: ${middle(0).toFixed(1)} ms, ${middle(1).toFixed(1)} MB`);
  }
} else {
  const { rss } = process.memoryUsage();
  const before = process.cpuUsage();
  class ServiceClient extends Client {}
  ways[way](ServiceClient.prototype);
  new ServiceClient()[operations[0]]();
  const { user, system } = process.cpuUsage(before);
  console.log((user + system) / 1000, (process.memoryUsage().rss - rss) / 1e6);
}

function methodsOf(name) {
  return {
    [name]() {
      return name;
    },
    [`${name}WithChan`]() {
      return name;
    },
    [`${name}WithCallback`]() {
      return name;
    },
  };
}
