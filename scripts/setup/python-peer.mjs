import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isWindows, run, say } from './run.mjs'

const FOLDER = '.cache/python-peer'
const STAMP = join(FOLDER, 'installed')
/** The peers of the interop tests, from PyPI. Pinned: a new release is a change to look at, not a surprise. */
const PACKAGES = ['netcore==0.1.3', 'pyserial==3.5', 'netconduit==5.0.0', 'mcap==1.6.0']

const pythonOf = (folder) => join(folder, isWindows ? 'Scripts/python.exe' : 'bin/python')

/**
 * A throw-away Python environment with the real Python Netcore and netconduit in it.
 *
 * @returns {Promise<{path?: string, reason?: string}>} `path` of its Python interpreter.
 */
export async function ensurePythonPeer() {
  const python = pythonOf(FOLDER)
  const wanted = PACKAGES.join(' ')
  if (existsSync(python) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted)
    return { path: python }
  const system = await findPython()
  if (!system) return { reason: 'no Python 3.10 or newer on the PATH' }
  say('making a Python environment with the real Netcore and netconduit for the interop tests (once) ...')
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  const made = await run(system, ['-m', 'venv', FOLDER], { quiet: true, timeoutMs: 120_000 })
  if (made.code !== 0) return { reason: `python -m venv failed: ${made.output.trim().split('\n').at(-1)}` }
  const installed = await run(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES],
    { quiet: true, timeoutMs: 240_000 },
  )
  if (installed.code !== 0)
    return { reason: `pip install failed: ${installed.output.trim().split('\n').at(-1)}` }
  writeFileSync(STAMP, wanted)
  return { path: python }
}

async function findPython() {
  for (const name of ['python3', 'python']) {
    const check = 'import sys, venv; sys.exit(0 if sys.version_info >= (3, 10) else 1)'
    const { code } = await run(name, ['-c', check], { quiet: true, timeoutMs: 20_000 })
    if (code === 0) return name
  }
  return undefined
}
