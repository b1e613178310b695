import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, signal } from '@angular/core';
import { DecimalPipe } from '@angular/common';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { concatMap, defer, from, map, tap, type Subscription } from 'rxjs';
import { AlicloudClient } from 'rx-alicloud';
import { injectAlicloud } from 'rx-alicloud/angular';
import { recognizeGeneral } from 'rx-alicloud/ocr-api';
import { Demo } from '../demo';
import { explain } from '../explain';
import { Snippet } from '../shell/snippet';

type State = 'idle' | 'sending' | 'done' | 'cancelled' | 'failed';

interface Receipt {
  readonly bytes: number;
  readonly sha256: string;
}

/** How large the file is that the page makes by itself, in bytes: more than sockets between browser and server take at once. */
const sampleSize = 16_000_000;

type Bytes = Uint8Array<ArrayBuffer>;

@Component({
  selector: 'app-upload',
  imports: [DecimalPipe, Snippet],
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

  protected choose(event: Event): void {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    if (file !== undefined) this.#send(file.name, file.size, () => readFile(file));
    // So that the same file can be chosen again.
    input.value = '';
  }

  protected sample(): void {
    this.#send('random.bin', sampleSize, () => Promise.resolve(noise(sampleSize)));
  }

  protected cancel(): void {
    this.#sending?.unsubscribe();
    this.state.set('cancelled');
  }

  #send(name: string, size: number, read: () => Promise<Bytes>): void {
    this.name.set(name);
    this.loaded.set(0);
    this.total.set(size);
    this.failure.set('');
    this.sent.set(undefined);
    this.received.set(undefined);
    this.state.set('sending');
    // Reading and hashing are a part of the stream, so that Cancel ends them, too.
    this.#sending = defer(read)
      .pipe(
        concatMap((bytes) => from(receiptOf(bytes)).pipe(map((receipt) => ({ bytes, receipt })))),
        tap(({ receipt }) => this.sent.set(receipt)),
        concatMap(({ bytes }) => this.#client.call(recognizeGeneral, { body: bytes }, { observe: 'events' })),
        takeUntilDestroyed(this.#destroyRef),
      )
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
        complete: () => this.state.set('done'),
      });
  }
}

async function readFile(file: File): Promise<Bytes> {
  return new Uint8Array(await file.arrayBuffer());
}

function noise(size: number): Bytes {
  const bytes = new Uint8Array(size);
  // At most so much at a time.
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return bytes;
}

async function receiptOf(bytes: Bytes): Promise<Receipt> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { bytes: bytes.length, sha256 };
}
