import { resolve } from 'node:path'
import { defineConfig } from 'vite'

/** Builds the benchmark of the screen for Node; dependencies stay outside. */
export default defineConfig({
  build: {
    ssr: true,
    target: 'node20',
    outDir: '.bench-ui', // beside e2e/, whose modules find the program from where they lie,
    emptyOutDir: true,
    rolldownOptions: {
      input: { run: resolve('bench/ui/run.ts') },
      output: { format: 'es', entryFileNames: '[name].js' },
    },
  },
})
