import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts', 'soak/**/*.test.ts'],
    exclude: ['**/*.interop.test.ts', '**/node_modules/**', 'out/**'],
    environment: 'node',
    testTimeout: 20_000,
    // Loading modules anew for each of some 200 files would take longer than a third of all tests; what a file changes
    // outside itself (globals, spies) it takes back, and these two see to it.
    isolate: false,
    // by itself it would leave one of two cores to nobody
    maxWorkers: '100%',
    unstubGlobals: true,
    restoreMocks: true,
  },
})
