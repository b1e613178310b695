/** Puts the figures into docs/performance.md, between its markers, and the charts beside it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const page = 'docs/performance.md';
const pictures = 'docs/performance';

export function writePage(tables, charts, { machine }) {
  let text = readFileSync(page, 'utf8');
  const { node, cpu, cores, server, date, quick } = machine;
  const caution = quick ? ' **A quick run: it says that everything runs, not how fast it is.**' : '';
  const parts = [
    [
      'machine',
      `Measured on ${date.slice(0, 10)} with Node ${node} on ${cores} cores (${cpu}); the server: ${server}.${caution}`,
    ],
    ...tables.map(({ name, head, rows }) => [name, markdownOf(head, rows)]),
  ];
  for (const [name, content] of parts) text = replacePart(text, name, content);
  writeFileSync(page, text);
  mkdirSync(pictures, { recursive: true });
  for (const [file, svg] of charts) writeFileSync(join(pictures, file), svg);
}

function replacePart(text, name, content) {
  const [begin, end] = [`<!-- bench: ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`Expected ${page} to have ${begin} and ${end}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

function markdownOf(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
