import { complaintsAbout } from '../../bench/report/memory-verdict.js';
import type { HttpMemorySeries, MemoryRun } from '../../bench/report/results.js';

const samples = (heap: (i: number) => number) =>
  Array.from({ length: 30 }, (_, i) => ({ done: i, heap: heap(i), rss: 0, sockets: 5 }));
const flat = samples(() => 10);
const rising = samples((i) => 10 + i);

function run(http: Partial<HttpMemorySeries> = {}, pool = flat): MemoryRun {
  const series = { total: 30, seconds: 1 };
  return {
    pool: { ...series, samples: pool },
    http: { ...series, samples: flat, poolSize: 5, accepted: 5, left: 0, ...http },
  };
}

describe('the verdict on memory over time', () => {
  it('has no complaint where all stays flat', () => {
    expect(complaintsAbout(run())).toEqual([]);
  });

  it('tells which heap grew', () => {
    expect(complaintsAbout(run({}, rising))).toEqual([
      'the heap of the run through the pool grew: ×1.34 in its last third',
    ]);
    expect(complaintsAbout(run({ samples: rising }))).toEqual([
      'the heap of the run through HTTP grew: ×1.34 in its last third',
    ]);
  });

  it('tells of sockets beyond the pool, made anew or left', () => {
    const many = flat.map((sample) => ({ ...sample, sockets: 6 }));
    expect(complaintsAbout(run({ samples: many, accepted: 7, left: 1 }))).toEqual([
      '6 sockets were open at a time, with a pool of 5',
      '7 connections were made, with a pool of 5',
      '1 connections were left after the shutdown',
    ]);
  });
});
