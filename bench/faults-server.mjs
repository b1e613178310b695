/** The emulator of a storm in a process of its own. */
import { accessKey } from 'rx-alicloud';
import { StsClient } from 'rx-alicloud/sts';
import { createEmulator } from 'rx-alicloud/testing';
import { troublesNamed } from '../spec/session/storm/plan.js';
import { startServer } from '../spec/session/storm/server.js';

const [seed, troubles] = process.argv.slice(2);
const server = await startServer({ createEmulator, StsClient, accessKey }, Number(seed), troublesNamed(troubles));
process.send({ url: server.url, metadata: server.metadata });

process.on('message', async ({ id, name, argument }) => {
  process.send({ id, result: await server[name](argument) });
});
process.on('disconnect', () => server.close());
