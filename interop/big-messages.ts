import type { Link } from '../src/main/link/link'
import { Links } from '../src/main/link/links'
import { transportFor } from '../src/main/simulator/transport-for'
import { seededRandom } from '../src/main/transport/seeded-random'
import { SystemClock } from '../src/main/transport/system-clock'
import { formatLinkUrl, parseLinkUrl } from '../src/shared/model/link-url'

const MIB = 1024 * 1024
const SIZES = [64, 4096, MIB] as const

/** A peer that sends one message after the other to everyone who connects: small ones, and ones of 1 MiB. */
export class BigMessages {
  readonly #links: Links
  readonly #open = new Map<number, Link>()
  readonly #bodies: readonly Uint8Array[]
  #sent = 0

  constructor(seed: number) {
    const random = seededRandom(seed)
    this.#bodies = SIZES.map((bytes) => Uint8Array.from({ length: bytes }, () => random(256)))
    const clock = new SystemClock()
    this.#links = new Links({
      clock,
      random: seededRandom(seed + 1),
      transportFor: (address) => transportFor(address, clock),
      reconnect: { isOn: false },
      onLink: (link) => this.#open.set(link.id, link),
      onTrace: (event) => {
        const link = this.#open.get(event.linkId)
        if (link === undefined) return
        const isUp = event.type === 'link-state' && event.phase === 'connected'
        const isSent = event.type === 'message-closed' && event.dir === 'out'
        if (isUp || isSent) setImmediate(() => this.#sendTo(link)) // others have their turn
      },
    })
  }

  /** Where to connect to. */
  async listen(): Promise<string> {
    const { listener } = this.#links.openLink(parseLinkUrl('tcp-listen://127.0.0.1:0'))
    if (listener === null) throw new Error('no listener')
    await listener.open()
    return formatLinkUrl(listener.address).replace('tcp-listen:', 'tcp:')
  }

  close(): Promise<void> {
    return this.#links.closeAll()
  }

  #sendTo(link: Link): void {
    if (link.phase !== 'connected') return
    link.send({ route: 'big', kind: 'event', body: this.#bodies[this.#sent++ % SIZES.length]! })
  }
}
