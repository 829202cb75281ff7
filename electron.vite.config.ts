import { chmodSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import type { Plugin } from 'vite'

/** npm makes the file named in `bin` executable on install; a fresh build in the folder has to do it by itself. */
const executableCli: Plugin = {
  name: 'executable-cli',
  writeBundle() {
    chmodSync(resolve('out/cli/netcore.js'), 0o755)
  },
}

/**
 * Plain JavaScript of others goes into our own files: read as some hundred files of its own it would be a quarter of what a
 * command takes to start. What has native parts or files beside it stays a package.
 */
const BUNDLED = ['@mcap/core', 'croner', 'lru-cache', 're2js', 'yaml', 'zod']

export default defineConfig({
  main: {
    plugins: [executableCli],
    build: {
      externalizeDeps: { exclude: BUNDLED },
      outDir: 'out',
      emptyOutDir: false,
      rolldownOptions: {
        input: {
          'main/index': resolve('src/main/index.ts'), // Electron shell
          'main/web': resolve('src/main/web.ts'), // plain Node: node out/main/web.js
          'cli/netcore': resolve('src/main/cli/netcore.ts'), // the command line
          'library/index': resolve('src/main/library.ts'), // the stack for other programs
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          banner: (chunk) => (chunk.name === 'cli/netcore' ? '#!/usr/bin/env node' : ''),
        },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false, // a sandboxed preload cannot require packages: everything goes into the one file
      rolldownOptions: {
        input: { index: resolve('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve('src/renderer'),
    plugins: [react()],
    build: {
      minify: true,
      assetsInlineLimit: 0, // data: addresses are not in the security policy for scripts and styles
      rolldownOptions: {
        input: resolve('src/renderer/index.html'),
        // what the first page needs comes as one file, not as forty that pages fetched later share with it
        output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } },
      },
    },
    worker: { format: 'es' },
  },
})
