/** Each ready-made waiter, from the encoded request to the decoded answer. */
import { asyncScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { AlicloudClient } from '../../lib/client.js';
import { accessKey } from '../../lib/credentials/credentials.js';
import { isClientError, type WaitFailedError } from '../../lib/errors.js';
import { waitFor } from '../../lib/operators/wait-for.js';
import type { Waiter } from '../../lib/operators/waiter.js';
import { alb } from '../../lib/services/alb.js';
import { cs } from '../../lib/services/cs.js';
import { eci } from '../../lib/services/eci.js';
import { EcsClient } from '../../lib/services/ecs.js';
import { polardb } from '../../lib/services/polardb.js';
import { rKvstore } from '../../lib/services/r-kvstore.js';
import { rds } from '../../lib/services/rds.js';
import { ros } from '../../lib/services/ros.js';
import { vpc } from '../../lib/services/vpc.js';
import { createEmulator, emulatorCredentials, type Emulator } from '../../lib/testing/index.js';
import { instanceGone, instanceRunning, instanceStopped } from '../../lib/waiters/ecs.js';
import { answers, nameOf, waiters, type AnyWaiter } from './support.js';

const all = Object.entries(waiters).flatMap(([product, some]) =>
  Object.entries(some).map(([name, waiter]) => [`${product} ${name}`, waiter] as const),
);
const { accessKeyId, accessKeySecret } = emulatorCredentials;
const start = Date.UTC(2026, 0, 1);

interface Stage {
  readonly emulator: Emulator;
  readonly options: { readonly regionId: string };
  readonly flush: () => void;
}

/** In virtual time, in which instances boot and answers come at once. */
function inVirtualTime(scene: (stage: Stage) => void): void {
  const scheduler = new TestScheduler(() => undefined);
  scheduler.run(({ flush }) => {
    const clock = () => start + asyncScheduler.now();
    const services = [alb, cs, eci, polardb, rKvstore, rds, ros, vpc];
    const emulator = createEmulator({ clock, services });
    const credentials = accessKey(accessKeyId, accessKeySecret);
    scene({
      emulator,
      options: { regionId: 'cn-hangzhou', credentials, transport: emulator.transport, clock } as never,
      flush,
    });
  });
}

/** What is seen of one resource that goes through some states, of which `undefined` is that it is not there. */
function seen(
  waiter: AnyWaiter,
  states: readonly (string | undefined)[],
): { states: unknown[]; error: WaitFailedError | undefined; ended: boolean } {
  const known = waiter as unknown as Waiter<object, object, object>;
  const { resource } = known;
  const result: ReturnType<typeof seen> = { states: [], error: undefined, ended: false };
  inVirtualTime(({ emulator, options, flush }) => {
    let made = 0;
    emulator.handle(resource.operation, () => {
      const state = states[made++];
      const filled = answers[nameOf(waiter)]?.('id-1', state ?? '') ?? {};
      return state === undefined ? {} : filled;
    });
    waitFor(new AlicloudClient(options), known, 'id-1').subscribe({
      next: (items) => result.states.push(items.map((item) => resource.stateOf(item))[0]),
      error: (error: WaitFailedError) => (result.error = error),
      complete: () => (result.ended = true),
    });
    flush();
  });
  return result;
}

describe('the ready-made waiters', () => {
  it('are about forty, and each is called as it is exported', () => {
    expect(all.length).toBeGreaterThanOrEqual(30);
    expect(all.map(([, { name }]) => name)).toEqual(all.map(([path]) => path.split(' ')[1]));
  });

  describe.each(all)('%s', (_path, waiter) => {
    const { states = [], gone = false, fails = [], resource } = waiter;

    it('asks, goes on in other states, and ends in its own', () => {
      for (const state of [...states, ...(gone ? [undefined] : [])]) {
        expect(seen(waiter, [undefined, 'Elsewhere', state].slice(gone ? 1 : 0))).toEqual({
          states: [undefined, 'Elsewhere', state].slice(gone ? 1 : 0),
          error: undefined,
          ended: true,
        });
      }
    });

    it('fails in each state from which there is no way', () => {
      for (const state of fails) {
        const { error, states: emitted } = seen(waiter, ['Elsewhere', state]);
        expect([isClientError(error, 'SDK.WaitFailed'), emitted]).toEqual([true, ['Elsewhere', state]]);
      }
      expect(states.filter((state) => fails.includes(state))).toEqual([]);
    });

    it('makes a request that fits its operation, of as many ids as it may have', () => {
      const known = waiter as unknown as Waiter<object, object, object>;
      const ids = Array.from({ length: resource.maxIds ?? 1 }, (_, i) => `id-${i}`);
      inVirtualTime(({ emulator, options, flush }) => {
        const errors: unknown[] = [];
        let text = '';
        emulator.handle(known.resource.operation, ({ request }) => ((text = JSON.stringify(request)), {}));
        waitFor(new AlicloudClient(options), known, ids, { timeout: 1 }).subscribe({
          error: (error) => errors.push(error),
        });
        flush();
        for (const id of ids) expect(text).toContain(id);
        if (!gone) expect(errors).toEqual([expect.objectContaining({ code: 'SDK.WaitTimeout' })]);
      });
    });
  });
});

describe('the waiters of instances, on an emulator that keeps them', () => {
  it('see them run, stop and go', () => {
    inVirtualTime(({ options, flush }) => {
      const client = new EcsClient(options);
      const log: string[] = [];
      client.runInstances({ Amount: 3 }).subscribe(({ InstanceIdSets }) => {
        const ids = InstanceIdSets?.InstanceIdSet ?? [];
        const tell = (what: string) => ({
          next: (items: readonly { Status?: string }[]) =>
            log.push(`${what}: ${items.map(({ Status }) => Status).join()}`),
        });
        waitFor(client, instanceRunning, ids, { interval: 100 }).subscribe({
          ...tell('running'),
          complete: () =>
            client.stopInstances({ InstanceId: ids }).subscribe(() =>
              waitFor(client, instanceStopped, ids, { interval: 100 }).subscribe({
                ...tell('stopped'),
                complete: () =>
                  client
                    .deleteInstances({ InstanceId: ids, RegionId: 'cn-hangzhou' })
                    .subscribe(() => waitFor(client, instanceGone, ids).subscribe(tell('gone'))),
              }),
            ),
        });
      });
      flush();
      expect(log.filter((line, i) => line !== log[i - 1])).toEqual([
        'running: Pending,Pending,Pending',
        'running: Running,Running,Running',
        'stopped: Stopping,Stopping,Stopping',
        'stopped: Stopped,Stopped,Stopped',
        'gone: ',
      ]);
    });
  });
});
