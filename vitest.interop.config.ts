import { defineConfig } from 'vitest/config'

/** Tests against real peers. `npm run test:interop` makes the Python environment and names it in PYTHON_PEER. */
export default defineConfig({
  test: {
    include: ['interop/**/*.interop.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: process.env['CI'] === undefined ? 0 : 1, // a second try is reported, never silent
    maxWorkers: 1, // an idle Python peer keeps a whole core busy (netcore-lso note, Q11)
  },
})
