// The emulator of pages.mjs, in a process of its own: as many instances as it is told, each made when its page is asked for.
import { createEmulator } from 'rx-alicloud/testing';
import { describeInstances } from 'rx-alicloud/ecs';

const [credentials, listSize] = JSON.parse(process.argv[2]);
const emulator = createEmulator({ credentials, listSize });
emulator.handle(describeInstances, (call) => call.sample());
const { url } = await emulator.listen();
process.send(url);
process.on('message', () => process.send(emulator.requests.get('DescribeInstances') ?? 0));
process.once('disconnect', () => void emulator.close());
