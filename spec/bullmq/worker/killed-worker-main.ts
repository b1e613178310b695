/** A worker in a process of its own, for those who kill it. */
import { Redis } from 'ioredis';
import { alicloudWorker } from '../../../lib/bullmq/index.js';
import { accessKey } from '../../../lib/credentials/credentials.js';
import { EcsClient } from '../../../lib/services/ecs.js';

const [, , socket = '', endpoint = '', lockDuration = ''] = process.argv;
const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: JSON.parse(endpoint) as string,
  credentials: accessKey('id', 'secret'),
  readTimeout: 0,
});
const connection = new Redis(JSON.parse(socket) as string);
const worker = alicloudWorker({ connection, clients: [client], lockDuration: Number(lockDuration) });
worker.ready().subscribe(() => process.send?.({ ready: true }));
