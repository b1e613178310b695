/** The emulator in a process of its own. */
import { createEmulator } from 'rx-alicloud/testing';
import { key } from './call.mjs';

const { url } = await createEmulator({ credentials: key }).listen();
process.send({ url });
process.on('disconnect', () => process.exit());
