import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  effect,
  ElementRef,
  inject,
  Injector,
  input,
  viewChild,
} from '@angular/core';
import type uPlot from 'uplot';
import { ThemeService } from '../theme';
import type { Counts } from './pool-events';

/** How far back the picture goes, and how often a point is drawn while nothing changes, in seconds. */
const seconds = { shown: 30, step: 0.25 };

/** The curves, and the custom property that colours each. */
const curves = [
  { label: 'running', colour: '--accent-fill', fills: true },
  { label: 'waiting', colour: '--busy-fill', fills: true },
  { label: 'throttled', colour: '--held-fill', fills: false },
  { label: 'refused', colour: '--bad-fill', fills: false },
  { label: 'cancelled', colour: '--idle-fill', fills: false },
] as const;

type Point = readonly [time: number, ...values: number[]];

/** The pool over time, drawn by uPlot, which sets no style attribute and no markup: a strict policy is kept. */
@Component({
  selector: 'app-pool-chart',
  template: `
    <div #plot class="plot" role="img" [attr.aria-label]="label()"></div>
    <span #probe hidden></span>
    <ul class="legend" aria-hidden="true">
      @for (curve of curves; track curve.label) {
        <li [attr.data-curve]="curve.label">{{ curve.label }}</li>
      }
    </ul>
  `,
  styleUrl: './pool-chart.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class PoolChart {
  readonly counts = input.required<Counts>();
  /** Calls that the gateway holds back. */
  readonly held = input.required<number>();
  /** What the picture shows, in words. */
  readonly label = input.required<string>();

  protected readonly curves = curves;
  private readonly plot = viewChild.required<ElementRef<HTMLElement>>('plot');
  private readonly probe = viewChild.required<ElementRef<HTMLElement>>('probe');
  readonly #points: Point[] = [];
  #chart: uPlot | undefined;

  constructor() {
    const injector = inject(Injector);
    const theme = inject(ThemeService);
    const destroyRef = inject(DestroyRef);
    afterNextRender(async () => {
      const { default: UPlot } = await import('uplot');
      if (destroyRef.destroyed) return;
      const draw = (): void => {
        this.#chart?.destroy();
        this.#chart = new UPlot(this.#options(), this.#data(), this.plot().nativeElement);
      };
      // Colours are the canvas' own: another theme is another chart.
      effect(() => (theme.theme(), draw()), { injector });
      const dark = matchMedia('(prefers-color-scheme: dark)');
      dark.addEventListener('change', draw);
      effect(() => (this.counts(), this.held(), this.#add()), { injector });
      const timer = setInterval(() => this.#add(), seconds.step * 1000);
      const size = new ResizeObserver(() => this.#resize());
      size.observe(this.plot().nativeElement);
      destroyRef.onDestroy(() => {
        clearInterval(timer);
        size.disconnect();
        dark.removeEventListener('change', draw);
        this.#chart?.destroy();
      });
    });
  }

  #add(): void {
    const { running, waiting, throttled, refused, cancelled } = this.counts();
    const now = Date.now() / 1000;
    this.#points.push([now, running, waiting, throttled + this.held(), refused, cancelled]);
    while ((this.#points[0]?.[0] ?? now) < now - seconds.shown) this.#points.shift();
    this.#chart?.setData(this.#data());
  }

  #data(): uPlot.AlignedData {
    const now = Date.now() / 1000;
    const times = this.#points.map(([time]) => time - now);
    return [times, ...curves.map((_, index) => this.#points.map((point) => point[index + 1] ?? 0))];
  }

  #resize(): void {
    this.#chart?.setSize({ width: this.plot().nativeElement.clientWidth, height: chartHeight });
  }

  #options(): uPlot.Options {
    const text = this.#colour('--text-soft');
    const axis = { stroke: text, grid: { stroke: this.#colour('--line'), width: 1 }, ticks: { show: false } };
    return {
      width: this.plot().nativeElement.clientWidth,
      height: chartHeight,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: [-seconds.shown, 0] },
        y: { range: (_chart, _min, max) => [0, Math.max(10, Math.ceil(max / 10) * 10)] },
      },
      axes: [
        {
          ...axis,
          size: 28,
          values: (_chart, times) => times.map((time) => (time === 0 ? 'now' : `${time} s`)),
        },
        { ...axis, size: 34 },
      ],
      series: [
        {},
        ...curves.map(({ label, colour, fills }) => ({
          label,
          stroke: this.#colour(colour),
          width: 2,
          ...(fills
            ? { fill: this.#colour(colour).replace('rgb(', 'rgba(').replace(')', ', 0.18)') }
            : { dash: [6, 4] }),
          points: { show: false },
        })),
      ],
    };
  }

  /** What a custom property comes to in the theme that is shown. */
  #colour(name: string): string {
    const probe = this.probe().nativeElement;
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  }
}

const chartHeight = 220;
