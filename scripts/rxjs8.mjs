// The specs of `async`, `throttling`, `calls` and `operators` against RxJS 8. What RxJS 8 has removed from its public API is
// known to fail, and is listed here: anything else that fails is a failure, and so is one of these that has begun to pass.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import base from '../jest.config.js';
import { cachedInstall } from './cached-install.mjs';

const version = '8.0.0-alpha.14';

const removed = [
  // `subscribe(next, error, complete)`: only an observer, or a function for values, is left.
  { pattern: /with (three functions|a function for errors alone|a function for the end alone), /, count: 12 },
  // `ObjectUnsubscribedError`: a Subject that was unsubscribed throws nothing.
  { pattern: /goes on after one whose `subscribe` itself throws$/, count: 1 },
  // What a finaliser throws is reported, where RxJS 7 keeps it to itself.
  { pattern: /other listeners anything: in its finaliser$/, count: 1 },
];

const rxjs = resolve(cachedInstall('rxjs', version), 'dist/cjs');
const folder = '.cache/rxjs8';
mkdirSync(folder, { recursive: true });
const [config, report] = [join(folder, 'jest.config.json'), join(folder, 'report.json')];
const moduleNameMapper = {
  '^rxjs$': join(rxjs, 'index.js'),
  '^rxjs/testing$': join(rxjs, 'testing/index.js'),
  ...base.moduleNameMapper,
};
writeFileSync(config, JSON.stringify({ ...base, rootDir: resolve('.'), moduleNameMapper }));

const jest = ['node_modules/jest/bin/jest.js', '--config', config, '--json', '--outputFile', report, '--silent'];
// What is known to fail would fill the screen, so the report is read instead.
spawnSync(process.execPath, [...jest, 'spec/async', 'spec/throttling', 'spec/calls', 'spec/operators'], {
  stdio: 'ignore',
});

const { testResults, numPassedTests } = JSON.parse(readFileSync(report, 'utf8'));
const broken = testResults.filter(({ assertionResults }) => assertionResults.length === 0).map(({ name }) => name);
const failing = testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status }) => status === 'failed')
  .map(({ fullName, failureMessages }) => ({ name: fullName, message: failureMessages.join('\n') }));
const unexpected = failing.filter(({ name }) => !removed.some(({ pattern }) => pattern.test(name)));
const miscounted = removed.filter(
  ({ pattern, count }) => failing.filter(({ name }) => pattern.test(name)).length !== count,
);

for (const name of broken) console.log(`✗ ${name}: it could not be run`);
for (const { name, message } of unexpected) console.log(`✗ ${name}\n${message}`);
for (const { pattern, count } of miscounted) console.log(`✗ not the ${count} that are known to fail: ${pattern}`);
console.log(
  `RxJS ${version}: ${numPassedTests} passed, ${failing.length} failed, ${unexpected.length} of these unexpected`,
);
process.exitCode = broken.length + unexpected.length + miscounted.length === 0 ? 0 : 1;
