/** The emulator in a process of its own, so that what it refuses is told by nobody else. */
import { createEmulator } from 'rx-alicloud/testing';

const { credentials, rateLimit } = JSON.parse(process.argv[2]);
const emulator = createEmulator({ credentials, rateLimit, latency: 20 });
const { url } = await emulator.listen();
process.send(url);
process.on('disconnect', () => emulator.close());
