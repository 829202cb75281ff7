// npm run bench: builds the benchmark and runs it; results go to bench/results.md, progress to stderr.
// For a look without writing: `npm run bench -- --quick`, `npm run bench -- --only line,wire`; also `--rounds 3`.
import { ensureDependencies } from './setup/dependencies.mjs'
import { requireNodeVersion } from './setup/node-version.mjs'
import { run, say, tool } from './setup/run.mjs'

requireNodeVersion()
await ensureDependencies()
say('building the benchmark ...')
const built = await tool('vite/bin/vite.js', [
  'build',
  '--config',
  'bench/vite.config.ts',
  '--logLevel',
  'warn',
])
if (built.code !== 0) process.exit(1)
const { code } = await run(process.execPath, ['.cache/bench/run.js', ...process.argv.slice(2)])
process.exit(code)
