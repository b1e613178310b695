import { createHash } from 'node:crypto';

/** Whether a mutant is in the sample: so many percent of a pass, by its number, and others with another seed. */
export function isSampled(id) {
  const { MUTATION_SAMPLE: percent = '100', MUTATION_SEED: seed = '1' } = process.env;
  const chance = createHash('sha256').update(`${seed} ${id}`).digest().readUInt32BE() / 2 ** 32;
  return chance < Number(percent) / 100;
}
