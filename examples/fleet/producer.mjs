/** Makes calls as any program does; one option lets the fleet's workers make them. */
import { catchError, map, mergeMap, of, range, tap, toArray } from 'rxjs';
import { accessKey } from 'rx-alicloud';
import { bullmqDispatcher } from 'rx-alicloud/bullmq';
import { EcsClient } from 'rx-alicloud/ecs';

const { redis, url, key, poolSize, maxTaskQueueSize, from: first, calls } = JSON.parse(process.argv[2]);

const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: url,
  credentials: accessKey(key.accessKeyId, key.accessKeySecret),
  dispatcher: bullmqDispatcher({ connection: { host: '127.0.0.1', port: redis } }),
  enableAsync: true,
  poolSize,
  maxTaskQueueSize,
});

const make = (number, options) => {
  if (number % 2 === 0) return client.describeInstances({ MaxResults: 10 }, options);
  if (number % 4 === 1) return client.createDisk({ DiskName: `disk-${number}`, Size: 20 }, options);
  // Without a ClientToken: it must not be executed twice.
  return client.createKeyPair({ KeyPairName: `key-${number}` }, options);
};

let ended = 0;
const watching = client.stats$.subscribe(({ running, waiting }) =>
  process.send({ state: 'calls', running, waiting, ended }),
);

range(first, calls)
  .pipe(
    mergeMap((number) => {
      // By which the server's ledger knows the call.
      const marker = `call ${number}`;
      return make(number, { headers: { 'x-marker': marker } }).pipe(
        map(() => 'value'),
        catchError(({ code }) => of(code)),
        map((how) => ({ marker, isWrite: number % 2 !== 0, how })),
      );
    }, 200),
    tap(() => ended++),
    toArray(),
  )
  .subscribe((report) => {
    watching.unsubscribe();
    process.send({ state: 'has all', running: 0, waiting: 0, ended, report });
  });

process.on('message', () => {
  client.shutdown().subscribe({ complete: () => process.disconnect() });
});
