import { isPlatformServer } from '@angular/common';
import { DestroyRef, inject, Injector, NgZone, PLATFORM_ID, signal, type Signal } from '@angular/core';
import type { AlicloudClient } from '../client.js';
import type { ClientStats } from '../events/events.js';
import { checkOption, withMethod } from '../schema/options.js';

export interface AlicloudStatsOptions {
  /** Where it belongs, outside of an injection context. @default the current injector */
  readonly injector?: Injector | undefined;
}

/**
 * How a client is doing, as a signal: how many calls run and wait, and what happened in the last second. The timer behind it
 * runs outside of Angular's zone, and not at all on a server, so that no page waits for it.
 *
 * @example
 * const stats = alicloudStats(injectAlicloud(EcsClient));
 * // In the template: {{ stats().running }} running, {{ stats().waiting }} waiting
 *
 * @throws ConfigurationError where there is no client
 */
export function alicloudStats(client: AlicloudClient, { injector }: AlicloudStatsOptions = {}): Signal<ClientStats> {
  checkOption('alicloudStats(client)', client, withMethod('watchStats', 'a client'));
  const from = injector ?? inject(Injector);
  const stats = signal(idle);
  if (isPlatformServer(from.get(PLATFORM_ID))) return stats.asReadonly();
  const subscription = from
    .get(NgZone)
    .runOutsideAngular(() => client.stats$.subscribe((current) => stats.set(current)));
  from.get(DestroyRef).onDestroy(() => subscription.unsubscribe());
  return stats.asReadonly();
}

/** Of a client that does nothing. */
const idle: ClientStats = {
  running: 0,
  waiting: 0,
  poolSize: undefined,
  throttled: [],
  fleet: undefined,
  rates: { started: 0, finished: 0, failed: 0, cancelled: 0, refused: 0, retried: 0, throttled: 0, drifted: 0 },
};
