import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'scripts/**/*.test.ts', 'bench/**/*.test.ts', 'soak/**/*.test.ts'],
    exclude: ['**/*.interop.test.ts', '**/node_modules/**', 'out/**'],
    environment: 'node',
    testTimeout: 20_000,
  },
})
