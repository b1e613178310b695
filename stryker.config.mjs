/** What all passes of `npm run mutation` have in common; what each breaks, and by which specs, stands in scripts/mutation.mjs. */
export default {
  testRunner: 'specs',
  plugins: ['./scripts/mutation/runner.mjs'],
  // Only the specs that run the mutated line.
  coverageAnalysis: 'perTest',
  // Static ones, which act while a module is loaded, would run every spec: they are tables and defaults.
  ignoreStatic: true,
  // They are the words of errors, which are for people, and no contract.
  mutator: { excludedMutations: ['StringLiteral'] },
  concurrency: 2,
  // For a loop without an end. A spec that waits for ever fails before, and a busy machine does not take as long.
  timeoutMS: 10_000,
  timeoutFactor: 2,
  tempDirName: '.cache/stryker',
  ignorePatterns: ['.cache', 'dist', 'bench', 'docs', 'examples', 'lib/services'],
  allowConsoleColors: false,
  // The bundler strips types.
  disableTypeChecks: false,
  reporters: ['progress-append-only'],
};
