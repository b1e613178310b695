/** `npm run mutation`: breaks the way of a call in every small way, and counts what the specs beside it notice. */
export default {
  mutate: ['lib/{pipeline,retry,throttling,async,queues}/**/*.ts'],
  testRunner: 'jest',
  // Only the specs that run the mutated line, and of those up to the first that fails.
  coverageAnalysis: 'perTest',
  jest: {
    projectType: 'custom',
    configFile: 'jest.config.js',
    // Their names are of stages and seams; sessions, packages and products take too long for each of some thousand mutants.
    config: {
      // What a spec is related to is looked up in these.
      roots: ['<rootDir>/lib', '<rootDir>/spec'],
      testMatch: ['<rootDir>/spec/{async,calls,clock,events,pipeline,queues,retry,throttling}/**/*.spec.ts'],
      // The one needs the generated services, which are not copied; the other runs a million tasks.
      testPathIgnorePatterns: ['/spec/pipeline/drift\\.spec', '/spec/async/million\\.spec'],
    },
    enableFindRelatedTests: true,
  },
  // Static ones would run every spec: they are tables and defaults.
  ignoreStatic: true,
  mutator: { excludedMutations: ['StringLiteral'] },
  concurrency: 2,
  timeoutMS: 10_000,
  tempDirName: '.cache/stryker',
  ignorePatterns: ['.cache', 'dist', 'bench', 'docs', 'examples', 'lib/services'],
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: '.cache/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 90, low: 80, break: 75 },
};
