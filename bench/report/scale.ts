export interface Axis {
  /** Whether each step multiplies, by ten, instead of adding. Otherwise the axis begins at zero. */
  readonly log?: boolean;
}

export interface Scale {
  /** Round numbers, the first and the last of which are the ends of the axis. */
  readonly ticks: readonly number[];
  /** Where a value stands. */
  readonly at: (value: number) => number;
}

/** An axis that has room for all values, between two places of a picture. */
export function axisScale(
  { log = false }: Axis,
  values: readonly number[],
  [from, to]: readonly [number, number],
): Scale {
  const place = (share: number) => from + share * (to - from);
  if (log) {
    // A thousand may come out as a little less than the third power of ten.
    const low = Math.floor(Math.log10(Math.min(...values)) + tiny);
    const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) - tiny));
    const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
    return { ticks, at: (value) => place((Math.log10(value) - low) / (high - low)) };
  }
  const highest = Math.max(...values, 0);
  const step = stepFor(highest);
  const count = Math.max(1, Math.ceil(highest / step - tiny));
  const ticks = Array.from({ length: count + 1 }, (_, i) => i * step);
  return { ticks, at: (value) => place(value / (count * step)) };
}

const tiny = 1e-9;

/** 1, 2 or 5 times a power of ten, so that there are about five of them. */
function stepFor(span: number): number {
  const rough = (span || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((factor) => factor * power >= rough * (1 - tiny)) ?? 10);
}
