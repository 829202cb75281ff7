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
      input: Object.fromEntries(
        ['run', 'process', 'empty', 'screen'].map((name) => [name, resolve(`bench/${name}.ts`)]),
      ),
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
})
