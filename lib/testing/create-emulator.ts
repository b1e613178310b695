import { actions } from './actions.js';
import { catalog } from '../services/catalog.js';
import { ecs } from '../services/ecs.js';
import { sts } from '../services/sts.js';
import { buildEmulator, type Emulator } from './emulator.js';
import type { EmulatorOptions } from './options.js';

/**
 * Makes an emulator of Alibaba Cloud's OpenAPI: all operations of all products of this package, with signatures
 * verified, parameters checked, and answers that are well-typed and the same each time. ECS and STS have a state: what
 * `RunInstances` starts, `DescribeInstances` lists.
 *
 *     const emulator = createEmulator({ latency: 20 });
 *     const client = new EcsClient({ regionId: 'cn-hangzhou', credentials, transport: emulator.transport });
 *
 *     const { url } = await emulator.listen();   // or over HTTP: endpoint: url
 *     await emulator.close();
 *
 * Throws an `SDK.InvalidConfiguration` where an option can't work.
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  return buildEmulator(options, catalog, { atHand: [ecs, sts], actions });
}
