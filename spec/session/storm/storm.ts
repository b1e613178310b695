/**
 * Thousands of calls while everything goes wrong that can: the server throttles, fails, breaks connections and keeps
 * silent, credentials expire, clocks jump, callers lose interest. Whatever becomes of a call, it ends once, and nothing
 * that must not be repeated is done twice.
 */
import { setTimeout } from 'node:timers/promises';
import {
  concat,
  config,
  defer,
  from,
  lastValueFrom,
  mergeMap,
  of,
  retry,
  tap,
  throwError,
  timeout,
  timer,
  UnsubscriptionError,
} from 'rxjs';
import type { AlicloudError, CallEvent } from '../../../lib/index.js';
import { addressMany } from './addresses.js';
import { made, Mischief } from './call.js';
import { openClients, sizes, type Clients, type Sdk } from './clients.js';
import { Ends } from './ends.js';
import { Patience } from './patience.js';
import { clientNames, planOf, type Plan, type Trouble, type Turn } from './plan.js';
import { key, type StormReport, type StormServer } from './server.js';

export interface StormOptions {
  readonly calls: number;
  readonly seed: number;
  readonly sdk: Sdk;
  readonly server: Omit<StormServer, 'close'>;
  /** What is done beside; the server is told on its own. */
  readonly troubles: readonly Trouble[];
  /** Told how many calls have ended, after each. */
  readonly onEnd?: (ended: number) => void;
}

/** What there is to judge. */
export interface Aftermath {
  readonly plan: Plan;
  readonly ends: Ends;
  readonly report: StormReport;
  /** How many requests were sent. */
  readonly attempts: number;
  /** How often temporary credentials were had. */
  readonly renewals: number;
  readonly told: Told;
  /** In ms. */
  readonly duration: number;
}

/** How many calls are made at a time: a few more than the clients of the async mode take. */
const atATime = 60;

/** When no call ends for as long, in ms, those that are left never do: much longer than any load makes it. */
const patience = 60_000;

export async function storm(options: StormOptions): Promise<Aftermath> {
  const { calls, seed, sdk, server, onEnd, troubles } = options;
  const plan = planOf(seed, calls, troubles);
  const ends = new Ends(calls, key.accessKeySecret);
  let skew = 0;
  let attempts = 0;
  const clients = openClients(
    sdk,
    server,
    () => Date.now() + skew,
    () => attempts++,
    troubles,
  );
  const { told, stop } = listenTo(clients);
  const { onUnhandledError } = config;
  config.onUnhandledError = (error) => {
    if (isMischief(error)) ends.reported++;
    else ends.wrongs.push(`nobody handled ${String(error)}`);
  };
  const restoreAddresses = addressMany();
  const refused = new Patience();
  const begun = performance.now();

  function befall({ clientClock, serverClock, abort }: Turn): void {
    if (clientClock !== undefined) skew = clientClock;
    if (serverClock !== undefined) server.advance(serverClock);
    if (abort === undefined) return;
    clients.all[abort].shutdown({ mode: 'abort' });
    clients.all[abort].enableAsync(sizes.poolSize, sizes.maxTaskQueueSize);
  }

  let ended = 0;
  const all$ = from(plan.calls).pipe(
    mergeMap((call) => {
      const turn = plan.turns.get(call.number);
      if (turn !== undefined) befall(turn);
      refused.begin();
      const wait$ = refused.after(() => ends.refused.has(call.number));
      return concat(made(clients.all[call.client], call, ends), wait$);
    }, atATime),
    tap(() => onEnd?.(++ended)),
    timeout({ each: patience, with: () => of(ends.wrongs.push(`these calls never ended: ${ends.left.join(', ')}`)) }),
  );
  await lastValueFrom(all$, { defaultValue: undefined });

  await server.calm();
  await checkCalm(clients, ends);
  await shutDown(clients, ends);
  const duration = performance.now() - begun;
  stop();
  restoreAddresses();
  const report = await settled(server);
  config.onUnhandledError = onUnhandledError;
  return { plan, ends, report, attempts, renewals: clients.renewals(), told, duration };
}

function isMischief(error: unknown): boolean {
  return error instanceof UnsubscriptionError ? error.errors.every(isMischief) : error instanceof Mischief;
}

/** What the clients' events say. */
export interface Told {
  readonly events: Map<CallEvent['type'], number>;
  /** How many ends they tell of each call, by client and number: it should be one. And what they told last. */
  readonly calls: Map<string, { readonly ends: number; readonly last: string }>;
}

function listenTo({ all }: Clients): { told: Told; stop: () => void } {
  const told: Told = { events: new Map(), calls: new Map() };
  const subscriptions = clientNames.map((name) =>
    all[name].events$.subscribe(({ type, call }) => {
      told.events.set(type, (told.events.get(type) ?? 0) + 1);
      const id = `${name} ${call.id}`;
      const isEnd = type === 'finished' || type === 'failed' || type === 'cancelled' || type === 'refused';
      const ends = (told.calls.get(id)?.ends ?? 0) + (isEnd ? 1 : 0);
      told.calls.set(id, { ends, last: `${call.action} ${type}` });
    }),
  );
  return { told, stop: () => subscriptions.forEach((subscription) => subscription.unsubscribe()) };
}

/** After the storm all is well again, whatever the clients have learned from it. */
async function checkCalm({ all }: Clients, ends: Ends): Promise<void> {
  for (const name of clientNames) {
    const calm$ = defer(() => {
      ends.calm++;
      return all[name].describeInstances({ RegionId: 'cn-hangzhou' });
    }).pipe(
      // The server has asked for more patience than the clients have: for as long as that, they refuse calls.
      retry({
        delay: (error: AlicloudError) => (error.code === 'SDK.Throttled' ? timer(100) : throwError(() => error)),
      }),
      timeout(patience),
    );
    try {
      await lastValueFrom(calm$);
    } catch (error) {
      ends.wrongs.push(`${name} still fails when all is calm: ${String(error)}`);
    }
  }
}

/** All calls have ended, so that there is nothing to wait for. */
async function shutDown({ all, sts }: Clients, { wrongs }: Ends): Promise<void> {
  for (const [name, client] of Object.entries({ ...all, sts })) {
    const inTime$ = client.shutdown().pipe(
      timeout({
        each: patience,
        with: () => of(wrongs.push(`${name} is not shut down although all calls have ended`)),
      }),
    );
    await lastValueFrom(inTime$, { defaultValue: undefined });
  }
}

/** The clients have closed their ends; the server hears of it a moment later. */
async function settled(server: Pick<StormServer, 'report'>): Promise<StormReport> {
  let report = await server.report();
  for (let tries = 0; tries < 100 && report.openConnections > 0; tries++) {
    await setTimeout(20);
    report = await server.report();
  }
  return report;
}

/** What keeps this process alive that did not before, once it has had its time to go. */
export async function leftBehind(before: readonly string[]): Promise<readonly string[]> {
  let left: string[] = [];
  for (let tries = 0; tries < 500; tries++) {
    left = process.getActiveResourcesInfo();
    for (const resource of before) {
      const at = left.indexOf(resource);
      if (at >= 0) left.splice(at, 1);
    }
    if (left.length === 0) break;
    await setTimeout(20);
  }
  return left;
}
