/**
 * Every operation of the products whose official packages are at hand, called by the official package and by ours: the
 * requests are the same on the wire, down to the signature, and the same answer decodes to the same values. Set FC_SEED
 * to repeat a run with the same values at the edges. All products: `npm run conformance -- --all`.
 */
import type { AnyOperation } from '../../lib/service.js';
import { cs } from '../../lib/services/cs.js';
import { ecs } from '../../lib/services/ecs.js';
import { sts } from '../../lib/services/sts.js';
import { check, edgeCases, plainCases } from './check.js';
import { loadOfficial } from './official.js';
import { startRecorder, type Recorder } from './recorder.js';
import { sideBySide, type SideBySide } from './side-by-side.js';

const products = [
  { definition: ecs, packageName: '@alicloud/ecs20140526', count: 380 },
  { definition: sts, packageName: '@alicloud/sts20150401', count: 4 },
  { definition: cs, packageName: '@alicloud/cs20151215', count: 148 },
];

const seed = process.env.FC_SEED ?? String(Date.now());

beforeAll(() => console.log(`FC_SEED=${seed}`));

describe.each(products)('$packageName', ({ definition, packageName, count }) => {
  const operations = Object.entries(definition.operations as unknown as Record<string, AnyOperation>);
  const official = loadOfficial(packageName);
  let recorder: Recorder;
  let pair: SideBySide;

  beforeAll(async () => {
    recorder = await startRecorder();
    pair = sideBySide(official, recorder);
  });
  afterAll(async () => {
    pair.close();
    await recorder.close();
  });

  it('has every operation', () => {
    expect(operations).toHaveLength(count);
    expect(operations.map(([name]) => name)).toEqual(official.operations);
  });

  it.each(operations)('%s is equal on the wire, and in what it makes of the answer', async (name, operation) => {
    expect(await check(pair, name, operation, [...plainCases, ...edgeCases(1, seed)])).toEqual([]);
  });
});
