import { HttpClient } from '@angular/common/http';
import { afterNextRender, computed, DestroyRef, DOCUMENT, inject, Injectable, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';

/** What the server that stands behind the gateway tells of itself, for the page to show. No app needs this. */
export interface DemoState {
  /** Requests whose connection the browser closed before their answer. */
  readonly aborted: number;
  /** Calls that reached the gateway. */
  readonly received: number;
  /** Answers that were given again to the same attempt. */
  readonly replayed: number;
  /** Calls that the gateway holds back, as the cloud throttles. */
  readonly throttled: number;
  /** Calls that the cloud has executed. */
  readonly executed: number;
  /** The connection breaks behind each start and stop, once it has been executed. */
  readonly breaking: boolean;
  /** The cloud throttles launches. */
  readonly throttling: boolean;
  /** The last start or stop, as the server saw it. */
  readonly lastWrite: LastWrite | null;
}

export interface LastWrite {
  readonly action: string;
  /** How often the request arrived with the same attempt's id. */
  readonly received: number;
  /** How often the cloud executed it. */
  readonly executed: number;
  /** How often the gateway gave its first answer again. */
  readonly replayed: number;
  /** How often the connection was broken. */
  readonly broken: number;
}

export type DemoSwitch = 'break' | 'throttle';

@Injectable({ providedIn: 'root' })
export class Demo {
  readonly #http = inject(HttpClient);
  readonly #state = signal<DemoState | undefined>(undefined);

  readonly #isConnected = signal(true);
  readonly #document = inject(DOCUMENT);
  #source: EventSource | undefined;

  readonly state = this.#state.asReadonly();
  /** Whether the server tells its counts; assumed, until it fails to. */
  readonly isConnected = this.#isConnected.asReadonly();
  readonly aborted = computed(() => this.#state()?.aborted ?? 0);
  readonly throttled = computed(() => this.#state()?.throttled ?? 0);

  constructor() {
    const destroyRef = inject(DestroyRef);
    afterNextRender(() => {
      // A tab that nobody sees leaves its connection to the others: a browser has six to a host, for all tabs together.
      const follow = (): void => (this.#document.hidden ? this.#source?.close() : this.connect());
      follow();
      this.#document.addEventListener('visibilitychange', follow);
      destroyRef.onDestroy(() => {
        this.#document.removeEventListener('visibilitychange', follow);
        this.#source?.close();
      });
    });
  }

  /** Asks the server anew, and again by itself where the connection breaks. */
  connect(): void {
    this.#source?.close();
    const source = new EventSource('/demo/state');
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      this.#isConnected.set(true);
      this.#state.set(JSON.parse(data) as DemoState);
    });
    source.addEventListener('error', () => this.#isConnected.set(false));
    this.#source = source;
  }

  /** Turns a switch to where the page shows it; where that fails, the page shows again what the server has. */
  async turn(name: DemoSwitch, shown: HTMLInputElement): Promise<void> {
    try {
      await firstValueFrom(this.#http.put(`/demo/${name}`, { on: shown.checked }));
    } catch {
      shown.checked = !shown.checked;
      this.#isConnected.set(false);
    }
  }
}
