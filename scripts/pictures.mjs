// Draws the pictures of docs/distributed.md into docs/pictures. `--check` writes nothing, and fails where a picture is not what this
// gives now.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../docs/pictures/', import.meta.url);
const check = process.argv.includes('--check');

const width = 760;
const ink = '#1f2933';
const muted = '#616e7c';
const line = '#c3cad2';
const blue = '#1266c4';
const paleBlue = '#d6e7fa';
const green = '#2f7d5b';
const paleGreen = '#d5ecdf';
const red = '#a04452';
const grey = '#e9ecef';

const pictures = { 'fleet-gate': gate(), 'fleet-queue': queue(), 'fleet-leases': leases() };

for (const [name, svg] of Object.entries(pictures)) {
  const file = new URL(`${name}.svg`, folder);
  if (existsSync(file) && readFileSync(file, 'utf8') === svg) continue;
  if (check) {
    console.error(`docs/pictures/${name}.svg is not what scripts/pictures.mjs gives. Run: npm run pictures`);
    process.exitCode = 1;
  } else writeFileSync(file, svg);
}

/** What one process learns, all do. */
function gate() {
  const lanes = { 'process A': 100, 'process B': 160, 'process C': 220 };
  const redis = 290;
  const [closes, probes, opens] = [250, 480, 555];
  const calls = { 100: [150, 185, 220], 160: [165, 205], 220: [175, 230] };
  const after = { 100: [570, 600, 630, 660], 160: [585, 615, 650], 220: [575, 605, 635, 665] };
  const waiting = { 100: 330, 160: 300, 220: 370 };
  return picture(340, [
    ...heading('One throttle, one gate, one probe', 'each circle is a request to the cloud; time goes to the right'),
    rect(closes, 76, probes - closes, 170, grey),
    text((closes + probes) / 2, 68, 'closed for all', { size: 12, fill: muted, anchor: 'middle' }),
    ...Object.entries(lanes).flatMap(([name, y]) => [
      text(20, y, name, { bold: true }),
      stroke(120, y, 740, y, line),
      ...calls[y].map((x) => circle(x, y, blue)),
      ...after[y].map((x) => circle(x, y, blue)),
      text(waiting[y], y - 12, 'its calls wait', { size: 11, fill: muted }),
    ]),
    circle(closes, 100, '#ffffff', red),
    text(closes, 100, '×', { size: 15, bold: true, fill: red, anchor: 'middle' }),
    text(closes + 12, 84, 'throttled', { size: 11, fill: red }),
    circle(probes, 160, '#ffffff', green),
    text(probes + 12, 144, 'the probe', { size: 11, fill: green }),
    circle(opens, 160, green),
    text(20, redis, 'Redis', { bold: true }),
    rect(120, redis - 14, 620, 28, paleBlue),
    text(closes + 6, redis, 'closed until …', { size: 12 }),
    text(probes - 8, redis, 'B may try', { size: 12, anchor: 'end' }),
    text(opens + 6, redis, 'open: a few at a time', { size: 12 }),
    arrow(closes, 110, closes, redis - 16, red),
    arrow(probes, redis - 16, probes, 170, green),
    arrow(opens, 170, opens, redis - 16, green),
    text(20, 322, 'Redis’ own time counts, and each change is published: no process asks again and again.', {
      size: 12,
      fill: muted,
    }),
  ]);
}

/** Who adds calls, who makes them, and where they are meanwhile. */
function queue() {
  const [left, middle, right] = [20, 250, 560];
  const producers = [90, 150, 210];
  const workers = [90, 150, 210];
  return picture(330, [
    ...heading(
      'One queue between producers and workers',
      'a call is a job of BullMQ; what travels is data, and no credential',
    ),
    ...producers
      .slice(0, 2)
      .flatMap((y, index) => [
        box(left, y - 22, 150, 44, paleBlue),
        text(left + 75, y - 8, `producer ${index + 1}`, { bold: true, anchor: 'middle' }),
        text(left + 75, y + 9, 'dispatcher: bullmqDispatcher()', { size: 9.5, fill: muted, anchor: 'middle' }),
        arrow(left + 150, y, middle - 4, y, blue),
      ]),
    text(left + 190, 78, 'add', { size: 11, fill: blue, anchor: 'middle' }),
    box(middle, 68, 220, 184, '#ffffff'),
    text(middle + 110, 84, 'Redis', { bold: true, anchor: 'middle' }),
    box(middle + 12, 98, 196, 38, grey),
    text(middle + 22, 110, 'waiting', { bold: true, size: 12 }),
    text(middle + 22, 125, 'at most maxTaskQueueSize', { size: 10, fill: muted }),
    box(middle + 12, 144, 196, 38, grey),
    text(middle + 22, 156, 'delayed', { bold: true, size: 12 }),
    text(middle + 22, 171, 'throttled, limited, to be repeated', { size: 10, fill: muted }),
    box(middle + 12, 190, 196, 38, paleGreen),
    text(middle + 22, 202, 'running', { bold: true, size: 12 }),
    text(middle + 22, 217, 'exactly poolSize of the fleet', { size: 10, fill: muted }),
    text(middle + 110, 241, 'gates and limits beside it', { size: 10, fill: muted, anchor: 'middle' }),
    ...workers.flatMap((y, index) => [
      box(right, y - 22, 110, 44, paleGreen),
      text(right + 55, y - 8, `worker ${index + 1}`, { bold: true, anchor: 'middle' }),
      text(right + 55, y + 9, 'own credentials', { size: 10, fill: muted, anchor: 'middle' }),
      arrow(middle + 222, y, right - 4, y, green),
      arrow(right + 112, y, 704, y, green),
    ]),
    text(middle + 265, 78, 'take', { size: 11, fill: green, anchor: 'middle' }),
    box(708, 68, 36, 164, paleBlue),
    `<g transform="translate(726 150) rotate(90)">${text(0, 0, 'Alibaba Cloud', { bold: true, size: 12, anchor: 'middle' })}</g>`,
    path(`M ${right + 55} 232 V 276 H ${left + 75} V 174`, muted),
    text(middle + 110, 290, 'results and typed errors, to whoever made the call', {
      size: 11,
      fill: muted,
      anchor: 'middle',
    }),
    text(
      20,
      316,
      'A worker that is lost loses its jobs’ locks, and others take the jobs: unsafe calls are never sent twice.',
      {
        size: 12,
        fill: muted,
      },
    ),
  ]);
}

