/** The marble diagrams of the pages: what they show is what happens, and the pictures show what their sources say. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { of } from 'rxjs';
import { fair, fifo, priority } from '../../lib/queues/index.js';
import { readDiagram, type Diagram } from './diagram.js';
import { aborting } from './interop-scenarios.js';
import { operatorScenarios } from './operator-scenarios.js';
import { asyncMode, listing, operator, pulling } from './scenarios.js';
import { play, type Scenario } from './stage.js';

/** What makes happen what docs/marbles/<name>.txt shows. Sizes, times of calls and cancels come from the diagram itself. */
const scenarios: Readonly<Record<string, Scenario>> = {
  'bounded-merge-map': operator(
    { a: '------------(a|)', b: '--------(b|)', c: '------(c|)', e: '-----(e|)' },
    (value) => of(`no ${value}`),
  ),
  'overflow-error': operator({ a: '------------(a|)', b: '--------(b|)', c: '------(c|)' }),
  'first-in-first-out': asyncMode({
    responses: { a: '--------------(a|)', b: '----------(b|)', c: '----(c|)', d: '----(d|)', e: '----(e|)' },
  }),
  'cancel-waiting': asyncMode({ responses: { a: '-------------(a|)', b: '------(b|)', c: '------(c|)' } }),
  'cancel-running': asyncMode({ responses: { a: '-------------(a|)', b: '------(b|)' } }),
  failure: asyncMode({ responses: { a: '-------#', b: '------(b|)' } }),
  're-entrant': asyncMode({
    responses: { a: '-------(a|)', b: '------(b|)', c: '------(c|)' },
    handler: { a: 'c' },
  }),
  'merge-map-from': pulling({
    a: '------(a|)',
    b: '---------(b|)',
    c: '------(c|)',
    d: '--------(d|)',
    e: '---(e|)',
  }),
  items: listing({ 'page 1': '------(p|)', 'page 2': '------(q|)' }),
  'shutdown-drain': asyncMode({
    responses: { a: '---------(a|)', b: '----------(b|)', c: '-------(c|)', d: '-----(d|)', e: '-----(e|)' },
    chan: ['d'],
  }),
  'shutdown-abort': asyncMode({ responses: { a: '------------(a|)', b: '------------(b|)', c: '------(c|)' } }),
  'shutdown-timeout': asyncMode({ responses: { a: '---------(a|)', b: '----------(b|)', c: '---------------(c|)' } }),
  'queue-priority': asyncMode({
    responses: { a: '--------(a|)', b: '----(b|)', c: '----(c|)', d: '----(d|)' },
    queue: priority(({ name }) => (name === 'd' ? 1 : 0)),
  }),
  'queue-fair': asyncMode({
    responses: { a: '--------(a|)', b: '----(b|)', c: '----(c|)', d: '----(d|)' },
    queue: fair(({ name }) => (name === 'd' ? 'another' : 'one')),
  }),
  'queue-rate': asyncMode({
    responses: { a: '---(a|)', b: '---(b|)', c: '---(c|)' },
    queue: fifo({ rate: { limit: 1, interval: 6 } }),
  }),
  'queue-max-time': asyncMode({
    responses: { a: '------------(a|)', c: '----(c|)' },
    queue: fifo({ maxQueueTime: 6 }),
  }),
  'queue-drop-oldest': asyncMode({
    responses: { a: '--------(a|)', c: '----(c|)', d: '----(d|)' },
    queue: fifo({ overflow: 'dropOldest' }),
  }),
  pause: asyncMode({ responses: { a: '------(a|)', b: '----(b|)' } }),
  resize: asyncMode({ responses: { a: '------------(a|)', b: '------(b|)', c: '----(c|)' } }),
  'take-until-aborted': aborting,
  'enable-again': asyncMode({ responses: { a: '--------------(a|)', b: '------(b|)' } }),
  ...operatorScenarios,
};

/** What the crosses stand for, where the SDK itself made the error. */
const codes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'overflow-error': { output: 'SDK.AsyncQueueFull' },
  'first-in-first-out': { f: 'SDK.AsyncQueueFull' },
  're-entrant': { b: 'SDK.AsyncQueueFull' },
  'shutdown-drain': { d: 'SDK.AsyncFunctionNotEnabled' },
  'shutdown-abort': { a: 'SDK.Aborted', b: 'SDK.Aborted', c: 'SDK.Aborted' },
  'shutdown-timeout': { c: 'SDK.Aborted' },
  'queue-max-time': { b: 'SDK.AsyncQueueTimeout' },
  'queue-drop-oldest': { b: 'SDK.AsyncQueueFull' },
  failure: { a: 'error' },
  'take-until-aborted': { output: 'SDK.Aborted' },
};

describe('the marble diagrams', () => {
  it('have a scenario each', () => {
    const sources = readdirSync('docs/marbles').filter((file) => file.endsWith('.txt'));
    expect(sources.map((file) => file.replace('.txt', '')).sort()).toEqual(Object.keys(scenarios).sort());
  });

  it.each(Object.entries(scenarios))('%s shows what happens', (name, scenario) => {
    const diagram = readDiagram(name);
    expect(play(diagram, scenario)).toEqual({
      rows: Object.fromEntries([...diagram.rows].map(([title, { happenings }]) => [title, happenings])),
      requests: requestsOf(diagram),
      codes: codes[name] ?? {},
    });
  });

  it.each(Object.keys(scenarios))("%s begins each call's row where the call is made", (name) => {
    const { rows } = readDiagram(name);
    const [arrivals] = rows.values();
    for (const [frame, call] of arrivals?.happenings ?? []) {
      const row = rows.get(call);
      if (row) expect([call, row.from]).toEqual([call, frame]);
    }
  });

  it('are drawn as their sources say', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/marbles.mjs', '--check'], {
      encoding: 'utf8',
    });
    expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: '' });
  });
});

/** A request holds on from its start to the last thing in its row. */
function requestsOf({ rows }: Diagram): Record<string, readonly [start: number, end: number]> {
  const requests: Record<string, readonly [start: number, end: number]> = {};
  for (const [title, { happenings }] of rows) {
    const start = happenings.find(([, what]) => what === 'start')?.[0];
    const end = happenings.at(-1)?.[0];
    if (start !== undefined && end !== undefined) requests[title] = [start, end];
  }
  return requests;
}
