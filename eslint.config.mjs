import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/** Words that would make the pure stack depend on when and where it runs. */
const IMPURE_GLOBALS = [
  'Date',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'queueMicrotask',
  'performance',
  'process',
  'Buffer',
  'crypto',
  'fetch',
  'navigator',
  'window',
  'document',
  'globalThis',
]

/** electron-security.md §2 rows 4, 8, 9: settings and APIs that may appear nowhere, or only in one room. */
const FORBIDDEN_WORDS = [
  'webSecurity',
  'allowRunningInsecureContent',
  'experimentalFeatures',
  'enableBlinkFeatures',
  'dangerouslySetInnerHTML',
]

const noIdentifiers = (words) =>
  words.map((word) => ({
    selector: `Identifier[name='${word}']`,
    message: `${word} is not used in this program.`,
  }))

export default tseslint.config(
  {
    ignores: [
      'out/**',
      'node_modules/**',
      '.cache/**',
      '.bench-ui/**',
      '**/.boundary-canary/**', // planted for a moment by another check
      'test-results/**',
      'playwright-report/**',
      '**/vectors/*.json',
    ],
  },
  {
    files: [
      'src/**/*.{ts,tsx}',
      'e2e/**/*.ts',
      'bench/**/*.ts',
      'interop/**/*.ts',
      'soak/**/*.ts',
      '*.config.ts',
    ],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.node.json', 'tsconfig.web.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off', // noUncheckedIndexedAccess: an index we know is in range
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidOperator: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': ['error', ...noIdentifiers(FORBIDDEN_WORDS)],
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/main/netcore/**/*.ts'],
    ignores: ['**/*.test.ts', '**/vectors/**'],
    rules: {
      'no-restricted-globals': ['error', ...IMPURE_GLOBALS],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
    },
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    ignores: ['src/preload/**', 'src/**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...noIdentifiers([...FORBIDDEN_WORDS, 'ipcRenderer'])] },
  },
  {
    // where hooks and components are: the rules compile each file they see, which takes longer than all others together
    files: ['src/renderer/**/*.tsx', 'src/renderer/**/use-*.ts', 'src/renderer/**/*-context.ts'],
    extends: [reactHooks.configs.flat['recommended-latest'] ?? reactHooks.configs['recommended-latest']],
  },
  {
    files: ['**/*.test.ts', 'e2e/**/*.ts', 'bench/**/*.ts', 'interop/**/*.ts', 'soak/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off', // vectors and JSON lines are looked at field by field
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
)
