/** The real client with its pool, on the emulator, both in the reader's browser. */
import { scan, shareReplay, startWith, type Observable, type Subscription } from 'rxjs';
import { accessKey, type ClientStats, type QueueDepth } from '../../lib/index.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { createEmulator, emulatorCredentials } from '../../lib/testing/index.js';
import { afterEvent, noLanes, type Lanes } from './lanes.js';

export interface Sizes {
  readonly poolSize: number;
  readonly maxTaskQueueSize: number;
}

export interface Demo {
  readonly lanes$: Observable<Lanes>;
  readonly stats$: Observable<ClientStats>;
  /** Makes calls. `settled` is told, in words, what each came to: the response or the error, not what was cancelled. */
  call(times: number, settled: (what: string) => void): void;
  /** Unsubscribes from the call of this id. */
  cancel(id: number): void;
  /** A new pool; what is in the old one is finished. */
  resize(sizes: Sizes): void;
  shutdown(): Observable<QueueDepth>;
  /** Ends everything. */
  destroy(): void;
}

/** `latency` is how long the emulator takes for an answer, in milliseconds. */
export function createDemo(sizes: Sizes, latency: () => number): Demo {
  const { accessKeyId, accessKeySecret } = emulatorCredentials;
  const client = new EcsClient({
    regionId: 'cn-hangzhou',
    credentials: accessKey(accessKeyId, accessKeySecret),
    allowAccessKeyInBrowser: true,
    transport: createEmulator({ latency }).transport,
    enableAsync: true,
    ...sizes,
  });
  const lanes$ = client.events$.pipe(
    scan(afterEvent, noLanes),
    startWith(noLanes),
    shareReplay({ bufferSize: 1, refCount: false }),
  );
  // Ids count the client's calls, and it tells of those alone that begin while somebody listens.
  const listening = lanes$.subscribe();
  const calls = new Map<number, Subscription>();
  let made = 0;

  function callOnce(settled: (what: string) => void): void {
    const id = ++made;
    const subscription = client.describeRegions().subscribe({
      next: ({ Regions }) => settled(`#${id} ${Regions?.Region?.length ?? 0} regions`),
      error: (error: Error) => settled(`#${id} ${'code' in error ? String(error.code) : error.message}`),
    });
    calls.set(id, subscription);
    subscription.add(() => calls.delete(id));
  }

  return {
    lanes$,
    stats$: client.stats$,
    call(times, settled) {
      for (let i = 0; i < times; i += 1) callOnce(settled);
    },
    cancel: (id) => calls.get(id)?.unsubscribe(),
    resize({ poolSize, maxTaskQueueSize }) {
      client.shutdown();
      client.enableAsync(poolSize, maxTaskQueueSize);
    },
    shutdown: () => client.shutdown(),
    destroy() {
      client.close();
      listening.unsubscribe();
    },
  };
}
