import { axisScale, type Axis } from './scale.js';
import { colours, heading, picture, round, rule, short, text, width, widthOf } from './svg.js';

export interface LineChart {
  readonly title: string;
  readonly subtitle: string;
  readonly x: Axis & { readonly label: string };
  readonly y: Axis;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly label: string;
  /** Whether it stands out. */
  readonly ours: boolean;
  readonly points: readonly Point[];
}

export type Point = readonly [x: number, y: number];

/** Lines from point to point, each with its name beside its end. */
export function lineChart({ title, subtitle, x, y, lines }: LineChart): string {
  const [left, top, bottom] = [60, 72, 360];
  const right = width - 20 - Math.max(...lines.map(({ label }) => widthOf(label)));
  const points = lines.flatMap((line) => line.points);
  const across = axisScale(
    x,
    points.map(([value]) => value),
    [left, right],
  );
  const up = axisScale(
    y,
    points.map(([, value]) => value),
    [bottom, top],
  );

  const grid = [
    ...up.ticks.flatMap((tick) => [
      rule(left, up.at(tick), right, up.at(tick)),
      text(left - 8, up.at(tick), short(tick), { anchor: 'end', size: 11, fill: colours.muted }),
    ]),
    ...across.ticks.map((tick) =>
      text(across.at(tick), bottom + 16, short(tick), { anchor: 'middle', size: 11, fill: colours.muted }),
    ),
    text((left + right) / 2, bottom + 36, x.label, { anchor: 'middle', size: 12, fill: colours.muted }),
  ];

  const labels = apart(
    lines.map((line) => up.at(line.points.at(-1)?.[1] ?? 0)),
    top,
    bottom,
  );
  const used = { ours: 0, theirs: 0 };
  const drawn = lines.flatMap(({ label, ours, points }, i) => {
    const kind = ours ? 'ours' : 'theirs';
    const colour = colours[kind][used[kind]++ % colours[kind].length] ?? colours.muted;
    const places = points.map(([px, py]) => [round(across.at(px)), round(up.at(py))] as const);
    const path = places.map((place) => place.join(',')).join(' ');
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="${ours ? 2.5 : 1.5}" stroke-linejoin="round"/>`,
      // Of a long series dots would make a thick line.
      ...(places.length > 20 ? [] : places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`)),
      text(right + 10, labels[i] ?? 0, label, { bold: ours, fill: colour }),
    ];
  });
  return picture(bottom + 52, [...heading(title, subtitle), ...grid, ...drawn]);
}

/** Moves labels that would lie on each other apart, and keeps them within the picture. */
function apart(heights: readonly number[], top: number, bottom: number): number[] {
  const distance = 17;
  const order = [...heights.keys()].sort((one, other) => (heights[one] ?? 0) - (heights[other] ?? 0));
  const moved = [...heights];
  order.forEach((i, rank) => {
    const above = order[rank - 1];
    const least = above === undefined ? top : (moved[above] ?? top) + distance;
    const most = bottom - (order.length - 1 - rank) * distance;
    moved[i] = Math.min(Math.max(moved[i] ?? top, least), Math.max(most, least));
  });
  return moved;
}
