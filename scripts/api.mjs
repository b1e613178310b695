// The public API against its golden files, spec/api/*.api.md. `--update` rewrites them: the diff is then part of the review.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const entries = {
  index: 'dist/index.d.ts',
  angular: 'dist/angular.d.ts',
  'angular-testing': 'dist/angular/testing.d.ts',
  credentials: 'dist/credentials.d.ts',
  gateway: 'dist/gateway.d.ts',
  'gateway-node': 'dist/gateway/node.d.ts',
  'gateway-redis': 'dist/gateway/redis.d.ts',
  interop: 'dist/interop.d.ts',
  'interop-node': 'dist/interop/node.d.ts',
  nestjs: 'dist/nestjs.d.ts',
  bullmq: 'dist/bullmq.d.ts',
  opentelemetry: 'dist/opentelemetry.d.ts',
  queues: 'dist/queues.d.ts',
  operators: 'dist/operators.d.ts',
  redis: 'dist/redis.d.ts',
  testing: 'dist/testing.d.ts',
  'testing-fake': 'dist/testing/fake.d.ts',
};
const update = process.argv.includes('--update');

for (const [name, entry] of Object.entries(entries)) {
  const { changed, golden, fresh, failed } = report(name, entry);
  if (failed) process.exitCode = 1;
  if (!changed) continue;
  if (update) {
    console.log(`${golden}: rewritten`);
  } else {
    process.exitCode = 1;
    console.log(`${golden} is not the public API of ${entry}. If the change is meant: npm run api:update`);
    spawnSync('diff', ['-uN', golden, fresh], { stdio: 'inherit' });
  }
}

function report(name, entry) {
  const file = `${name}.api.md`;
  mkdirSync('.cache/api', { recursive: true });
  const config = ExtractorConfig.prepare({
    configObjectFullPath: resolve('api-extractor.json'),
    packageJsonFullPath: resolve('package.json'),
    configObject: {
      projectFolder: resolve('.'),
      newlineKind: 'lf',
      mainEntryPointFilePath: resolve(entry),
      compiler: { tsconfigFilePath: resolve('tsconfig.build.json') },
      apiReport: { enabled: true, reportFileName: file, reportFolder: 'spec/api', reportTempFolder: '.cache/api' },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        // A type that is named but not exported belongs into the report: somebody will miss it.
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'warning', addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
  });
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    localBuild: update,
    messageCallback(message) {
      message.handled = true;
      if (message.logLevel === ExtractorLogLevel.Error) console.log(message.text);
    },
  });
  return { changed: apiReportChanged, golden: `spec/api/${file}`, fresh: `.cache/api/${file}`, failed: errorCount > 0 };
}
