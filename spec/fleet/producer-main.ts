/** A producer of a fleet as a process: makes the calls that are planned, and tells how each has ended. */
import { defer, finalize, map, mergeMap, Observable, range, retry, throwError, timer } from 'rxjs';
import { bullmqDispatcher } from '../../lib/bullmq/index.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { isAlicloudError, isClientError } from '../../lib/errors.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { key, type Place } from './place.js';
import { planCall, type PlannedCall } from './plan.js';

export interface Production {
  readonly from: number;
  readonly calls: number;
  readonly seed: number;
  /** How many calls it has under way at a time. */
  readonly window: number;
}

/** `value`, `cancelled`, the code of an error, or what was wrong about it. */
export type Ends = Readonly<Record<number, string>>;

const [place, production] = process.argv.slice(2).map((arg) => JSON.parse(arg) as unknown) as [Place, Production];
const { connection, url, queueName, prefix, poolSize, maxTaskQueueSize } = place;
const { from, calls, seed, window } = production;

const client = new EcsClient({
  regionId: 'cn-hangzhou',
  endpoint: url,
  credentials: accessKey(key.accessKeyId, key.accessKeySecret),
  dispatcher: bullmqDispatcher({ connection, queueName, prefix }),
  enableAsync: true,
  poolSize,
  maxTaskQueueSize,
});

function make({ number, kind }: PlannedCall): Observable<unknown> {
  const options = { headers: { 'x-marker': String(number) } };
  switch (kind) {
    case 'read':
      return client.describeRegions({}, options);
    case 'token':
      return client.createDisk({ DiskName: `disk-${number}`, Size: 20 }, options);
    case 'unsafe':
      return client.createKeyPair({ KeyPairName: `key-${number}` }, options);
    case 'invalid':
      return client.createKeyPair({} as never, options);
    case 'refused':
      return client.describeZones({}, options);
  }
}

/** Emits how the call has ended. */
function end(call: PlannedCall): Observable<string> {
  // What the fleet could not take was not sent, so that it may be made again as the same call.
  const call$ = make(call).pipe(
    retry({
      delay: (error) => (isClientError(error, 'SDK.FleetUnavailable') ? timer(100) : throwError(() => error as Error)),
    }),
  );
  return new Observable((subscriber) => {
    let values = 0;
    const ended = (how: string): void => {
      subscriber.next(how);
      subscriber.complete();
    };
    const running = call$.subscribe({
      next: () => values++,
      complete: () => ended(values === 1 ? 'value' : `${values} values`),
      error: (error) => ended(isAlicloudError(error) ? error.code : `not an error of the SDK: ${String(error)}`),
    });
    if (call.cancelAfter !== undefined) {
      running.add(
        timer(call.cancelAfter).subscribe(() => {
          if (subscriber.closed) return;
          running.unsubscribe();
          ended('cancelled');
        }),
      );
    }
    return running;
  });
}

const ends: Record<number, string> = {};
let done = 0;
range(from, calls)
  .pipe(
    map((number) => planCall(number, seed)),
    mergeMap((call) => defer(() => end(call)).pipe(map((how) => ({ call, how }))), window),
    finalize(() => process.send?.({ ends })),
  )
  .subscribe(({ call, how }) => {
    const before = ends[call.number];
    ends[call.number] = before === undefined ? how : `ended twice: ${before}, ${how}`;
    if (++done % 20 === 0) process.send?.({ done });
  });

process.on('message', () => {
  // What it doesn't let go of keeps this process alive, and the fleet says so.
  client.shutdown().subscribe({ complete: () => process.disconnect() });
});
