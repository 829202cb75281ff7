import { resolve } from 'node:path'
import { defineConfig } from 'vite'

/** Builds the benchmark for Node; dependencies stay outside, as in the program itself. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node20',
    outDir: '.cache/bench',
    emptyOutDir: true,
    rolldownOptions: {
      input: { run: resolve('bench/run.ts'), process: resolve('bench/process.ts') },
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
})
