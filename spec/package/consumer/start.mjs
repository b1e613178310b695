/** What has been loaded once the first answer is there, and what the clients of a large product take, in MB. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { lastValueFrom } from 'rxjs';
import { accessKey } from 'rx-alicloud';

const before = process.memoryUsage().rss;
const { EcsClient } = await import('rx-alicloud/ecs');
const megabytes = (process.memoryUsage().rss - before) / 1e6;

const server = createServer((_request, response) => response.end('{"RequestId":"1"}')).listen(0, '127.0.0.1');
await once(server, 'listening');
const endpoint = `http://127.0.0.1:${server.address().port}`;
const client = new EcsClient({ endpoint, regionId: 'cn-hangzhou', credentials: accessKey('id', 'secret') });
const answer = await lastValueFrom(client.describeRegions({}));
await lastValueFrom(client.close(), { defaultValue: undefined });
server.close();

const loaded = Object.keys(createRequire(import.meta.url).cache);
console.log(
  JSON.stringify({
    answer,
    files: Object.fromEntries(
      ['undici', 'axios', 'commander'].map((name) => [
        name,
        loaded.filter((path) => path.replaceAll('\\', '/').includes(`/node_modules/${name}/`)).length,
      ]),
    ),
    hasTakenDispatcher: Symbol.for('undici.globalDispatcher.1') in globalThis,
    megabytes,
  }),
);
