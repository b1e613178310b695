import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, signal } from '@angular/core';
import { DecimalPipe } from '@angular/common';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { Subscription } from 'rxjs';
import { AlicloudClient } from 'rx-alicloud';
import { injectAlicloud } from 'rx-alicloud/angular';
import { recognizeGeneral } from 'rx-alicloud/ocr-api';
import { Demo } from '../demo';
import { explain } from '../explain';

type State = 'idle' | 'sending' | 'done' | 'cancelled' | 'failed';

interface Receipt {
  readonly bytes: number;
  readonly sha256: string;
}

/** How large the file is that the page makes by itself, in bytes. */
const sampleSize = 30_000_000;

@Component({
  selector: 'app-upload',
  imports: [DecimalPipe],
  templateUrl: './upload.html',
  styleUrl: './upload.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Upload {
  readonly #client = injectAlicloud(AlicloudClient);
  readonly #destroyRef = inject(DestroyRef);
  #sending: Subscription | undefined;

  protected readonly demo = inject(Demo);
  protected readonly state = signal<State>('idle');
  protected readonly name = signal('');
  protected readonly loaded = signal(0);
  protected readonly total = signal(0);
  protected readonly failure = signal('');
  protected readonly sent = signal<Receipt | undefined>(undefined);
  protected readonly received = signal<Receipt | undefined>(undefined);

  protected readonly percent = computed(() =>
    this.total() === 0 ? 0 : Math.min(100, Math.floor((100 * this.loaded()) / this.total())),
  );
  protected readonly isSame = computed(() => {
    const received = this.received();
    return received !== undefined && received.sha256 === this.sent()?.sha256;
  });

  protected async choose(event: Event): Promise<void> {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (file !== undefined) await this.#send(file.name, new Uint8Array(await file.arrayBuffer()));
  }

  protected async sample(): Promise<void> {
    const bytes = new Uint8Array(sampleSize);
    // At most so much at a time.
    for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    await this.#send('random.bin', bytes);
  }

  protected cancel(): void {
    this.#sending?.unsubscribe();
    this.state.set('cancelled');
  }

  async #send(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.name.set(name);
    this.loaded.set(0);
    this.total.set(bytes.length);
    this.failure.set('');
    this.received.set(undefined);
    this.state.set('sending');
    this.sent.set({ bytes: bytes.length, sha256: await sha256(bytes) });
    this.#sending = this.#client
      .call(recognizeGeneral, { body: bytes }, { observe: 'events' })
      .pipe(takeUntilDestroyed(this.#destroyRef))
      .subscribe({
        next: (event) => {
          if (event.kind === 'uploadProgress') {
            this.loaded.set(event.loaded);
            this.total.set(event.total);
          } else if (event.kind === 'response') {
            this.received.set(JSON.parse(event.body.Data ?? '') as Receipt);
          }
        },
        error: (error: unknown) => {
          this.failure.set(explain(error));
          this.state.set('failed');
        },
        complete: () => {
          this.state.set('done');
        },
      });
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
