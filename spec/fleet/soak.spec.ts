import { describeWithRedis } from '../support/redis-server.js';
import { killWorkerAndRedis, soak } from './soak.js';
import { judge } from './verdict.js';

// The whole of it is `npm run soak:fleet`.
describeWithRedis('some calls of the soak', (path) => {
  it('end once each, as a worker and Redis are killed on the way', async () => {
    const result = await soak({ path, calls: 150, seed: 1, window: 40, latency: 20, disturb: killWorkerAndRedis });
    const { problems, table } = judge(result, { unknown: 2 * result.poolSize });
    expect({ problems, table }).toEqual({ problems: [], table });
  });
});
