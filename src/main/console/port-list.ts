import type { PortInfo } from '../../shared/model/views'
import { type LinkAddress, parseLinkUrl } from '../../shared/model/link-url'
import type { PortWatch } from '../link/port-watch'
import type { Recents } from './recents'

/** The ports as an operator sees them: with when they showed up, and when they were last used. */
export class PortList {
  readonly #watch: PortWatch
  readonly #recents: Recents

  constructor(watch: PortWatch, recents: Recents) {
    this.#watch = watch
    this.#recents = recents
  }

  /** Asks the system anew. */
  async list(): Promise<PortInfo[]> {
    await this.#recents.list()
    await this.#watch.ports()
    return this.current ?? []
  }

  /** As last seen; undefined before the first look. */
  get current(): PortInfo[] | undefined {
    const lastUsed = new Map<string, string>()
    for (const { url, lastUsedIso } of this.#recents.current) {
      const address = serialAddress(url)
      // Latest first: the first one counts.
      if (address !== undefined && !lastUsed.has(address.path)) lastUsed.set(address.path, lastUsedIso)
    }
    return this.#watch.current?.map((port) => ({ ...port, lastUsedIso: lastUsed.get(port.path) ?? null }))
  }

  /** Calls `listener` when something about the ports changed; the system is asked as long as anybody listens. */
  onChange(listener: () => void): () => void {
    return this.#watch.watch(listener)
  }
}

/** A file of recent links may hold what an older or newer version wrote. */
function serialAddress(url: string): Extract<LinkAddress, { scheme: 'serial' }> | undefined {
  try {
    const address = parseLinkUrl(url)
    return address.scheme === 'serial' ? address : undefined
  } catch {
    return undefined
  }
}
