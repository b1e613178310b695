// An endpoint that aborts its cloud calls when its client goes:  node server.mjs 3000, then GET /instances?region=cn-hangzhou
import { once } from 'node:events';
import { createServer } from 'node:http';
import { firstValueFrom, toArray } from 'rxjs';
import { stringifyJson } from 'rx-alicloud';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { takeUntilAborted } from 'rx-alicloud/interop';

const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

async function answer({ url = '' }, response) {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const RegionId = new URL(url, 'http://localhost').searchParams.get('region') ?? 'cn-hangzhou';
  try {
    // Any code that knows signals can be asked like this: a page under way is aborted, and no other is asked for.
    const instances$ = client.items(describeInstances, { RegionId, MaxResults: 100 }, { deadline: 30_000 });
    const instances = await firstValueFrom(instances$.pipe(toArray(), takeUntilAborted(gone.signal)));
    response.writeHead(200, { 'content-type': 'application/json' }).end(stringifyJson(instances));
  } catch (error) {
    if (gone.signal.aborted) return console.log('the client has gone');
    console.error(error.message); // for us; whoever asked is told no more than that it is not their fault
    response.writeHead(502, { 'content-type': 'application/json' }).end('{"error":"the cloud did not answer"}');
  }
}

const server = createServer(answer).listen(Number(process.argv[2] ?? 3000), '127.0.0.1');
await once(server, 'listening');
console.log('listens on', JSON.stringify(server.address()));

await once(process, 'SIGTERM');
server.close();
client.close(); // what is under way is finished
await once(server, 'close');
