/** The emulator of a storm in a process of its own. */
import { createEmulator } from 'rx-alicloud/testing';
import { troublesNamed } from '../spec/session/storm/plan.js';
import { startServer } from '../spec/session/storm/server.js';

const server = await startServer(createEmulator, Number(process.argv[2]), troublesNamed(process.argv[3]));
process.send(server.url);

process.on('message', async ({ id, name, argument }) => {
  process.send({ id, result: await server[name](argument) });
});
process.on('disconnect', () => server.close());
