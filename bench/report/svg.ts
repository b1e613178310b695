/** The pieces of which charts are made: pictures that need nothing to be seen, with a background of their own. */

export const width = 760;

export const colours = {
  ink: '#1f2933',
  muted: '#616e7c',
  rule: '#e1e5ea',
  /** Of what stands out, from dark to light; of the others, one each. */
  ours: ['#1266c4', '#4b93dd', '#8fc0f0'],
  theirs: ['#4a5560', '#a04452', '#8a5a2b', '#6b4f8a', '#2f7d5b', '#5f6b2d'],
  greys: ['#7a8794', '#a9b3bd', '#d3d9df'],
} as const;

export interface TextStyle {
  readonly anchor?: 'middle' | 'end';
  readonly size?: number;
  readonly bold?: boolean;
  readonly fill?: string;
}

/** `y` is the text's middle, by `dy`: programs differ in where they see a baseline. */
export function text(x: number, y: number, content: string, style: TextStyle = {}): string {
  const { anchor, size = 13, bold = false, fill = colours.ink } = style;
  const end = anchor === undefined ? '' : ` text-anchor="${anchor}"`;
  const weight = bold ? ' font-weight="700"' : '';
  return `<text x="${round(x)}" y="${round(y)}" dy="0.35em" font-size="${size}" fill="${fill}"${weight}${end}>${escape(content)}</text>`;
}

export function rect(x: number, y: number, length: number, height: number, fill: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(length)}" height="${round(height)}" rx="1.5" fill="${fill}"/>`;
}

export function rule(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${colours.rule}"/>`;
}

export function heading(title: string, subtitle: string): string[] {
  return [text(20, 28, title, { size: 17, bold: true }), text(20, 48, subtitle, { size: 12, fill: colours.muted })];
}

export function picture(height: number, parts: readonly string[]): string {
  const size = `width="${width}" height="${round(height)}" viewBox="0 0 ${width} ${round(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif">`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** About how wide a text is, in bold at the usual size: nothing measures it here. */
export function widthOf(content: string): number {
  return content.length * 8.2;
}

/** Three digits that count: 1,234,567 is 1.23M. */
export function short(value: number): string {
  const units = [
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const;
  const [scale, unit] = units.find(([limit]) => value >= limit * 0.9995) ?? [1, ''];
  return `${Number((value / scale).toPrecision(3))}${unit}`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
