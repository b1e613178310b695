/** What a function pays each time that it starts cold, beyond Node's own start: fresh processes, one after the other in rounds. */
import { regionsOfAnswer } from '../http/answers.mjs';
import { runWorker } from '../processes.mjs';
import { median } from '../report/statistics.ts';
import { takeTurns } from './turns.mjs';

export const starts = {
  imported: { title: 'rx-alicloud/ecs, by import' },
  required: { title: 'rx-alicloud/ecs, by require' },
  node: { title: 'https.request' },
  official: { title: '@alicloud/ecs20140526' },
};

export async function measureStarts({ server, names = Object.keys(starts), rounds, progress }) {
  progress('starts');
  const env = { NODE_EXTRA_CA_CERTS: server.ca };
  const turns = await takeTurns(names, rounds, async (name) => {
    const turn = await runWorker('weight/start-worker', [name, server.urls['tls-small']], { env });
    if (turn.answered !== regionsOfAnswer) throw new Error(`${name}: got ${turn.answered} regions`);
    return turn;
  });
  return turns.map(({ name, series }) => ({
    name,
    milliseconds: median(series('milliseconds')),
    rounds: series('milliseconds'),
    cpu: median(series('cpu')),
    rss: median(series('rss')),
    rssRounds: series('rss'),
  }));
}
