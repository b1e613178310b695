import { merged } from '../../bench/report/merge.js';
import type { HttpRow, Results } from '../../bench/report/results.js';

const machine = { date: '2030-01-01', node: 'v20', cpu: 'some', cores: 2, server: 'nginx', quick: false };
const later = { ...machine, date: '2030-01-02' };
const bundle = (gzipped: number) => ({ bundles: [{ name: 'ours', minified: 0, gzipped }] });
const row = (scenario: string, rate: number): HttpRow => ({
  scenario,
  rate,
  rates: [rate],
  client: 'ours',
  concurrency: 1,
  cpu: 1,
  cpus: [1],
  rss: 0,
  heap: 0,
  connections: 1,
});

describe('merged', () => {
  it('is the run itself where there was none before', () => {
    const now: Results = { machine, ...bundle(1) };
    expect(merged(undefined, now)).toBe(now);
  });

  it('takes each part from the run that has it, the later one first', () => {
    const before: Results = { machine, ...bundle(1), waiting: [{ queue: 'ours', bytes: 5 }] };
    expect(merged(before, { machine: later, ...bundle(2) })).toEqual({ ...before, machine: later, ...bundle(2) });
  });

  it('takes HTTP by scenario', () => {
    const before: Results = { machine, http: [row('http-small', 1), row('tls-small', 2)] };
    const { http } = merged(before, { machine: later, http: [row('tls-small', 3)] });
    expect(http).toEqual([row('http-small', 1), row('tls-small', 3)]);
    expect(merged(before, { machine: later, ...bundle(1) }).http).toEqual(before.http);
  });

  it.each([{ node: 'v24' }, { cores: 4 }, { server: 'another' }, { quick: true }])(
    'does not mix in what was measured elsewhere: %j',
    (difference) => {
      const now: Results = { machine: { ...machine, ...difference }, ...bundle(2) };
      expect(merged({ machine, waiting: [] }, now)).toBe(now);
    },
  );
});
