import { resolve } from 'node:path'
import { defineConfig } from 'vite'

/** Builds the long tests for Node; dependencies stay outside, as in the program itself. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node20',
    outDir: '.cache/soak',
    emptyOutDir: true,
    rolldownOptions: {
      input: { run: resolve('soak/run.ts') },
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
})
