/** What importing costs: fresh processes, one after the other in rounds. */
import { runWorker } from '../processes.mjs';
import { median } from '../report/statistics.ts';
import { takeTurns } from './turns.mjs';

export const imports = {
  ours: { title: 'rx-alicloud/ecs', modules: ['rx-alicloud/ecs'] },
  parts: { title: 'axios + rxjs', modules: ['axios', 'rxjs'] },
  popCore: { title: '@alicloud/pop-core', modules: ['@alicloud/pop-core'] },
  official: { title: '@alicloud/ecs20140526', modules: ['@alicloud/ecs20140526'] },
};

export async function measureImports({ names = Object.keys(imports), rounds, progress }) {
  progress('imports');
  const turns = await takeTurns(names, rounds, (name) =>
    runWorker('weight/import-worker', imports[name].modules, { execArgv: ['--expose-gc'] }),
  );
  return turns.map(({ name, series }) => ({
    name,
    milliseconds: median(series('milliseconds')),
    rss: median(series('rss')),
    heap: median(series('heap')),
    rounds: series('milliseconds'),
  }));
}
