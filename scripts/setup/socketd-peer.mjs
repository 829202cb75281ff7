import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { isWindows, run, say } from './run.mjs'

const SOURCES = 'interop/java'
const FOLDER = '.cache/socketd-peer'
const STAMP = join(FOLDER, 'built')
/** `java -cp CLASS_PATH Peer ...`, from the folder of the project. */
const CLASS_PATH = [join(FOLDER, 'classes'), join(FOLDER, 'lib', '*')].join(delimiter)
const LEAST_JAVA = 11

/** As in interop/java/pom.xml: pinned for the same reason. Its own requirements name the exact `websockets` it runs with. */
const PYTHON_PACKAGE = 'socket.d==2.5.20'

/**
 * The real Socket.D as a program of its own: the Java library over TCP, WebSocket and UDP, built from interop/java.
 *
 * @returns {Promise<{path?: string, reason?: string}>} `path` is the class path.
 */
export async function ensureSocketdJava() {
  const sources = readdirSync(SOURCES).sort()
  const digest = createHash('sha256')
  for (const name of sources) digest.update(name).update(readFileSync(join(SOURCES, name)))
  const wanted = digest.digest('hex')
  const java = await run('java', ['-version'], { quiet: true, timeoutMs: 20_000 })
  if (java.code !== 0) return { reason: 'no Java on the PATH' }
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return { path: CLASS_PATH }
  const javac = await run('javac', ['-version'], { quiet: true, timeoutMs: 20_000 })
  if (javac.code !== 0) return { reason: 'no Java compiler (javac) on the PATH' }
  const version = Number(/javac (\d+)/.exec(javac.output)?.[1] ?? 0)
  if (version < LEAST_JAVA) return { reason: `Java ${version} is too old, ${LEAST_JAVA} or newer is needed` }
  say('building the real Socket.D in Java for the interop tests (once) ...')
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  const fetched = await fetchLibraries()
  if (fetched !== undefined) return { reason: fetched }
  const compiled = await run(
    'javac',
    [
      ...['--release', String(LEAST_JAVA), '-encoding', 'UTF-8', '-cp', join(FOLDER, 'lib', '*')],
      ...['-d', join(FOLDER, 'classes')],
      ...sources.filter((name) => name.endsWith('.java')).map((name) => join(SOURCES, name)),
    ],
    { quiet: true, timeoutMs: 120_000 },
  )
  if (compiled.code !== 0) return { reason: `javac failed: ${firstError(compiled.output)}` }
  writeFileSync(STAMP, wanted)
  return { path: CLASS_PATH }
}

/** From what Maven already has on this machine if that is enough, else from the network. @returns why it failed */
async function fetchLibraries() {
  const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(process.cwd(), FOLDER, 'lib')}`]
  let output = ''
  for (const offline of [['--offline'], []]) {
    const options = { quiet: true, timeoutMs: 180_000 }
    const args = ['--batch-mode', '--quiet', ...offline, '--file', join(SOURCES, 'pom.xml'), ...goal]
    const maven = await run(isWindows ? 'mvn.cmd' : 'mvn', args, options)
    if (maven.code === 0) return undefined
    if (maven.code === 127) return 'no Maven (mvn) on the PATH'
    output = maven.timedOut ? 'it took more than three minutes' : maven.output
  }
  return `Maven could not fetch Socket.D: ${firstError(output)}`
}

/** One line; without the colours that Maven sends to a file too. */
const firstError = (output) => {
  const lines = output.replaceAll(/\u001b\[[0-9;]*m/g, '').split('\n')
  return (lines.find((line) => /error/i.test(line)) ?? lines[0] ?? '').trim().slice(0, 200)
}

/**
 * The real Socket.D for Python, which speaks over WebSocket, installed beside the other Python peers.
 *
 * @param {string | undefined} python - The interpreter of that environment, absent where there is none.
 * @returns {Promise<{path?: string, reason?: string}>} `path` of the interpreter.
 */
export async function ensureSocketdPython(python) {
  if (python === undefined) return { reason: 'there is no Python environment' }
  const stamp = join(dirname(dirname(python)), 'socketd-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === PYTHON_PACKAGE) return { path: python }
  say('installing the real Socket.D for Python for the interop tests (once) ...')
  const installed = await run(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', PYTHON_PACKAGE],
    { quiet: true, timeoutMs: 180_000 },
  )
  if (installed.code !== 0)
    return { reason: `pip install failed: ${installed.output.trim().split('\n').at(-1)}` }
  writeFileSync(stamp, PYTHON_PACKAGE)
  return { path: python }
}

/**
 * What the tests are told of both, by environment variables: where a peer is, or why it is not.
 *
 * @param {string | undefined} python - As above.
 */
export async function socketdPeers(python) {
  const java = await ensureSocketdJava()
  const inPython = await ensureSocketdPython(python)
  return {
    ...(java.path ? { SOCKETD_JAVA: java.path } : { SOCKETD_JAVA_MISSING: java.reason }),
    ...(inPython.path ? { SOCKETD_PYTHON: inPython.path } : { SOCKETD_PYTHON_MISSING: inPython.reason }),
  }
}
