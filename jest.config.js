/** Types are checked by `tsc` on its own, so the transform only strips them. */
export default {
  roots: ['<rootDir>/spec'],
  testMatch: ['**/*.spec.ts'],
  testEnvironment: 'node',
  transform: {
    '^.+\\.m?[jt]s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // Published as ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!@angular/|@noble/hashes/|axios/lib/)'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^#answer$': '<rootDir>/lib/pipeline/answer-node.ts',
    '^#debug$': '<rootDir>/lib/logging/debug-node.ts',
    '^#digest$': '<rootDir>/lib/platform/digest-node.ts',
    '^#features$': '<rootDir>/lib/pipeline/features-node.ts',
    '^#io-ts$': '<rootDir>/lib/platform/io-ts.ts',
    '^#host$': '<rootDir>/lib/platform/host-node.ts',
    '^#list$': '<rootDir>/lib/queues/list-node.ts',
    '^#platform$': '<rootDir>/lib/platform/node.ts',
    '^#sending$': '<rootDir>/lib/pipeline/sending-node.ts',
    '^#sha1$': '<rootDir>/lib/platform/sha1-node.ts',
    '^#sha256$': '<rootDir>/lib/platform/sha256-node.ts',
    '^#templates$': '<rootDir>/lib/signature/templates-node.ts',
    '^#undici$': '<rootDir>/lib/platform/node/undici.ts',
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/'],
  maxWorkers: 2,
  // For a machine that is ten times as busy: no spec waits for time to pass.
  testTimeout: 120_000,
};
