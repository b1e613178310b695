import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { alicloudResource } from 'rx-alicloud/angular';
import { describeOrder } from 'rx-alicloud/market';
import { explain } from '../explain';
import { gatewayPath } from '../gateway';
import { Failure } from '../shell/failure';
import { Snippet } from '../shell/snippet';

/** The largest that 64 bits hold, one that doubles hold, and one beside it that they don't. */
const examples = ['9223372036854775807', '9007199254740992', '9007199254740993'] as const;

@Component({
  selector: 'app-numbers',
  imports: [Failure, Snippet],
  templateUrl: './numbers.html',
  styleUrl: './numbers.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Numbers {
  readonly #http = inject(HttpClient);

  protected readonly examples = examples;
  protected readonly id = signal<string>(examples[0]);

  /** By the client: integers that a `number` can't hold are a `bigint`. */
  protected readonly order = alicloudResource(describeOrder, () => ({ OrderId: this.id() }));

  /** The same answer as text, as any other code in a page would get it. */
  protected readonly raw = rxResource({
    params: () => this.id(),
    stream: ({ params: OrderId }) =>
      this.#http.post(
        `${gatewayPath}/Market/2015-11-01/DescribeOrder`,
        { request: { OrderId }, regionId: 'cn-hangzhou' },
        { responseType: 'text', headers: { 'x-rx-alicloud-attempt': crypto.randomUUID() } },
      ),
  });

  protected readonly wire = computed(() =>
    this.raw.hasValue() ? (/"OrderId":\s*(-?\d+)/.exec(this.raw.value())?.[1] ?? '') : '',
  );
  protected readonly parsed = computed(() =>
    this.raw.hasValue() ? String((JSON.parse(this.raw.value()) as { OrderId: number }).OrderId) : '',
  );
  protected readonly exact = computed(() => (this.order.hasValue() ? String(this.order.value()?.OrderId) : ''));
  protected readonly type = computed(() => (this.order.hasValue() ? typeof this.order.value()?.OrderId : ''));
  protected readonly isLost = computed(() => this.parsed() !== '' && this.parsed() !== this.wire());
  protected readonly failure = computed(() => {
    const error = this.order.error() ?? this.raw.error();
    return error === undefined ? '' : explain(error);
  });

  protected reload(): void {
    this.order.reload();
    this.raw.reload();
  }
}
