import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { filter, type Subscription } from 'rxjs';
import { injectAlicloud } from 'rx-alicloud/angular';
import { EcsClient } from 'rx-alicloud/ecs';
import { Demo } from '../demo';
import { explain } from '../explain';
import { Snippet } from '../shell/snippet';
import { Pool } from './pool';
import { PoolChart } from './pool-chart';
import { callStates, PoolEvents, type CallState } from './pool-events';

const labels: Readonly<Record<CallState, string>> = {
  waiting: 'waiting',
  running: 'running',
  throttled: 'throttled',
  done: 'answered',
  refused: 'refused',
  cancelled: 'cancelled',
  failed: 'failed',
};

interface Launched {
  /** Of the client's call. */
  readonly id: number;
  readonly subscription: Subscription;
}

@Component({
  selector: 'app-launch',
  imports: [PoolChart, Snippet],
  templateUrl: './launch.html',
  styleUrl: './launch.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Launch {
  readonly #ecs = injectAlicloud(EcsClient);
  readonly #destroyRef = inject(DestroyRef);
  readonly #launched = new Set<Launched>();
  /** Of the call whose events came last. */
  #latest = 0;

  protected readonly demo = inject(Demo);
  protected readonly pool = inject(Pool);
  protected readonly events = new PoolEvents();
  protected readonly labels = labels;
  protected readonly states = callStates;
  protected readonly amount = signal(40);
  protected readonly failure = signal('');
  protected readonly throttling = computed(() => this.demo.state()?.throttling ?? false);

  protected readonly summary = computed(() => {
    const counts = this.events.counts();
    return callStates.map((state) => `${counts[state]} ${labels[state]}`).join(', ');
  });

  constructor() {
    this.#ecs.events$
      .pipe(
        filter(({ call }) => call.action === 'RunInstances'),
        takeUntilDestroyed(),
      )
      .subscribe((event) => {
        this.#latest = event.call.id;
        this.events.add(event);
      });
    this.#destroyRef.onDestroy(() => this.cancel('all'));
  }

  protected launch(): void {
    this.failure.set('');
    for (let i = 0; i < this.amount(); i++) this.#launchOne();
  }

  protected cancel(which: 'waiting' | 'all'): void {
    for (const launched of [...this.#launched]) {
      if (which === 'waiting' && this.events.stateOf(launched.id) !== 'waiting') continue;
      launched.subscription.unsubscribe();
      this.#launched.delete(launched);
    }
  }

  #launchOne(): void {
    const subscription = this.#ecs
      .runInstances({ RegionId: 'cn-shanghai', InstanceName: 'launched', InstanceType: 'ecs.g7.large' })
      .subscribe({
        error: (error: unknown) => this.failure.set(explain(error)),
      });
    // The events of a call begin within `subscribe`.
    const launched: Launched = { id: this.#latest, subscription };
    if (subscription.closed) return;
    this.#launched.add(launched);
    subscription.add(() => this.#launched.delete(launched));
  }
}
