import { colours, heading, picture, rect, rule, short, text, width, widthOf } from './svg.js';

export interface BarChart {
  readonly title: string;
  /** What the numbers are, and which way is better. */
  readonly subtitle: string;
  /** The bars of a group, from the first to the last, at most three; their names are shown if there is more than one. */
  readonly series: readonly string[];
  readonly groups: readonly BarGroup[];
}

export interface BarGroup {
  readonly label: string;
  /** A value for each series. */
  readonly values: readonly number[];
  /** Whether it stands out. */
  readonly ours: boolean;
}

/** Horizontal bars in groups, from zero, with their values beside them. */
export function barChart({ title, subtitle, series, groups }: BarChart): string {
  const named = series.length > 1;
  const [barHeight, gap, top] = named ? [13, 14, 92] : [20, 12, 68];
  const groupHeight = series.length * barHeight + gap;
  const left = 20 + Math.max(...groups.map(({ label }) => widthOf(label)));
  const highest = Math.max(...groups.flatMap(({ values }) => values));
  const lengthOf = (value: number) => Math.max(1, (value / highest) * (width - left - 70));
  const bottom = top + groups.length * groupHeight - gap;

  const bars = groups.flatMap(({ label, values, ours }, group) => {
    const y = top + group * groupHeight;
    return [
      text(left - 10, y + (values.length * barHeight) / 2, label, { anchor: 'end', bold: ours }),
      ...values.flatMap((value, i) => [
        rect(left, y + i * barHeight, lengthOf(value), barHeight - 1.5, shade(i, series.length, ours)),
        text(left + lengthOf(value) + 6, y + (i + 0.5) * barHeight, short(value), { size: 11, bold: ours }),
      ]),
    ];
  });
  return picture(bottom + 20, [
    ...heading(title, subtitle),
    ...(named ? legend(series, left) : []),
    rule(left, top - 5, left, bottom + 4),
    ...bars,
  ]);
}

function legend(series: readonly string[], left: number): string[] {
  let x = left;
  return series.flatMap((name, i) => {
    const at = x;
    x += 30 + widthOf(name);
    const label = text(at + 18, 72, name, { size: 12, fill: colours.muted });
    return [rect(at, 66, 12, 12, shade(i, series.length, false)), label];
  });
}

/** The last bar of a group is the darkest. */
function shade(i: number, count: number, ours: boolean): string {
  return (ours ? colours.ours : colours.greys)[count - 1 - i] ?? colours.muted;
}
