import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, symlink, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** A serial port without hardware. Linux and macOS only; needs no package of the system. */
export interface Pty {
  /** What a program opens as its serial port. Stays the same over `unplug` and `replug`. */
  readonly path: string
  /** The device's side: bytes written to `path` come out here and the other way round. Another one after `replug`. */
  readonly master: Duplex
  /** The device disappears, with its path, as a USB adapter does. Resolves when it is gone. */
  unplug(): Promise<void>
  /** The device is back under the same path. */
  replug(): Promise<void>
  close(): Promise<void>
}

/** Two serial ports joined by a cable: what one program writes to `pathA` another reads from `pathB`. */
export interface PtyPair {
  readonly pathA: string
  readonly pathB: string
  unplug(): Promise<void>
  replug(): Promise<void>
  close(): Promise<void>
}

/** Opens a pseudo-terminal whose other side is a stream of this process. */
export async function openPty(): Promise<Pty> {
  const bridge = await PtyBridge.start('single', ['port'])
  return {
    path: bridge.paths[0]!,
    get master() {
      return bridge.master
    },
    unplug: () => bridge.unplug(),
    replug: () => bridge.plug(),
    close: () => bridge.close(),
  }
}

/** Opens two pseudo-terminals joined to each other, for two programs that each open a serial port. */
export async function openPtyPair(): Promise<PtyPair> {
  const bridge = await PtyBridge.start('pair', ['portA', 'portB'])
  return {
    pathA: bridge.paths[0]!,
    pathB: bridge.paths[1]!,
    unplug: () => bridge.unplug(),
    replug: () => bridge.plug(),
    close: () => bridge.close(),
  }
}

const SCRIPT = fileURLToPath(new URL('./pty-bridge.mjs', import.meta.url))

class PtyBridge {
  readonly #mode: 'single' | 'pair'
  readonly #folder: string
  readonly paths: readonly string[]
  #child: ChildProcess | undefined
  #master: Duplex | undefined

  private constructor(mode: 'single' | 'pair', folder: string, names: readonly string[]) {
    this.#mode = mode
    this.#folder = folder
    this.paths = names.map((name) => join(folder, name))
  }

  static async start(mode: 'single' | 'pair', names: readonly string[]): Promise<PtyBridge> {
    const bridge = new PtyBridge(mode, await mkdtemp(join(tmpdir(), 'netcore-pty-')), names)
    await bridge.plug()
    return bridge
  }

  get master(): Duplex {
    if (this.#master === undefined) throw new Error('the pseudo-terminal is unplugged')
    return this.#master
  }

  async plug(): Promise<void> {
    if (this.#child !== undefined) return
    const child = spawn(process.execPath, [SCRIPT, this.#mode], { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] })
    this.#child = child
    const targets = await new Promise<readonly string[]>((resolve, reject) => {
      child.once('message', (message) => resolve((message as { paths: string[] }).paths))
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`the pty bridge ended with ${code} before it was ready`)))
    })
    if (this.#mode === 'single') {
      this.#master = Duplex.from({ readable: child.stdout!, writable: child.stdin! })
      // The stream ends with the device: that is what unplugging means, not an error of the test.
      this.#master.on('error', () => undefined)
    }
    await Promise.all(targets.map((target, at) => symlink(target, this.paths[at]!)))
  }

  async unplug(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    this.#child = undefined
    await Promise.all(this.paths.map((path) => unlink(path)))
    const isOver = child.exitCode !== null || child.signalCode !== null
    const exited = isOver ? undefined : new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await exited
    this.#master?.destroy()
    this.#master = undefined
  }

  async close(): Promise<void> {
    await this.unplug()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
