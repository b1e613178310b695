import type { MemoryRun } from './results.js';
import { growthOf } from './statistics.js';

/** What the heap may be larger in the last third of a run than in all of it before. */
const mostGrowth = 1.1;

/** What did not stay flat, in words; nothing where all did. */
export function complaintsAbout({ pool, http }: MemoryRun): string[] {
  const heaps = Object.entries({ 'the pool': pool, HTTP: http }).flatMap(([name, { samples }]) => {
    const growth = growthOf(samples.map(({ heap }) => heap));
    return growth > mostGrowth
      ? [`the heap of the run through ${name} grew: ×${growth.toFixed(2)} in its last third`]
      : [];
  });
  const most = Math.max(...http.samples.map(({ sockets }) => sockets));
  return [
    ...heaps,
    ...(most > http.poolSize ? [`${most} sockets were open at a time, with a pool of ${http.poolSize}`] : []),
    ...(http.accepted > http.poolSize
      ? [`${http.accepted} connections were made, with a pool of ${http.poolSize}`]
      : []),
    ...(http.left > 0 ? [`${http.left} connections were left after the shutdown`] : []),
  ];
}
