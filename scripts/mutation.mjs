// `npm run mutation`: runs Stryker, whose arguments may follow, and prints the score last. It fails below the bound in
// stryker.config.mjs.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import config from '../stryker.config.mjs';

const report = config.jsonReporter.fileName;
const bound = config.thresholds.break;

rmSync(report, { force: true });
const stryker = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', 'stryker.config.mjs'];
const child = spawn(process.execPath, [...stryker, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = await new Promise((resolve, reject) => {
  child.on('error', reject).on('close', (code) => resolve(code ?? 1));
});
console.log(verdict());

function verdict() {
  let text;
  try {
    text = readFileSync(report, 'utf8');
  } catch {
    return 'No score: the mutants were not run.';
  }
  const mutants = Object.values(JSON.parse(text).files).flatMap((file) => file.mutants);
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const noticed = count('Killed', 'Timeout');
  const all = noticed + count('Survived', 'NoCoverage');
  return `Mutation score ${((100 * noticed) / all).toFixed(1)} (${noticed} of ${all} noticed, bound ${bound})`;
}
