import tseslint from 'typescript-eslint';

/**
 * Words of our own for what the field has a word for, and what to write instead: RateLimiter, response, ValidationIssue,
 * describe, connection, pending, extraParameters, epoch, inFlight, armTimer.
 */
const refusedNames = [
  ...['Refusals', 'inWords', 'toldOf', 'Desk', 'CallDesk', 'Carrier', 'Lane', 'Lanes', 'lane', 'lanes'],
  ...['Silence', 'Tolerant', 'SkewedClock', 'Unread', 'unread', 'unreadOf', 'extras', 'withExtras', 'presented'],
  ...['Presented', 'struck', 'Circumstances', 'closings', 'wind', 'withoutMarks', 'answerTo', 'onDemand'],
];

/** Riddles in comments: the technical word is garbage collector's old generation, re-entrancy, throttle, cache. */
const refusedPhrases = [
  'shoulders',
  'ahead of the wall',
  'same wall',
  'got old',
  'by whose leave',
  "nobody's business",
];

export default tseslint.config(
  {
    ignores: [
      'dist',
      '.cache',
      'temp',
      'coverage',
      'lib/services',
      'site/api',
      'site/.vitepress/.temp',
      'spec/package/consumer',
      'examples/angular',
      'examples/front-ends',
      'examples/nestjs',
      '**/*.js',
      '**/*.mjs',
      '**/*.cjs',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-warning-comments': ['error', { terms: refusedPhrases, location: 'anywhere' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'List what is exported, by name.' },
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
      ],
    },
  },
  {
    files: ['lib/**', 'codegen/**'],
    rules: { 'id-denylist': ['error', ...refusedNames] },
  },
  {
    files: ['*.config.ts', 'site/.vitepress/**/*.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
