import { ChangeDetectionStrategy, Component, DestroyRef, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Subscription } from 'rxjs';
import { AlicloudClient } from 'rx-alicloud';
import { injectAlicloud } from 'rx-alicloud/angular';
import { startChatWithSSE } from 'rx-alicloud/ros';
import { Demo } from '../demo';
import { explain } from '../explain';
import { Snippet } from '../shell/snippet';

@Component({
  selector: 'app-events',
  imports: [Snippet],
  templateUrl: './events.html',
  styleUrl: './events.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Events {
  readonly #client = injectAlicloud(AlicloudClient);
  readonly #destroyRef = inject(DestroyRef);
  #streaming: Subscription | undefined;

  protected readonly demo = inject(Demo);
  protected readonly question = signal('How does an answer come word by word?');
  protected readonly words = signal<readonly string[]>([]);
  protected readonly state = signal<'idle' | 'streaming' | 'done' | 'stopped' | 'failed'>('idle');
  protected readonly failure = signal('');

  protected ask(event: Event): void {
    event.preventDefault();
    this.#streaming?.unsubscribe();
    this.words.set([]);
    this.failure.set('');
    this.state.set('streaming');
    this.#streaming = this.#client
      .call(startChatWithSSE, { Query: this.question() })
      .pipe(takeUntilDestroyed(this.#destroyRef))
      .subscribe({
        next: (word) => this.words.update((words) => [...words, word]),
        error: (error: unknown) => {
          this.failure.set(explain(error));
          this.state.set('failed');
        },
        complete: () => this.state.set('done'),
      });
  }

  protected stop(): void {
    this.#streaming?.unsubscribe();
    this.state.set('stopped');
  }
}
