import { HttpClient } from '@angular/common/http';
import { afterNextRender, computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
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

  readonly state = this.#state.asReadonly();
  readonly aborted = computed(() => this.#state()?.aborted ?? 0);
  readonly throttled = computed(() => this.#state()?.throttled ?? 0);

  constructor() {
    const destroyRef = inject(DestroyRef);
    afterNextRender(() => {
      const source = new EventSource('/demo/state');
      source.addEventListener('message', ({ data }: MessageEvent<string>) =>
        this.#state.set(JSON.parse(data) as DemoState),
      );
      destroyRef.onDestroy(() => source.close());
    });
  }

  async turn(name: DemoSwitch, on: boolean): Promise<void> {
    await firstValueFrom(this.#http.put(`/demo/${name}`, { on }));
  }

  async reset(): Promise<void> {
    await firstValueFrom(this.#http.post('/demo/reset', {}));
  }
}
