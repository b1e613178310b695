// Draws the marble diagrams: docs/marbles/*.txt become SVGs beside them. `--check` writes nothing, and fails where a
// picture is not what its source gives now.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseMarbleDiagramSpecification } from '@swirly/parser';
import { renderMarbleDiagram } from '@swirly/renderer-node';
import { lightStyles } from '@swirly/theme-default-light';

const folder = new URL('../docs/marbles/', import.meta.url);
const check = process.argv.includes('--check');

// A background of its own, so that the black lines can be seen on a dark page too.
const styles = {
  ...lightStyles,
  background_color: '#ffffff',
  canvas_padding: 16,
  // One scale for all: as wide as the longest line of text in an operator's box.
  minimum_width: 660,
  frame_width: 22,
  event_radius: 17,
  event_fill_color: '#ffffff',
  event_stroke_width: 1.5,
  event_value_font_size: 13,
  stacking_height: 38,
  completion_height: 46,
  error_size: 20,
  stream_spacing: 6,
  stream_title_font_size: 15,
  stream_title_width: 130,
  range_fill_color: '#bbbbbb99',
  range_height: 8,
  operator_height: 40,
  operator_corner_radius: 4,
  operator_title_font_family: 'Menlo, Consolas, "DejaVu Sans Mono", monospace',
  operator_title_font_size: 14,
};

/** What a circle says decides its look: a call and its response share a colour, what happens to a call is grey. */
const looks = {
  a: { fill_color: '#a8d5f7' },
  b: { fill_color: '#f9d38a' },
  c: { fill_color: '#b4e2b0' },
  d: { fill_color: '#f5b5c4' },
  e: { fill_color: '#d3bdf0' },
  f: { fill_color: '#e4dcbd' },
  start: { stroke_color: '#777777', value_font_size: 11 },
  pause: { stroke_color: '#777777', value_font_size: 10 },
  resume: { stroke_color: '#777777', value_font_size: 9 },
  resize: { stroke_color: '#777777', value_font_size: 10 },
  '×': { stroke_color: '#777777', value_font_size: 22 },
};

let stale = 0;
for (const name of names('.txt')) {
  const svg = draw(readFileSync(new URL(`${name}.txt`, folder), 'utf8'));
  const picture = new URL(`${name}.svg`, folder);
  if (existsSync(picture) && readFileSync(picture, 'utf8') === svg) continue;
  if (check) complain(`docs/marbles/${name}.svg is not what its source gives. Run: npm run marbles`);
  else writeFileSync(picture, svg);
}
for (const name of names('.svg')) {
  if (!names('.txt').includes(name)) complain(`docs/marbles/${name}.svg has no source`);
}
process.exitCode = stale === 0 ? 0 : 1;

function names(ending) {
  const files = readdirSync(folder).filter((file) => file.endsWith(ending));
  return files.map((file) => file.slice(0, -ending.length)).sort();
}

function draw(source) {
  const diagram = parseMarbleDiagramSpecification(source);
  for (const row of diagram.content) {
    for (const message of row.messages ?? []) message.styles ??= looks[message.notification.value];
    const wait = waitOf(row);
    if (wait > 0)
      row.decorations = [{ kind: 'range', frame: 0, duration: wait - styles.event_radius / styles.frame_width }];
  }
  const { xml } = renderMarbleDiagram(diagram, { styles });
  // Programs differ in where they see the middle of a line of text; a shift looks the same in all of them.
  return `${xml.replaceAll('dominant-baseline="middle"', 'dy="0.35em"')}\n`;
}

/** How long a call waited: its row begins where it is accepted, and the first thing in it ends the wait. */
function waitOf({ kind, title, messages }) {
  const isCall = kind === 'S' && title.length === 1;
  return isCall ? messages[0].frame : 0;
}

function complain(text) {
  stale++;
  console.log(text);
}
