// npm run bench:ui: builds the program and measures its screen in Chromium; figures go to bench/results.md.
// For a look without writing: `npm run bench:ui -- --only B --rounds 1` (start, A, B, C, U1, large, idle, million).
import { ensureBuild } from './setup/build.mjs'
import { ensureChromium } from './setup/chromium.mjs'
import { ensureDependencies } from './setup/dependencies.mjs'
import { requireNodeVersion } from './setup/node-version.mjs'
import { run, say, tool } from './setup/run.mjs'

requireNodeVersion()
await ensureDependencies()
if (!(await ensureBuild())) process.exit(1)
const chromium = await ensureChromium()
if (!chromium.path) {
  say(`Chromium is missing: ${chromium.reason}`)
  process.exit(1)
}
const config = ['build', '--config', 'bench/ui/vite.config.ts', '--logLevel', 'warn']
const built = await tool('vite/bin/vite.js', config)
if (built.code !== 0) process.exit(1)
const { code } = await run(process.execPath, ['.bench-ui/run.js', ...process.argv.slice(2)], {
  env: { CHROMIUM_PATH: chromium.path },
})
process.exit(code)
