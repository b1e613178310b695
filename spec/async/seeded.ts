/**
 * How a property is checked: with a random seed, which is printed when it fails. `FC_SEED` in the environment repeats a
 * run, and `FC_RUNS` makes it longer.
 */
export function seeded(numRuns: number): { numRuns: number; seed?: number } {
  const { FC_SEED: seed, FC_RUNS: runs } = process.env;
  return {
    numRuns: runs === undefined ? numRuns : Number(runs),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  };
}
