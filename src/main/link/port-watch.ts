import { realpath } from 'node:fs/promises'
import type { Clock } from '../../shared/model/clock'
import type { PortInfo } from '../../shared/model/views'
import { Alarm } from './alarm'
import type { PortDirectory } from './device-follower'

export const PORTS_POLL_MS = 500
/** A port that went is still listed this long, as gone, so that a person sees what happened. */
export const GONE_SHOWN_MS = 10_000
const MAX_GONE = 16

export interface PortWatchOptions {
  readonly clock: Clock
  /** Asks the system. Never rejects. */
  readonly list: () => Promise<readonly PortInfo[]>
  /** What another name of a path leads to; default: asks the file system. Rejects when there is nothing. */
  readonly realPath?: (path: string) => Promise<string>
}

interface Seen {
  readonly identity: string
  readonly appearedMs: number | null
}

/** Looks which ports there are, every half second while somebody watches, and knows which of them are new. */
export class PortWatch implements PortDirectory {
  readonly #clock: Clock
  readonly #list: PortWatchOptions['list']
  readonly #realPath: (path: string) => Promise<string>
  readonly #alarm: Alarm
  readonly #listeners = new Set<() => void>()
  /** By path. */
  #seen: Map<string, Seen> | undefined
  #present: readonly PortInfo[] = []
  #gone: { readonly port: PortInfo; readonly untilMs: number }[] = []
  #shown = ''
  #turn = 0

  constructor({ clock, list, realPath = realpath }: PortWatchOptions) {
    this.#clock = clock
    this.#list = list
    this.#realPath = realPath
    this.#alarm = new Alarm(clock)
  }

  /** As last seen, ports that went a moment ago at the end; undefined before the first look. */
  get current(): readonly PortInfo[] | undefined {
    if (this.#seen === undefined) return undefined
    return [...this.#present, ...this.#gone.map(({ port }) => port)]
  }

  async ports(): Promise<readonly PortInfo[]> {
    this.#take(await this.#list())
    return this.#present
  }

  async portAt(path: string, ports: readonly PortInfo[]): Promise<PortInfo | undefined> {
    const exact = ports.find((port) => port.path === path)
    if (exact !== undefined) return exact
    const target = await this.#realPath(path).catch(() => undefined)
    return ports.find((port) => port.path === target)
  }

  watch(listener: () => void): () => void {
    const own = (): void => listener()
    this.#listeners.add(own)
    if (this.#listeners.size === 1) void this.#look()
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size > 0) return
      this.#turn += 1
      this.#alarm.cancel()
    }
  }

  async #look(): Promise<void> {
    const turn = ++this.#turn
    const ports = await this.#list()
    if (turn !== this.#turn) return
    this.#take(ports)
    this.#alarm.set(this.#clock.nowMs() + PORTS_POLL_MS, () => void this.#look())
  }

  #take(listed: readonly PortInfo[]): void {
    const nowMs = this.#clock.nowMs()
    const before = this.#seen
    const wereThere = this.#present
    this.#seen = new Map()
    this.#present = listed.map((port) => {
      const known = before?.get(port.path)
      const isNew = before !== undefined && known?.identity !== port.identity
      const appearedMs = isNew ? nowMs : (known?.appearedMs ?? null)
      this.#seen!.set(port.path, { identity: port.identity, appearedMs })
      return { ...port, appearedMs }
    })
    const isThere = (port: PortInfo): boolean => this.#seen?.get(port.path)?.identity === port.identity
    const went = wereThere.filter((port) => !isThere(port))
    this.#gone = [
      ...this.#gone.filter(({ port, untilMs }) => untilMs > nowMs && !this.#seen?.has(port.path)),
      ...went
        .filter((port) => !this.#seen?.has(port.path))
        .map((port) => ({ port: asGone(port), untilMs: nowMs + GONE_SHOWN_MS })),
    ].slice(-MAX_GONE)
    this.#tellIfChanged()
  }

  #tellIfChanged(): void {
    const shown = JSON.stringify(this.current)
    if (shown === this.#shown) return
    this.#shown = shown
    for (const listener of [...this.#listeners]) listener()
  }
}

const asGone = (port: PortInfo): PortInfo => ({
  ...port,
  problem: {
    code: 'PORT_MISSING',
    message: `${port.title} was unplugged`,
    remedy: 'Plug it in again; it is found under any port.',
    holder: null,
    group: '',
    command: '',
  },
})
