/** What `zones.spec.ts` runs in a process of its own, as Zone.js patches Node's modules for good. It prints what happened. */
import 'zone.js/node';
import type {} from 'zone.js';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { listAnimals } from '../types/operations.js';

/** Resolves when nothing is left in the zone, as Angular's `whenStable` does, with what was told in between. */
function stabilise(work: (tell: (what: string) => void) => void): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const told: string[] = [];
    const zone = Zone.current.fork({
      name: 'page',
      onHasTask(delegate, _current, target, state) {
        delegate.hasTask(target, state);
        // Zone.js tells of micro and macro tasks apart.
        if (!state.microTask && !state.macroTask) resolve(told);
      },
      onHandleError: (_delegate, _current, _target, error) => (reject(error as Error), false),
    });
    zone.run(() => work((what) => told.push(`${what} in ${Zone.current.name}`)));
  });
}

const waiting: ServerResponse[] = [];
let isHolding = false;
let opened = 0;
const server = createServer((request, response) => {
  request.resume();
  if (isHolding) waiting.push(response);
  else response.end('{}');
});

server.on('connection', () => opened++);

server.listen(0, '127.0.0.1', () => {
  const client = new AlicloudClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    regionId: 'cn-hangzhou',
    credentials: accessKey('id', 'secret'),
    idleTimeout: 3_600_000,
  });
  const page = (): Promise<string[]> =>
    stabilise((tell) =>
      client.call(listAnimals).subscribe({ next: () => tell('next'), complete: () => tell('complete') }),
    );

  async function run(): Promise<object> {
    const first = await page();
    // The connection is idle, and reused from another page.
    const second = await page();
    const connections = opened;
    // Nobody unsubscribes.
    const watched = await stabilise((tell) => {
      client.stats$.subscribe();
      client.call(listAnimals).subscribe({ complete: () => tell('complete') });
    });
    isHolding = true;
    let isStable = false;
    const third = page().finally(() => (isStable = true));
    while (waiting.length === 0) await new Promise(setImmediate);
    const wasStable = isStable;
    for (const response of waiting) response.end('{}');
    return { first, second, connections, watched, third: await third, wasStable };
  }

  void run().then((result) => {
    process.stdout.write(JSON.stringify(result));
    client.close();
    server.close();
  });
});
