/** An app has what it uses of the operators, and nothing else. */
import { resolve } from 'node:path';
import { build } from 'esbuild';
import * as operators from '../../lib/operators/index.js';
import { browserBundleOf } from '../browser-bundle.js';

const root = resolve(__dirname, '../..');

/** The files of the operators that are in the bundle of an app. */
async function filesOf(app: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: app, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    metafile: true,
    treeShaking: true,
    format: 'esm',
    external: ['rxjs', '#*'],
    logLevel: 'silent',
    tsconfigRaw: {},
  });
  const [output] = Object.values(metafile.outputs);
  return Object.entries(output?.inputs ?? {})
    .filter(([file, { bytesInOutput }]) => file.startsWith('lib/operators/') && bytesInOutput > 0)
    .map(([file]) => file.replace('lib/operators/', ''))
    .sort();
}

it('needs nothing of Node', async () => {
  const { warnings, builtins } = await browserBundleOf('lib/operators/index.ts');
  expect([warnings, builtins]).toEqual([[], []]);
});

it.each([
  ['pollUntil', ['clock-of.ts', 'is-not-found.ts', 'poll-until.ts', 'poll.ts', 'throttled-for.ts']],
  ['settled', ['settled.ts']],
  ['catchCode', ['catch-code.ts']],
  ['watch', ['clock-of.ts', 'deep-equal.ts', 'list-changes.ts', 'throttled-for.ts', 'watch.ts']],
  ['shareReads', ['deep-freeze.ts', 'request-key.ts', 'share-reads.ts']],
  ['retryOverflow', ['clock-of.ts', 'retry-overflow.ts']],
])('%s brings no other operator', async (name, files) => {
  expect(Object.keys(operators)).toContain(name);
  expect(await filesOf(`import { ${name} } from './lib/operators/index.ts'; console.log(${name});`)).toEqual(files);
});

it('a call brings none', async () => {
  expect(await filesOf(`import { AlicloudClient } from './lib/index.ts'; console.log(AlicloudClient);`)).toEqual([]);
});

it('a waiter brings the operation that it asks, and no other waiter', async () => {
  const app = `import { instanceGone } from './lib/waiters/ecs.ts'; console.log(instanceGone);`;
  const { outputFiles } = await build({
    stdin: { contents: app, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    external: ['rxjs', '#*'],
    logLevel: 'silent',
    tsconfigRaw: {},
  });
  const text = outputFiles[0]?.text ?? '';
  const actions = [...new Set([...text.matchAll(/action: "(\w+)"/g)].map(([, action]) => action))];
  expect(actions).toEqual(['DescribeInstances']);
  expect(text).not.toContain('instanceRunning');
});
