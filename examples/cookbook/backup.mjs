// All instances of a region into a compressed file, as fast as the disk takes them:  node backup.mjs instances.ndjson.gz
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { map, take } from 'rxjs';
import { stringifyJson } from 'rx-alicloud';
import { defaultCredentials } from 'rx-alicloud/credentials';
import { describeInstances, EcsClient } from 'rx-alicloud/ecs';
import { toReadable } from 'rx-alicloud/interop/node';

const [path = 'instances.ndjson.gz'] = process.argv.slice(2);
const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: process.env.RX_ALICLOUD_EMULATOR_URL, // unset: the real cloud
  credentials: defaultCredentials(),
});

// `demand$` emits when the stream wants more: after each page, the next is asked for then, and not before.
const pages = toReadable(
  (demand$) =>
    client
      .pages(describeInstances, { MaxResults: 100 }, { after: () => demand$.pipe(take(1)) })
      .pipe(map(({ items }) => items.map((item) => `${stringifyJson(item)}\n`).join(''))),
  { objectMode: false },
);

// A failure anywhere, such as a full disk, destroys all three streams, and so aborts the request.
await pipeline(pages, createGzip(), createWriteStream(path));
console.log(`${path} is written`);
