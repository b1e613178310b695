import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  effect,
  inject,
  linkedSignal,
  PLATFORM_ID,
  signal,
} from '@angular/core';
import { isPlatformBrowser } from '@angular/common';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { alicloudResource, injectAlicloud } from 'rx-alicloud/angular';
import { describeInstances, describeRegions, EcsClient, type DescribeInstancesResponse } from 'rx-alicloud/ecs';
import { Demo } from '../demo';
import { explain } from '../explain';
import { Failure } from '../shell/failure';
import { Snippet } from '../shell/snippet';
import { WriteLedger } from './write-ledger';

/** How often a list is read again: while something in it moves, and while nothing does. In milliseconds. */
const periods = { moving: 400, still: 5000 };

const tones: Readonly<Record<string, string>> = {
  Running: 'pill good',
  Pending: 'pill busy',
  Starting: 'pill busy',
  Stopping: 'pill busy',
};

interface Row {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly zone: string;
  readonly address: string;
  readonly status: string;
  readonly tone: string;
  /** The click is shown before its answer is there. */
  readonly isOptimistic: boolean;
}

interface Shown {
  readonly region: string;
  readonly answer: DescribeInstancesResponse | undefined;
}

interface Reading {
  readonly isLoading: boolean;
  readonly error: unknown;
}

@Component({
  selector: 'app-instances',
  imports: [Failure, Snippet, WriteLedger],
  templateUrl: './instances.html',
  styleUrl: './instances.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Instances {
  readonly #ecs = injectAlicloud(EcsClient);
  readonly #destroyRef = inject(DestroyRef);
  /** What a click has asked for, until a list shows it. */
  readonly #expected = signal<ReadonlyMap<string, string>>(new Map());
  /** Those of them that were answered: the next list is newer than they are. */
  readonly #answered = new Set<string>();

  protected readonly demo = inject(Demo);
  protected readonly region = signal('cn-hangzhou');
  protected readonly filter = signal('');
  protected readonly failure = signal('');

  protected readonly regions = alicloudResource(describeRegions, () => ({}));
  protected readonly list = alicloudResource(describeInstances, () => ({
    RegionId: this.region(),
    PageSize: 50,
    ...(this.filter() === '' ? {} : { InstanceName: `*${this.filter()}*` }),
  }));

  protected readonly regionList = computed(() =>
    (this.regions.hasValue() ? (this.regions.value()?.Regions?.Region ?? []) : []).map(
      ({ RegionId = '', LocalName }) => ({
        id: RegionId,
        name: LocalName ?? RegionId,
      }),
    ),
  );

  /** The list stays where it is while another of its region is on its way. */
  readonly #shown = linkedSignal<Shown, DescribeInstancesResponse | undefined>({
    source: () => ({ region: this.region(), answer: this.list.hasValue() ? this.list.value() : undefined }),
    computation: ({ region, answer }, previous) =>
      answer ?? (previous?.source.region === region ? previous.value : undefined),
  });
  protected readonly isShown = computed(() => this.#shown() !== undefined);

  protected readonly rows = computed<readonly Row[]>(() => {
    const expected = this.#expected();
    return (this.#shown()?.Instances?.Instance ?? []).map((instance) => {
      const {
        InstanceId: id = '',
        InstanceName = '',
        InstanceType = '',
        ZoneId = '',
        VpcAttributes,
        Status = '',
      } = instance;
      const status = expected.get(id) ?? Status;
      return {
        id,
        name: InstanceName,
        type: InstanceType,
        zone: ZoneId,
        address: VpcAttributes?.PrivateIpAddress?.IpAddress?.[0] ?? '',
        status,
        tone: tones[status] ?? 'pill',
        isOptimistic: expected.has(id),
      };
    });
  });

  protected readonly total = computed(() => Number(this.#shown()?.TotalCount ?? 0));
  protected readonly running = computed(() => this.rows().filter(({ status }) => status === 'Running').length);
  protected readonly moving = computed(
    () => this.rows().filter(({ status }) => status !== 'Running' && status !== 'Stopped').length,
  );
  /** Stays until there is an answer, so that the message does not come and go with each reading. */
  protected readonly listFailure = linkedSignal<Reading, string>({
    source: () => ({
      isLoading: this.list.isLoading() || this.regions.isLoading(),
      error: this.list.error() ?? this.regions.error(),
    }),
    computation: ({ isLoading, error }, previous) =>
      error !== undefined ? explain(error) : isLoading ? (previous?.value ?? '') : '',
  });

  constructor() {
    if (isPlatformBrowser(inject(PLATFORM_ID))) this.#keepLive();
  }

  protected change(row: Row): void {
    const starts = row.status === 'Stopped';
    this.failure.set('');
    this.#expect(row.id, starts ? 'Starting' : 'Stopping');
    const request = { InstanceId: row.id };
    const call$ = starts ? this.#ecs.startInstance(request) : this.#ecs.stopInstance(request);
    call$.pipe(takeUntilDestroyed(this.#destroyRef)).subscribe({
      complete: () => {
        this.#answered.add(row.id);
        this.list.reload();
      },
      error: (error: unknown) => {
        this.#expect(row.id, undefined);
        this.failure.set(explain(error));
        this.list.reload();
      },
    });
  }

  protected reload(): void {
    this.list.reload();
    if (this.regions.error() !== undefined) this.regions.reload();
  }

  #expect(id: string, status: string | undefined): void {
    const expected = new Map(this.#expected());
    if (status === undefined) expected.delete(id);
    else expected.set(id, status);
    this.#expected.set(expected);
  }

  #keepLive(): void {
    effect((onCleanup) => {
      if (this.list.isLoading()) return;
      // Read here, so that each answer winds the timer up again.
      this.list.status();
      this.#shown();
      const timer = setTimeout(
        () => this.list.reload(),
        this.moving() > 0 && this.listFailure() === '' ? periods.moving : periods.still,
      );
      onCleanup(() => clearTimeout(timer));
    });
    effect(() => {
      this.#shown();
      for (const id of this.#answered) this.#expect(id, undefined);
      this.#answered.clear();
    });
  }
}
