/** A child process: compares the operations of one product and tells its parent of each. */
import { catalog } from '../../lib/services/catalog.js';
import { check, edgeCases, plainCases, withPlainPaths, type Finding } from './check.js';
import { unencodedPaths } from './differences.js';
import { hostsOf } from './hosts.js';
import type { Job, Message } from './jobs.js';
import { loadOfficial, type Official } from './official.js';
import { startRecorder } from './recorder.js';
import { sideBySide } from './side-by-side.js';

async function run({ product, package: name, folder, operation: only, seed, edges, regions }: Job): Promise<void> {
  const { service, operations } = await catalog.find((entry) => entry.name === product)!.load();
  const official = load(name, folder);
  if (official instanceof Error) {
    const findings = [{ ...notCompared, official: official.message, ours: undefined }];
    for (const operation of Object.keys(operations)) await tell({ product, operation, findings });
    return;
  }
  await tell({ product, hosts: hostsOf(product, service, official, regions) });
  const recorder = await startRecorder();
  const pair = sideBySide(official, recorder);
  const all = [...plainCases, ...edgeCases(edges, seed)];
  const cases = unencodedPaths.has(product) ? withPlainPaths(all) : all;
  const names = new Set([...official.operations, ...Object.keys(operations)]);
  for (const operation of only === undefined ? names : [...names].filter((candidate) => candidate === only)) {
    const descriptor = operations[operation];
    const findings = descriptor === undefined ? [missing] : await check(pair, operation, descriptor, cases);
    await tell({ product, operation, findings });
  }
  pair.close();
  await recorder.close();
}

const notCompared = { kind: 'not compared', case: 'none', request: undefined } as const;
const missing: Finding = { ...notCompared, official: 'has the operation', ours: 'does not have it' };

function load(name: string, folder: string): Official | Error {
  try {
    return loadOfficial(name, folder);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Waits, as a parent that can't keep up would let the messages pile up here. */
function tell(message: Message): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, undefined, (error) => (error === null ? resolve() : reject(error)));
  });
}

await run(JSON.parse(process.argv[2] ?? '') as Job);
process.disconnect();
