/** How large one ECS call is, bundled, minified and gzipped: in a page what is loaded for it, without what others load on demand. */
import { relative, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ours = (imports, options = '') => `
  ${imports}
  import { AlicloudClient, accessKey } from 'rx-alicloud';
  import { describeRegions } from 'rx-alicloud/ecs';
  const client = new AlicloudClient({ regionId: 'cn-hangzhou', credentials: accessKey('id', 'secret'), ${options} });
  client.call(describeRegions).subscribe(console.log);`;

const throughGateway = `
  import { AlicloudClient } from 'rx-alicloud';
  import { describeRegions } from 'rx-alicloud/ecs';
  const client = new AlicloudClient({ regionId: 'cn-hangzhou', gateway: '/api' });
  client.call(describeRegions).subscribe(console.log);`;

export const bundles = {
  ours: { title: 'rx-alicloud, its own transport', platform: 'browser', way: 'direct.js', source: ours('') },
  gateway: { title: 'rx-alicloud, through a gateway', platform: 'browser', way: 'gateway.js', source: throughGateway },
  ownTransport: {
    title: 'rx-alicloud, a transport over fetch',
    platform: 'browser',
    way: 'direct.js',
    source: ours(
      `import { from } from 'rxjs';
       const transport = {
         send: ({ url, method, headers, body }) =>
           from(fetch(url, { method, headers, body }).then(async (response) => ({
             status: response.status,
             headers: Object.fromEntries(response.headers),
             body: await response.text(),
           }))),
       };`,
      'transport',
    ),
  },
  node: { title: 'rx-alicloud, a function for Node', platform: 'node', source: ours('') },
  nodeModules: {
    title: 'the same, with the ES modules of RxJS and io-ts',
    platform: 'node',
    options: { mainFields: ['module', 'main'], alias: { rxjs: resolve('node_modules/rxjs/dist/esm/index.js') } },
    source: ours(''),
  },
  official: {
    title: '@alicloud/ecs20140526, a function for Node',
    platform: 'node',
    source: `
      import ecs from '@alicloud/ecs20140526';
      const client = new ecs.default({ regionId: 'cn-hangzhou', accessKeyId: 'id', accessKeySecret: 'secret' });
      client.describeRegions(new ecs.DescribeRegionsRequest({})).then(console.log);`,
  },
};

export async function measureBundles({ progress }) {
  progress('bundles');
  const rows = [];
  for (const [name, { platform, way, options, source }] of Object.entries(bundles)) {
    const { outputFiles, metafile } = await build({
      stdin: { contents: source, resolveDir: process.cwd() },
      bundle: true,
      // A function is one file. Of a page, what it loads at once counts.
      splitting: platform === 'browser',
      outdir: 'bundle',
      metafile: true,
      minify: true,
      format: 'esm',
      platform,
      write: false,
      // A user has none of this project's settings, which send `#platform` to Node's side.
      tsconfigRaw: {},
      logLevel: 'error',
      ...options,
    });
    const loaded = loadedFor(metafile, way);
    const files = outputFiles.filter(({ path }) => loaded.has(relative('', path))).map(({ contents }) => contents);
    const sum = (size) => files.reduce((total, file) => total + size(file), 0);
    rows.push({
      name,
      minified: sum((file) => file.length),
      gzipped: sum((file) => gzipSync(file, { level: 9 }).length),
    });
  }
  return rows;
}

/** The entry's file, that of the way of sending, and all that they import at once. */
function loadedFor({ outputs }, way) {
  const isLoaded = (entry = '') => entry === '<stdin>' || entry.endsWith(`pipeline/${way}`);
  const loaded = new Set(Object.keys(outputs).filter((path) => isLoaded(outputs[path].entryPoint)));
  for (const path of loaded) {
    for (const { path: imported, kind, external } of outputs[path].imports) {
      if (kind === 'import-statement' && !external) loaded.add(imported);
    }
  }
  return loaded;
}
