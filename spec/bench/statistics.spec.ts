import { differenceOf, growthOf, median, ratioOf } from '../../bench/report/statistics.js';

describe('median', () => {
  it('is the middle value, whatever the order', () => {
    expect(median([9, 1, 10])).toBe(9);
    expect(median([100, 9])).toBe(54.5);
    expect(median([3])).toBe(3);
  });

  it('leaves its values as they were', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('has nothing to say of nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('ratioOf', () => {
  it('compares within each round, so that a slow moment of the machine hits both', () => {
    // In the third round everything took ten times as long.
    expect(ratioOf([2, 2, 20, 2, 20], [1, 1, 10, 1, 1])).toBe(2);
  });

  it('differs from the ratio of the medians where the machine changed meanwhile', () => {
    const [ours, theirs] = [
      [1, 2, 30],
      [1, 20, 30],
    ];
    expect(median(ours) / median(theirs)).toBe(0.1);
    expect(ratioOf(ours, theirs)).toBe(1);
  });
});

describe('differenceOf', () => {
  it('subtracts within each round, so that what a slow moment adds to both is not in it', () => {
    expect(differenceOf([3, 103, 6, 4, 5], [1, 101, 2, 3, 4])).toBe(2);
    expect(differenceOf([10, 110, 12], [1, 101, 1])).toBe(9);
  });
});

describe('growthOf', () => {
  const samples = (heap: (i: number) => number) => Array.from({ length: 99 }, (_, i) => heap(i));

  it('is 1 for what stays flat', () => {
    expect(growthOf(samples(() => 5))).toBe(1);
  });

  it('does not mind what is warmed up in the beginning, nor a single peak there', () => {
    expect(growthOf(samples((i) => (i < 10 ? i : 10)))).toBe(1);
    expect(growthOf(samples((i) => (i === 20 ? 100 : 10)))).toBeLessThan(1);
  });

  it('sees what rises to the end', () => {
    expect(growthOf(samples((i) => 10 + i))).toBeCloseTo(108 / 75);
  });

  it('needs samples from before and after', () => {
    expect(() => growthOf([1, 2])).toThrow('Expected at least 3 samples, got 2');
  });
});
