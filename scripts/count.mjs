// Prints `N passed, N failed` from Jest's report. Fails without a report, and where a spec was skipped.
import { existsSync, readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);
const none = {
  numPassedTests: 0,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
};
const counts = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : none;

const passed = counts.numPassedTests;
// A file that does not even load has no tests to fail.
const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
const skipped = counts.numPendingTests + counts.numTodoTests;

if (skipped > 0) console.log(`${skipped} skipped: a skipped spec says nothing.`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 && skipped === 0 ? 0 : 1;
