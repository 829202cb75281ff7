// npm run soak: builds the long tests and runs them; figures go to bench/results.md.
// `npm run soak -- --only NAME --scale 0.01` for a try that writes nothing.
import { ensureDependencies } from './setup/dependencies.mjs'
import { requireNodeVersion } from './setup/node-version.mjs'
import { ensurePythonPeer } from './setup/python-peer.mjs'
import { run, say, tool } from './setup/run.mjs'

requireNodeVersion()
await ensureDependencies()
say('building the long tests ...')
const built = await tool('vite/bin/vite.js', [
  'build',
  '--config',
  'soak/vite.config.ts',
  '--logLevel',
  'warn',
])
if (built.code !== 0) process.exit(1)
const python = await ensurePythonPeer()
if (!python.path) {
  say(`the Python peer is missing: ${python.reason}`)
  process.exit(1)
}
const { code } = await run(process.execPath, ['.cache/soak/run.js', ...process.argv.slice(2)], {
  env: { PYTHON_PEER: python.path },
})
process.exit(code)
