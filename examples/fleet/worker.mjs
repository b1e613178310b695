/** Makes the calls of the fleet, with credentials of its own: what comes through the queue has none. */
import { accessKey } from 'rx-alicloud';
import { alicloudWorker } from 'rx-alicloud/bullmq';
import { EcsClient } from 'rx-alicloud/ecs';

const { redis, url, key } = JSON.parse(process.argv[2]);

const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: url,
  credentials: accessKey(key.accessKeyId, key.accessKeySecret),
});
const worker = alicloudWorker({
  connection: { host: '127.0.0.1', port: redis },
  clients: [client],
  concurrency: 10,
  // How soon others take over what a worker had that has died; 30 seconds where nobody is watching.
  lockDuration: 1000,
});
worker.ready().subscribe(() => process.send({ state: 'works' }));

let ended = 0;
client.events$.subscribe(({ type }) => {
  if (type === 'finished' || type === 'failed') ended++;
});
const watching = client.stats$.subscribe(({ running }) => process.send({ running, ended }));

process.on('message', () => {
  watching.unsubscribe();
  process.send({ state: 'closes', running: 0, ended });
  worker.close().subscribe({ complete: () => process.disconnect() });
});
