import { barChart } from '../../bench/report/bar-chart.js';
import { lineChart } from '../../bench/report/line-chart.js';
import { axisScale } from '../../bench/report/scale.js';
import { short } from '../../bench/report/svg.js';

describe('a scale', () => {
  it('begins at zero, ends beyond the highest value, and steps in round numbers', () => {
    const { ticks, at } = axisScale({}, [3, 17], [0, 100]);
    expect(ticks).toEqual([0, 5, 10, 15, 20]);
    expect([0, 10, 20].map(at)).toEqual([0, 50, 100]);
  });

  it('runs upwards where its places do', () => {
    expect(axisScale({}, [10], [300, 100]).at(10)).toBe(100);
  });

  it('steps by ten on a logarithmic axis', () => {
    const { ticks, at } = axisScale({ log: true }, [1000, 90_000], [0, 100]);
    expect(ticks).toEqual([1000, 10_000, 100_000]);
    expect([1000, 10_000, 100_000].map((value) => Math.round(at(value)))).toEqual([0, 50, 100]);
  });

  it.each([[[0]], [[0, 0]]])('has room for nothing but zeros', (values) => {
    const { ticks, at } = axisScale({}, values, [0, 100]);
    expect(ticks.length).toBeGreaterThan(1);
    expect(at(0)).toBe(0);
  });
});

describe('short', () => {
  it.each([
    [1_234_567, '1.23M'],
    [999_900, '1M'],
    [20_400, '20.4k'],
    [999.9, '1k'],
    [553, '553'],
    [0.8764, '0.876'],
    [0, '0'],
  ])('writes %d as %s', (value, text) => {
    expect(short(value)).toBe(text);
  });
});

describe('a bar chart', () => {
  const chart = barChart({
    title: 'Bars & more',
    subtitle: 'a < b',
    series: ['1 at a time', '10 at a time'],
    groups: [
      { label: 'ours', values: [50, 100], ours: true },
      { label: 'theirs', values: [25, 200], ours: false },
    ],
  });

  it('has bars as long as their values', () => {
    const lengths = [...chart.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="11.5"/g)].map(
      ({ 1: length }) => Number(length),
    );
    const longest = Math.max(...lengths);
    expect(lengths.map((length) => Number((length / longest).toFixed(2)))).toEqual([0.25, 0.5, 0.13, 1]);
  });

  it('is well-formed, whatever the texts', () => {
    expect(chart).toContain('Bars &amp; more');
    expect(chart).toContain('a &lt; b');
    expect(chart).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('a line chart', () => {
  const line = (label: string, ...points: [number, number][]) => ({ label, ours: label === 'ours', points });
  const chart = lineChart({
    title: 'Lines',
    subtitle: '',
    x: { label: 'tasks', log: true },
    y: {},
    lines: [
      line('ours', [1000, 10], [10_000, 20]),
      line('one', [1000, 5], [10_000, 20]),
      line('other', [1000, 20], [10_000, 19]),
      line('short', [1000, 1]),
    ],
  });
  const heightsOf = (labels: string[]) =>
    labels.map((label) => Number(new RegExp(`y="([\\d.]+)"[^>]*>${label}<`).exec(chart)?.[1]));

  it('draws each line from point to point, more being higher', () => {
    const lines = [...chart.matchAll(/points="([^"]+)"/g)].map(({ 1: path = '' }) => path.split(' '));
    expect(lines.map((points) => points.length)).toEqual([2, 2, 2, 1]);
    const [low, high] = (lines[0] ?? []).map((point) => Number(point.split(',')[1]));
    expect(high).toBeLessThan(low ?? 0);
  });

  it('keeps the names of lines with the same end apart, and within the picture', () => {
    const heights = heightsOf(['ours', 'one', 'other', 'short']).sort((one, other) => one - other);
    heights.slice(1).forEach((height, i) => expect(height - (heights[i] ?? 0)).toBeGreaterThanOrEqual(17));
    expect(Math.max(...heights)).toBeLessThanOrEqual(360);
  });

  it('is well-formed', () => {
    expect(chart).not.toMatch(/NaN|undefined|Infinity/);
  });
});
