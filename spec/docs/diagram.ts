import { readFileSync } from 'node:fs';
import { TestScheduler } from 'rxjs/testing';

/** What a circle, a line or a cross in a row says, and when: `[13, 'a'], [13, 'complete']`. */
export type Happening = readonly [frame: number, what: string];

export interface Row {
  /** The first frame of the row. */
  readonly from: number;
  readonly marbles: string;
  readonly happenings: readonly Happening[];
}

/** A diagram of docs/marbles: the same text that the picture is drawn from. */
export interface Diagram {
  /** What the operator's box says. */
  readonly box: string;
  readonly rows: ReadonlyMap<string, Row>;
}

export function readDiagram(name: string): Diagram {
  const text = readFileSync(`docs/marbles/${name}.txt`, 'utf8').replace(/^%.*\n/gm, '');
  const blocks = text.split(/\n{2,}/).filter((block) => block.trim() !== '');
  const box = blocks.find((block) => block.startsWith('>'));
  if (box === undefined) throw new Error(`${name} has no line that begins with >`);
  const rows = blocks.filter((block) => block !== box).map(readRow);
  if (new Set(rows.map(([title]) => title)).size < rows.length) throw new Error(`${name} has two rows of one title`);
  return { box: box.slice(1).trim(), rows: new Map(rows) };
}

/** A number that the box gives, such as `poolSize: 2`. */
export function numberIn({ box }: Diagram, name: string): number {
  const found = new RegExp(`\\b${name}: (\\d+)`).exec(box)?.[1];
  if (found === undefined) throw new Error(`"${box}" does not say what ${name} is`);
  return Number(found);
}

/** A line of marbles, then its title and its labels (`s := start`). */
function readRow(block: string): [title: string, row: Row] {
  const [line = '', ...settings] = block.replace(/^\n|\n$/g, '').split('\n');
  const labels: Record<string, string> = {};
  let title = '';
  for (const setting of settings) {
    const [, key = '', sign, value = ''] = /^(\w+) (:?=) (.*)$/.exec(setting) ?? [];
    if (sign === ':=') labels[key] = value;
    else if (key === 'title') title = value;
    else throw new Error(`"${setting}" is neither a title nor a label`);
  }
  return [title, { from: line.search(/\S/), marbles: line.trim(), happenings: happeningsOf(line, labels) }];
}

function happeningsOf(line: string, labels: Readonly<Record<string, string>>): Happening[] {
  return TestScheduler.parseMarbles(line).map(({ frame, notification }) => {
    // Outside of `run`, a character is ten frames.
    const at = frame / 10;
    if (notification.kind === 'C') return [at, 'complete'];
    if (notification.kind === 'E') return [at, 'error'];
    // Without values of their own, marbles stand for themselves.
    const marble = notification.value as string;
    return [at, labels[marble] ?? marble];
  });
}
