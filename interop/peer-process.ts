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

/** A program of another library in a process of its own, driven and watched by JSON lines. */
export class PeerProcess {
  readonly events: PeerEvent[] = []
  readonly #child: ChildProcess
  readonly #waiters = new Set<Waiter>()
  #errors = ''
  readonly #exited: Promise<void>

  constructor(program: string, args: readonly string[]) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    createInterface({ input: this.#child.stdout! }).on('line', (line) =>
      this.#take(JSON.parse(line) as PeerEvent),
    )
    this.#child.stderr!.on('data', (data: Buffer) => (this.#errors += data.toString()))
    this.#exited = new Promise((resolve) => {
      const end = (why: string): void => {
        for (const waiter of this.#waiters) waiter.reject(new Error(`the peer ended: ${why}`))
        this.#waiters.clear()
        resolve()
      }
      this.#child.once('close', () => end(this.#errors))
      this.#child.once('error', (error) => end(error.message))
    })
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
