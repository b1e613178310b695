import { inject, Injectable, signal } from '@angular/core';
import { AlicloudClient } from 'rx-alicloud';
import { pool } from '../gateway';

/** How the pool of the app's one client stands: for longer than the page that changes it. */
@Injectable({ providedIn: 'root' })
export class Pool {
  readonly #client = inject(AlicloudClient);
  readonly #poolSize = signal(pool.poolSize);
  readonly #queueSize = signal(pool.maxTaskQueueSize);
  readonly #mode = signal<'on' | 'draining' | 'off'>('on');
  readonly #left = signal('');

  readonly poolSize = this.#poolSize.asReadonly();
  readonly queueSize = this.#queueSize.asReadonly();
  readonly mode = this.#mode.asReadonly();
  /** While it is shut down: what is left. */
  readonly left = this.#left.asReadonly();

  resize(poolSize: number, queueSize: number): void {
    this.#poolSize.set(poolSize);
    this.#queueSize.set(queueSize);
    if (this.#mode() === 'on') this.#client.resize(poolSize, queueSize);
  }

  shutDown(mode: 'drain' | 'abort'): void {
    this.#mode.set('draining');
    this.#client.shutdown({ mode }).subscribe({
      next: ({ running, waiting }) => this.#left.set(`${running} running and ${waiting} waiting are left`),
      complete: () => {
        this.#left.set('');
        this.#mode.set('off');
      },
    });
  }

  enable(): void {
    this.#client.enableAsync(this.poolSize(), this.queueSize());
    this.#mode.set('on');
  }
}
