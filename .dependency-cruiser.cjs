/** The rules of the house on who imports whom. `npm run imports` checks them; types count as imports. */

/** From the bottom up: a layer imports those above it in this list, and itself. */
const layers = [
  ['errors\\.ts', 'unhandled-error\\.ts', 'isolate\\.ts', 'version\\.ts', 'secret-names\\.ts', 'platform/'],
  ['schema/'],
  ['service\\.ts'],
  ['gateway-protocol/'],
  ['transport/', 'credentials/', 'endpoint/', 'clock/'],
  ['queues/'],
  ['retry/', 'throttling/', 'events/'],
  ['masking/', 'logging/'],
  ['http-event\\.ts', 'call-options\\.ts', 'interceptor\\.ts', 'propagation\\.ts', 'call-sites\\.ts'],
  ['client-options\\.ts', 'config\\.ts', 'settings\\.ts'],
  ['codec/'],
  ['signature/'],
  ['async/'],
  ['paging/'],
  ['pipeline/'],
  ['client-calls\\.ts', 'client\\.ts'],
  ['operators/'],
  ['index\\.ts'],
  ['opentelemetry/'],
  ['interop/'],
  ['nestjs/'],
  ['services/'],
  ['waiters/'],
  ['providers/'],
  ['redis/'],
  ['command-line\\.ts'],
  ['testing/'],
  ['gateway/'],
  ['bullmq/'],
  ['angular/'],
  ['cli\\.ts'],
];

const layersPath = (some) => `^lib/(${some.flat().join('|')})`;
const core = layersPath(
  layers.slice(
    0,
    layers.findIndex(([first]) => first === 'services/'),
  ),
);

/** The files that only Node loads. */
const nodeOnly = [
  '^lib/platform/((digest-|host-|io-ts-|sha1-|sha256-)?node\\.ts|node/)',
  '^lib/logging/debug-node\\.ts$',
  '^lib/pipeline/(answer|features|sending)-node\\.ts$',
  '^lib/testing/(server|command|execute|flags)\\.ts$',
  '^lib/testing/recording/recording-file\\.ts$',
  '^lib/interop/node/',
  '^lib/gateway/(node/|(command|flags|allow-list)\\.ts$)',
  '^lib/bullmq/',
  '^lib/command-line\\.ts$',
  '^lib/cli\\.ts$',
];

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    ...layers
      .slice(0, -1)
      .map((layer, i) =>
        rule(
          `one-way: ${layer.join(' ').replaceAll('\\', '')}`,
          'Imports flow one way: what is below knows nothing of what is above.',
          { path: layersPath([layer]) },
          { path: layersPath(layers.slice(i + 1)) },
        ),
      ),
    rule(
      'every-file-has-a-layer',
      'A new folder under lib needs its place in `layers`.',
      { path: '^lib/', pathNot: layersPath(layers) },
      {},
    ),
    rule(
      'services-are-data',
      'A service is data and types: it needs `defineClient` and the descriptor types, nothing else.',
      { path: '^lib/services/', pathNot: '^lib/services/catalog\\.ts$' },
      { pathNot: '^lib/(client|service)\\.ts$' },
    ),
    rule('no-cycles', 'Two files that need each other are one idea.', {}, { circular: true }),
    rule(
      'no-node-in-the-core',
      'The core runs in browsers. Node built-ins belong to the files that only Node loads.',
      { path: '^lib/', pathNot: nodeOnly },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'node-only-files-stay-behind-#platform',
      'Reached through `#platform`, `#host`, `#io-ts`, `#sha1`, `#sha256`, `#digest`, `#sending`, `#features`, `#answer`, `#list`, `#templates` or `#debug`, which choose, or through an entry that only Node loads.',
      { path: `${core}|^lib/providers/`, pathNot: nodeOnly },
      { path: nodeOnly, dependencyTypesNot: ['aliased'] },
    ),
    rule(
      'few-packages',
      'The core needs rxjs, axios and io-ts by their public entries; hashing for browsers is inlined. Frameworks plug in from outside.',
      { path: '^lib/' },
      {
        dependencyTypes: ['npm', 'npm-dev', 'npm-peer', 'npm-optional', 'npm-no-pkg', 'npm-unknown'],
        pathNot: [
          '^node_modules/rxjs/dist/types/index\\.d\\.ts$',
          '^node_modules/axios/index\\.d\\.ts$',
          '^node_modules/axios/lib/adapters/xhr\\.js$',
          '^node_modules/io-ts/lib/index\\.js$',
          '^node_modules/@noble/hashes/',
          '^node_modules/undici/(index|lib/dispatcher/client)\\.js$',
          '^node_modules/commander/',
          '^node_modules/@opentelemetry/api/',
          '^node_modules/(bullmq|ioredis)/',
          '^node_modules/@nestjs/common/index\\.(d\\.ts|js)$',
          '^node_modules/@angular/(core|common)/',
        ],
      },
    ),
    rule(
      'undici-for-node-only',
      'Browsers have their own way to send requests.',
      { path: '^lib/', pathNot: '^lib/platform/node/' },
      { path: '^node_modules/undici/' },
    ),
    rule(
      'telemetry-for-its-own-entry-only',
      'OpenTelemetry is an optional peer.',
      { path: '^lib/', pathNot: '^lib/opentelemetry/' },
      { path: '^node_modules/@opentelemetry/' },
    ),
    rule(
      'bullmq-for-its-own-entry-only',
      'BullMQ and its client of Redis are optional peers.',
      { path: '^lib/', pathNot: '^lib/bullmq/' },
      { path: '^node_modules/(bullmq|ioredis)/' },
    ),
    rule(
      'nestjs-for-its-own-entry-only',
      'NestJS is an optional peer.',
      { path: '^lib/', pathNot: '^lib/nestjs/' },
      { path: '^node_modules/@nestjs/' },
    ),
    rule(
      'angular-for-its-own-entries-only',
      'Angular is an optional peer.',
      { path: '^lib/', pathNot: '^lib/angular/' },
      { path: '^node_modules/@angular/' },
    ),
    rule(
      'commander-for-the-program-only',
      'Whoever imports the library gets no reader of command lines with it.',
      {
        path: '^lib/',
        pathNot: '^lib/(command-line|cli|testing/(command|flags)|gateway/(command|flags)|bullmq/worker/command)\\.ts$',
      },
      { path: '^node_modules/commander/' },
    ),
    rule(
      'noble-for-browsers-only',
      'Node has its own hashing.',
      { path: '^lib/', pathNot: '^lib/platform/(browser/noble|sha1-browser)\\.ts$' },
      { path: '^node_modules/@noble/' },
    ),
    rule('nothing-unresolved', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['import', 'types', 'node', 'default'],
      exportsFields: ['exports'],
      mainFields: ['main', 'types'],
    },
  },
};
