// npm run bench: builds the benchmark and runs it; results go to bench/results.md, progress to stderr.
// For a look without writing: `npm run bench -- --quick`, `npm run bench -- --only line,wire`; also `--rounds 3`.
// `npm run bench -- --only libraries` measures netconduit and Socket.D beside the real libraries and writes that section.
import { ensureDependencies } from './setup/dependencies.mjs'
import { requireNodeVersion } from './setup/node-version.mjs'
import { ensurePythonPeer } from './setup/python-peer.mjs'
import { run, say, tool } from './setup/run.mjs'
import { socketdPeers } from './setup/socketd-peer.mjs'

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
const args = process.argv.slice(2)
const only = args[args.indexOf('--only') + 1]
const env = args.includes('--only') && !only?.includes('libraries') ? {} : await libraries()
const { code } = await run(process.execPath, ['.cache/bench/run.js', ...args], { env })
process.exit(code)

/** The real libraries that are measured beside our side of their protocols. */
async function libraries() {
  const python = await ensurePythonPeer()
  return {
    ...(python.path ? { PYTHON_PEER: python.path } : { PYTHON_PEER_MISSING: python.reason }),
    ...(await socketdPeers(python.path)),
  }
}
