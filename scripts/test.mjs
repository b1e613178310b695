// All that `npm test` checks, two steps at a time, then the specs, and those of the core
// on the other versions of Node. Every step runs whatever became of the others, so that
// one run tells everything. Arguments go to Jest.
import { spawn } from 'node:child_process';

const stages = [
  ['types', 'lint', 'build', 'format:check', 'imports'],
  // These look at what `build` made, or make what would be in the way of those above; the specs drive Chromium.
  ['docs:build', 'shape', 'api', 'release:dry', 'chromium'],
];
const atATime = 2;

const failed = [];

for (const stage of stages) {
  const waiting = [...stage];
  await Promise.all(Array.from({ length: atATime }, () => lane(waiting)));
}

console.log('\nspecs');
const jest = ['node_modules/jest/bin/jest.js', '--testSequencer=./scripts/package-specs-last.cjs'];
const specs = await run(process.execPath, [...jest, ...process.argv.slice(2)], 'inherit');
if (specs.code !== 0) failed.push('specs');

console.log('\nspecs of the core on the other versions of Node');
const others = await run('npm', ['run', '--silent', 'test:node-versions'], 'inherit');
if (others.code !== 0) failed.push('test:node-versions');

console.log(failed.length === 0 ? '\nEverything passed.' : `\nFailed: ${failed.join(', ')}.`);
process.exitCode = failed.length === 0 ? 0 : 1;

async function lane(waiting) {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
    const { code, output, seconds } = await run('npm', ['run', '--silent', step], 'pipe');
    console.log(`${code === 0 ? '✓' : '✗'} ${step.padEnd(14)}${seconds.padStart(6)} s`);
    if (code === 0) continue;
    failed.push(step);
    console.log(output.trimEnd().replace(/^/gm, '    '));
  }
}

/** Runs a command; with `pipe` its output is kept, so that two steps don't write into each other's lines. */
async function run(command, args, stdio) {
  const begun = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', stdio, stdio] });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, output, seconds: ((performance.now() - begun) / 1000).toFixed(1) };
}
