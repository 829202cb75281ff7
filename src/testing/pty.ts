import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Readable, Writable } from 'node:stream'

/** A serial port that needs no hardware: what is written to `path` comes out of `output`, and the other way round. */
export interface Pty {
  readonly path: string
  readonly input: Writable
  readonly output: Readable
  /** The device is pulled out: the path goes, readers are told. Resolves when it is gone. */
  unplug(): Promise<void>
}

/** A cable: two serial ports joined to each other. */
export interface PtyPair {
  readonly pathA: string
  readonly pathB: string
  unplug(): Promise<void>
  close(): Promise<void>
}

const BRIDGE = fileURLToPath(new URL('./pty-bridge.mjs', import.meta.url))

interface Bridge {
  readonly child: ChildProcess
  readonly paths: readonly string[]
  readonly end: () => Promise<void>
}

/** Starts the child process that holds the terminals; its end is the unplugging. */
async function startBridge(kind: 'single' | 'pair'): Promise<Bridge> {
  const child = fork(BRIDGE, [kind], { stdio: ['pipe', 'pipe', 'inherit', 'ipc'], execArgv: [] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const { paths } = await new Promise<{ paths: string[] }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { paths: string[] }))
    child.once('exit', (code) => reject(new Error(`the pseudo-terminal process ended with ${String(code)}`)))
  })
  return {
    child,
    paths,
    end: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Opens a pseudo-terminal whose other end is in the test's hands. POSIX only. */
export async function openPty(): Promise<Pty> {
  const { child, paths, end } = await startBridge('single')
  return { path: paths[0]!, input: child.stdin!, output: child.stdout!, unplug: end }
}

/** Opens two pseudo-terminals joined like the ends of a null-modem cable. POSIX only. */
export async function openPtyPair(): Promise<PtyPair> {
  const { paths, end } = await startBridge('pair')
  return { pathA: paths[0]!, pathB: paths[1]!, unplug: end, close: end }
}
