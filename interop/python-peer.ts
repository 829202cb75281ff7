import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface PeerEvent {
  readonly event: string
  readonly [field: string]: unknown
}

interface Waiter {
  readonly matches: (event: PeerEvent) => boolean
  readonly resolve: (event: PeerEvent) => void
  readonly reject: (error: Error) => void
}

/** The real Python library in a process of its own (interop/python), driven and watched by JSON lines. */
export class PythonPeer {
  readonly events: PeerEvent[] = []
  readonly #child: ChildProcess
  readonly #waiters = new Set<Waiter>()
  #errors = ''
  readonly #exited: Promise<void>

  private constructor(args: readonly string[], script = 'interop/python/peer.py') {
    const python = process.env['PYTHON_PEER']
    if (python === undefined)
      throw new Error('PYTHON_PEER is not set: run these tests with "npm run test:interop"')
    this.#child = spawn(python, [script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    createInterface({ input: this.#child.stdout! }).on('line', (line) =>
      this.#take(JSON.parse(line) as PeerEvent),
    )
    this.#child.stderr!.on('data', (data: Buffer) => (this.#errors += data.toString()))
    this.#exited = new Promise((resolve) => {
      this.#child.once('close', () => {
        for (const waiter of this.#waiters) waiter.reject(new Error(`the Python peer ended: ${this.#errors}`))
        this.#waiters.clear()
        resolve()
      })
    })
  }

  /** Starts a peer that waits for one TCP connection, and gives the port it listens on. */
  static async listening(
    workers = 4,
    routes: 'demo' | 'steps' = 'demo',
  ): Promise<{ peer: PythonPeer; port: number }> {
    const options = ['--workers', String(workers), '--routes', routes]
    const peer = new PythonPeer(['--tcp-listen', '127.0.0.1:0', ...options])
    const { port } = await peer.next('listening')
    return { peer, port: port as number }
  }

  /** Starts a peer that connects to our listener. */
  static connecting(port: number): PythonPeer {
    return new PythonPeer(['--tcp', `127.0.0.1:${port}`])
  }

  /** Starts a peer on a serial line and waits until it has opened it. */
  static async serial(path: string): Promise<PythonPeer> {
    const peer = new PythonPeer(['--serial', path])
    await peer.next('connected')
    return peer
  }

  /** A program built on the real netconduit, see interop/python/netconduit_peer.py. */
  static netconduit(...args: readonly string[]): PythonPeer {
    return new PythonPeer(args, 'interop/python/netconduit_peer.py')
  }

  command(command: { readonly cmd: string; readonly [field: string]: unknown }): void {
    this.#child.stdin!.write(`${JSON.stringify(command)}\n`)
  }

  /** The first event, past or future, of this name for which `matches` holds. */
  next(name: string, matches: (event: PeerEvent) => boolean = () => true): Promise<PeerEvent> {
    const wanted = (event: PeerEvent): boolean => event.event === name && matches(event)
    const seen = this.events.find(wanted)
    if (seen) return Promise.resolve(seen)
    return new Promise((resolve, reject) => this.#waiters.add({ matches: wanted, resolve, reject }))
  }

  /** Ends the process the hard way: as a device loses power. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#exited
  }

  #take(event: PeerEvent): void {
    this.events.push(event)
    for (const waiter of this.#waiters) {
      if (!waiter.matches(event)) continue
      this.#waiters.delete(waiter)
      waiter.resolve(event)
    }
  }
}
