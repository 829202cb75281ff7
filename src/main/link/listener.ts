import { asConsoleError, type ConsoleError } from '../../shared/errors'
import { formatLinkUrl, isListening, type LinkAddress, parseLinkUrl } from '../../shared/model/link-url'
import type { LinkPhase, TraceObserver } from '../../shared/model/trace'
import type { Connection, ConnectionHandlers, Listener, ListeningTransport } from '../transport/transport'
import { dialectNamed, passwordKeeper } from '../netcore/dialects'
import type { PasswordKeeper, SessionOptions } from '../netcore/pipe/pipe'
import { Broker } from './broker/broker'
import { Link } from './link'
import type { LinkOptions } from './link-options'
import { NO_RECONNECT } from './link-machine'
import { nodeCrypto } from './node-crypto'

export type CommonLinkOptions = Pick<
  LinkOptions,
  'clock' | 'random' | 'answersErrors' | 'limits' | 'store' | 'isLocked'
>

export interface PeerListenerOptions {
  readonly id: number
  readonly address: LinkAddress
  readonly transport: ListeningTransport
  /** For the links of all peers. */
  readonly common: CommonLinkOptions
  /** Who may come in. A broker asks it too. */
  readonly admit?: NonNullable<SessionOptions['admit']>
  readonly onTrace: TraceObserver
  readonly maxPeers?: number
  /** Id for the link of the next peer. */
  readonly nextId: () => number
  /** A peer came. Routes are set here, before its first byte is decoded. */
  readonly onPeer: (link: Link) => void
  /** The link of a peer closed and will not open again. */
  readonly onPeerGone: (link: Link) => void
}

/** Peers of one listener at the same time; one more is hung up on, and that is traced. */
const MAX_PEERS = 256

/** Waits for peers; each becomes a link of its own, which ends when the peer goes. */
export class PeerListener {
  readonly id: number
  readonly #options: PeerListenerOptions
  readonly #peers = new Map<number, Link>()
  /** One for all peers: whoever comes anew does not find fresh attempts. */
  readonly #keeper: PasswordKeeper | undefined
  /** Passes on what the peers say to each other. */
  readonly #broker: Broker | undefined
  #address: LinkAddress
  #phase: LinkPhase = 'idle'
  #phaseSinceMs: number
  #problem: ConsoleError | null = null
  #listener: Listener | undefined
  #opening: Promise<void> | undefined
  #isClosing = false

  constructor(options: PeerListenerOptions) {
    this.id = options.id
    this.#options = options
    this.#address = options.address
    const { password, dialect } = options.address
    if (password !== undefined && dialectNamed(dialect).traits.hasPasswords) {
      this.#keeper = passwordKeeper(password, nodeCrypto)
    }
    if (options.address.isBroker === true) this.#broker = new Broker()
    this.#phaseSinceMs = options.common.clock.nowMs()
  }

  /** Where it listens: with the real port once it does. */
  get address(): LinkAddress {
    return this.#address
  }

  get phase(): LinkPhase {
    return this.#phase
  }

  get phaseSinceMs(): number {
    return this.#phaseSinceMs
  }

  get problem(): ConsoleError | null {
    return this.#problem
  }

  /** Links of the peers that are connected now. */
  get peers(): readonly Link[] {
    return [...this.#peers.values()]
  }

  /**
   * Resolves when peers can come. Harmless when it listens already.
   *
   * @throws ConsoleError `LINK_ADDRESS_IN_USE`, `LINK_ADDRESS_FORBIDDEN` and what else the transport says.
   */
  open(): Promise<void> {
    this.#opening ??= this.#open()
    return this.#opening
  }

  /** Stops listening and closes the links of all peers. Never rejects. */
  async close(): Promise<void> {
    this.#isClosing = true
    await this.#opening?.catch(() => {}) // it was told to whoever opened
    const listener = this.#listener
    this.#listener = undefined
    await Promise.all(this.peers.map((peer) => peer.close()))
    await listener?.close()
    this.#opening = undefined
    this.#isClosing = false
    if (this.#phase !== 'closed') this.#enter('closed', '')
  }

  async #open(): Promise<void> {
    this.#problem = null
    this.#enter('opening', '')
    try {
      this.#listener = await this.#options.transport.listen(
        (connection) => this.#accept(connection),
        ({ code, message: detail }) => this.#trace({ phase: this.#phase, code, detail }),
      )
    } catch (error) {
      this.#problem = asConsoleError(error)
      this.#opening = undefined
      this.#enter('closed', this.#problem.message)
      throw this.#problem
    }
    this.#address = withRealPort(this.#options.address, this.#listener.url)
    this.#enter('listening', '')
  }

  #accept(connection: Connection): ConnectionHandlers {
    const { common, onTrace, nextId, admit } = this.#options
    const maxPeers = this.#options.maxPeers ?? this.#address.mostPeers ?? MAX_PEERS
    if (this.#isClosing || this.#peers.size >= maxPeers) return this.#refuse(connection, maxPeers)
    const seat = this.#broker?.seat()
    const link: Link = new Link({
      id: nextId(),
      address: { ...this.#address, name: connection.peerName },
      transport: null,
      ...common,
      isListenOnly: this.#address.isListenOnly === true || (common.isLocked?.() ?? false),
      session: {
        role: 'device',
        ...(this.#keeper && { keeper: this.#keeper, crypto: nodeCrypto }),
        ...(admit && { admit }),
        ...(seat && {
          admit: (asked) => {
            seat.learnName(asked)
            return admit?.(asked) ?? true
          },
        }),
      },
      reconnect: NO_RECONNECT,
      ...(connection.lineRate && { lineRate: connection.lineRate }),
      onTrace: (event) => {
        onTrace(event)
        if (event.type === 'link-state' && event.phase === 'closed') this.#gone(link)
      },
    })
    this.#peers.set(link.id, link)
    this.#options.onPeer(link)
    seat?.attach(link)
    return link.accept(connection)
  }

  #refuse(connection: Connection, maxPeers: number): ConnectionHandlers {
    const detail = `${connection.peerName} was refused: ${maxPeers} peers are connected`
    this.#trace({ phase: this.#phase, code: 'PEERS_TOO_MANY', detail })
    void connection.close()
    return { onBytes: () => {}, onWritable: () => {}, onClosed: () => {} }
  }

  #gone(link: Link): void {
    if (this.#peers.delete(link.id)) this.#options.onPeerGone(link)
  }

  #enter(phase: LinkPhase, detail: string): void {
    this.#phase = phase
    this.#phaseSinceMs = this.#options.common.clock.nowMs()
    this.#trace({ phase, code: this.#problem?.code ?? null, detail })
  }

  #trace(state: { phase: LinkPhase; code: ConsoleError['code'] | null; detail: string }): void {
    this.#options.onTrace({
      type: 'link-state',
      linkId: this.id,
      atMs: this.#options.common.clock.nowMs(),
      url: this.#address.text,
      ...state,
    })
  }
}

/** The same address with the port that the system chose. */
export function withRealPort(address: LinkAddress, realUrl: string): LinkAddress {
  const scheme = `${address.scheme}:`
  if (!isListening(address) || !realUrl.startsWith(scheme)) return address
  const real = parseLinkUrl(realUrl)
  if (!isListening(real)) return address
  const resolved = { ...address, port: real.port }
  return { ...resolved, text: formatLinkUrl(resolved) }
}
