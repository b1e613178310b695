/** What importing costs: fresh processes, one after the other in rounds. */
import { runWorker } from '../processes.mjs';
import { median } from '../report/statistics.ts';

export const imports = {
  ours: { title: 'rx-alicloud/ecs', modules: ['rx-alicloud/ecs'] },
  parts: { title: 'axios + rxjs', modules: ['axios', 'rxjs'] },
  popCore: { title: '@alicloud/pop-core', modules: ['@alicloud/pop-core'] },
  official: { title: '@alicloud/ecs20140526', modules: ['@alicloud/ecs20140526'] },
};

export async function measureImports({ names = Object.keys(imports), rounds, progress }) {
  progress('imports');
  const turns = Object.fromEntries(names.map((name) => [name, []]));
  // One round that doesn't count: it brings the files into the system's cache.
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const turn = await runWorker('weight/import-worker', imports[name].modules, { execArgv: ['--expose-gc'] });
      if (round >= 0) turns[name].push(turn);
    }
  }
  return Object.entries(turns).map(([name, taken]) => {
    const series = (key) => taken.map((turn) => turn[key]);
    return {
      name,
      milliseconds: median(series('milliseconds')),
      rss: median(series('rss')),
      heap: median(series('heap')),
      rounds: series('milliseconds'),
    };
  });
}
