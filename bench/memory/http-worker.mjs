/** So many calls of one client through its pool, over HTTP; says a sample after each hundredth, and at the end, shut down, what it was. */
import { lastValueFrom } from 'rxjs';
import { accessKey, mergeMapFrom } from 'rx-alicloud';
import { EcsClient } from 'rx-alicloud/ecs';
import { regionsOfAnswer } from '../http/answers.mjs';
import { takeSample } from './sample.mjs';

const url = process.argv[2];
const [total, poolSize] = process.argv.slice(3).map(Number);
const client = new EcsClient({
  endpoint: url,
  regionId: 'cn-hangzhou',
  credentials: accessKey('LTAI-of-the-bench', 'a-secret-of-the-bench'),
  enableAsync: true,
  poolSize,
  maxTaskQueueSize: 2 * poolSize,
});

let done = 0;
let regions = 0;

const started = performance.now();
await new Promise((resolve, reject) => {
  const calls = mergeMapFrom(countTo(total), () => client.describeRegions({}), 2 * poolSize);
  calls.subscribe({
    next: ({ Regions }) => {
      regions += Regions.Region.length;
      if (++done % Math.ceil(total / 100) === 0) process.send(takeSample(done));
    },
    error: reject,
    complete: resolve,
  });
});
const seconds = (performance.now() - started) / 1000;
await lastValueFrom(client.shutdown(), { defaultValue: undefined });
if (done !== total || regions !== total * regionsOfAnswer)
  throw new Error(`Of ${total} calls ${done} were answered, with ${regions} regions`);
process.send({ total: done, seconds });
// Until the server has been asked what is left of its connections.
process.on('disconnect', () => process.exit());

function* countTo(end) {
  for (let i = 0; i < end; i++) yield i;
}