/** How many starts a process may make without asking, and how long they count. */
function leases() {
  const from = 120;
  // The interval is a second.
  const scale = 0.46;
  const at = (time) => from + time * scale;
  const [a, b, c] = [105, 165, 225];
  const grant = (y, time, count, fill, colour) => [
    rect(at(time), y - 12, 50 * scale, 24, colour),
    rect(at(time + 50), y - 12, Math.min(at(time + 1050), 740) - at(time + 50), 24, fill),
    text(at(time + 25), y, String(count), { bold: true, size: 12, fill: '#ffffff', anchor: 'middle' }),
    ...Array.from({ length: count }, (_, index) => circle(at(time) + 2.5 + index * 4.5, y - 18, colour, colour, 1.8)),
  ];
  return picture(340, [
    ...heading(
      'A limit of 10 starts a second, held by leases',
      'dark: may be used; pale: counts against the limit, for an interval more',
    ),
    ...[0, 250, 500, 750, 1000, 1250].flatMap((time) => [
      stroke(at(time), 78, at(time), 250, line),
      text(at(time), 262, `${time} ms`, { size: 11, fill: muted, anchor: 'middle' }),
    ]),
    text(20, a, 'process A', { bold: true }),
    text(20, b, 'process B', { bold: true }),
    text(20, c, 'process C', { bold: true }),
    ...grant(a, 20, 5, paleBlue, blue),
    ...grant(b, 90, 3, paleGreen, green),
    ...grant(c, 160, 2, '#f3dde1', red),
    ...grant(a, 1070, 5, paleBlue, blue),
    ...grant(b, 1140, 3, paleGreen, green),
    text(at(600), a, '5 of 10', { size: 12, anchor: 'middle' }),
    text(at(600), b, '8 of 10', { size: 12, anchor: 'middle' }),
    text(at(600), c, '10 of 10: Redis says when the next are free', { size: 12, anchor: 'middle' }),
    text(
      20,
      292,
      'Each block is one round trip for several starts. What was not used is told with the next request, and',
      {
        size: 12,
        fill: muted,
      },
    ),
    text(
      20,
      310,
      'counts no longer; of a process that died it counts to the end of the block. In no second do more than',
      {
        size: 12,
        fill: muted,
      },
    ),
    text(20, 328, '10 start, whatever the clocks of the machines say.', { size: 12, fill: muted }),
  ]);
}

function picture(height, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif">`,
    // A background of its own, so that it can be seen on a dark page too.
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...parts,
    '</svg>\n',
  ].join('\n');
}

function heading(title, subtitle) {
  return [text(20, 28, title, { size: 17, bold: true }), text(20, 48, subtitle, { size: 12, fill: muted })];
}

/** `y` is the text's middle, by `dy`: programs differ in where they see a baseline. */
function text(x, y, content, { size = 13, bold = false, fill = ink, anchor } = {}) {
  const weight = bold ? ' font-weight="700"' : '';
  const end = anchor === undefined ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${round(x)}" y="${y}" dy="0.35em" font-size="${size}" fill="${fill}"${weight}${end}>${content}</text>`;
}

function rect(x, y, length, height, fill) {
  return `<rect x="${round(x)}" y="${y}" width="${round(length)}" height="${height}" rx="2" fill="${fill}"/>`;
}

function box(x, y, length, height, fill) {
  return `<rect x="${x}" y="${y}" width="${length}" height="${height}" rx="5" fill="${fill}" stroke="${line}"/>`;
}

function circle(x, y, fill, colour = fill, radius = 7) {
  return `<circle cx="${round(x)}" cy="${y}" r="${radius}" fill="${fill}" stroke="${colour}" stroke-width="1.5"/>`;
}

function stroke(x1, y1, x2, y2, colour) {
  return `<line x1="${round(x1)}" y1="${y1}" x2="${round(x2)}" y2="${y2}" stroke="${colour}"/>`;
}

/** Along one axis. */
function arrow(x1, y1, x2, y2, colour) {
  const [dx, dy] = [Math.sign(x2 - x1), Math.sign(y2 - y1)];
  return stroke(x1, y1, x2, y2, colour) + head(x2, y2, dx, dy, colour);
}

/** With an arrow's head upwards at its end. */
function path(way, colour) {
  const [x, y] = way
    .match(/[\d.]+/g)
    .slice(-2)
    .map(Number);
  return `<path d="${way}" fill="none" stroke="${colour}"/>${head(x, y, 0, -1, colour)}`;
}

function head(x, y, dx, dy, colour) {
  const [backX, backY] = [x - 7 * dx, y - 7 * dy];
  const points = [
    [x, y],
    [backX + 4 * dy, backY + 4 * dx],
    [backX - 4 * dy, backY - 4 * dx],
  ];
  return `<polygon points="${points.map((point) => point.join(',')).join(' ')}" fill="${colour}"/>`;
}

function round(value) {
  return Math.round(value * 10) / 10;
}
