/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('Expected at least one value, got none');
  const sorted = [...values].sort((one, other) => one - other);
  const half = sorted.length >> 1;
  const at = (index: number) => sorted[index] ?? NaN;
  return sorted.length % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2;
}

/**
 * The median of the ratios within each round: two that ran one after the other had the same machine, while the medians of
 * each alone may come from different moments of a noisy one.
 */
export function ratioOf(values: readonly number[], against: readonly number[]): number {
  return median(values.map((value, round) => value / (against[round] ?? NaN)));
}

/** The median of the differences within each round, for the same reason. */
export function differenceOf(values: readonly number[], from: readonly number[]): number {
  return median(values.map((value, round) => value - (from[round] ?? NaN)));
}

/**
 * How much a series of samples has risen: the highest of its last third against the highest of its first two. A heap that
 * leaks rises to the end, one that breathes does not.
 */
export function growthOf(samples: readonly number[]): number {
  if (samples.length < 3) throw new RangeError(`Expected at least 3 samples, got ${samples.length}`);
  const border = Math.ceil((samples.length * 2) / 3);
  return Math.max(...samples.slice(border)) / Math.max(...samples.slice(0, border));
}
