/** The emulator in a process of its own, so that the client's heap and CPU are the client's. */
import { setTimeout } from 'node:timers/promises';
import { createEmulator } from 'rx-alicloud/testing';

const emulator = createEmulator({ credentials: JSON.parse(process.argv[2]) });
const { url } = await emulator.listen();
process.send(url);

process.on('message', async () => {
  // The client has closed its ends; this side hears of it a moment later.
  for (let tries = 0; tries < 100 && emulator.openConnections > 0; tries++) await setTimeout(20);
  const { openConnections, acceptedConnections, requests } = emulator;
  process.send({ open: openConnections, accepted: acceptedConnections, executed: requests.get('DescribeRegions') });
});
process.on('disconnect', () => emulator.close());
