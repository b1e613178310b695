// `npm run mutation`: breaks the way of a call in every small way, a folder of `lib` a pass, and prints last how many of the
// breaks the specs notice. It fails below the bound. `--only throttling,retry/budget` breaks some folders or files alone,
// `--sample 10` ten percent of what there is, and with `--seed 2` ten others.
import { mkdirSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { passes } from './mutation/passes.mjs';
import { isSampled } from './mutation/sample.mjs';

/** In percent, of all that is broken together: three below what was measured last, so that a spec may be simplified. */
const bound = 88;
const folder = '.cache/mutation';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    sample: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
if (!(Number(values.sample) > 0)) throw new Error(`Expected --sample to be a percentage > 0, got ${values.sample}`);
// For the processes that run the specs, too.
Object.assign(process.env, { MUTATION_SAMPLE: values.sample, MUTATION_SEED: values.seed });

const targets = values.only?.split(',') ?? Object.keys(passes);
for (const target of targets) {
  const [pass] = target.split('/');
  if (Object.hasOwn(passes, pass)) continue;
  throw new Error(`Expected --only to name ${Object.keys(passes).join(', ')} or files of them, got ${target}`);
}

mkdirSync(folder, { recursive: true });
const results = [];
for (const pass of Object.keys(passes)) {
  const own = targets.filter((target) => target.split('/')[0] === pass);
  if (own.length === 0) continue;
  const begun = performance.now();
  const all = await new Stryker({
    mutate: own.map((target) => (target === pass ? `lib/${pass}/**/*.ts` : `lib/${target}.ts`)),
    buildCommand: `node scripts/mutation/bundle.mjs ${pass}`,
  }).runMutationTest();
  const mutants = all.filter(({ id }) => isSampled(id));
  results.push(...mutants);
  writeFileSync(`${folder}/${pass}.txt`, mutants.filter(isMissed).map(describe).join('\n'));
  console.log(`${pass}: ${scoreOf(mutants)} in ${((performance.now() - begun) / 60_000).toFixed(1)} min`);
}

console.log(`What was not noticed is in ${folder}.`);
console.log(`Mutation score ${scoreOf(results)}, bound ${bound}`);
if (!(percent(results) >= bound)) process.exitCode = 1;

function describe({ fileName, location, status, replacement, mutatorName }) {
  const { line, column } = location.start;
  return `${relative('.', fileName)}:${line}:${column} ${status} ${mutatorName} ${replacement.replace(/\s+/g, ' ')}`;
}

function scoreOf(mutants) {
  const broken = mutants.filter(({ status }) => status === 'RuntimeError').length;
  const without = broken === 0 ? '' : `, without ${broken} that do not run`;
  return `${percent(mutants).toFixed(1)} (${noticed(mutants)} of ${counted(mutants)} noticed${without})`;
}

function percent(mutants) {
  return (100 * noticed(mutants)) / counted(mutants);
}

function noticed(mutants) {
  return mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
}

function counted(mutants) {
  return noticed(mutants) + mutants.filter(isMissed).length;
}

function isMissed({ status }) {
  return status === 'Survived' || status === 'NoCoverage';
}
