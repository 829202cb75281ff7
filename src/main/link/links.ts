import { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import { type LinkAddress, parseLinkUrl } from '../../shared/model/link-url'
import type { FrameEvent, LinkPhase, TraceEvent, TraceObserver } from '../../shared/model/trace'
import type { RandomSource } from '../netcore/dialects/dialect'
import { LARGEST_MESSAGE_BYTES, type StackLimits } from '../netcore/pipe/limits'
import type { MessageStore } from '../netcore/pipe/message-body'
import type { SessionOptions } from '../netcore/pipe/pipe'
import type { ListeningTransport, Transport } from '../transport/transport'
import { DeviceFollower, type PortDirectory } from './device-follower'
import { Link } from './link'
import type { ReconnectPolicy } from './link-machine'
import { type CommonLinkOptions, PeerListener } from './listener'

export interface LinksOptions {
  readonly clock: Clock
  readonly random: RandomSource
  /** Makes the transport of an address. @throws ConsoleError, e.g. `DEVICE_UNKNOWN`. */
  readonly transportFor: (address: LinkAddress) => Transport | ListeningTransport
  /** First observer of the trace; more by `observe`. */
  readonly onTrace?: TraceObserver
  /** Each link as it is made, own or of a peer, before its first byte: the place to set routes. */
  readonly onLink?: (link: Link) => void
  readonly reconnect?: Partial<ReconnectPolicy>
  /** Default: true. A mere observer of the line answers nothing. */
  readonly answersErrors?: boolean
  /** Where large bodies gather; messages may be 2 GiB then. Default: memory, and 256 MiB. */
  readonly store?: MessageStore
  readonly limits?: Partial<StackLimits>
  /** Which ports there are. With it, serial links follow their device instead of their path. */
  readonly directory?: PortDirectory
}

/** What one link has for itself instead of what all have in common. */
export interface OwnParts {
  /** Draws the ids of its messages: with a seed they are the same each time. */
  readonly random?: RandomSource
  /** A time and a line of its own; it is not opened again by itself. */
  readonly world?: LinkWorld
  /** Who may come in to a listener, in dialects where a client says what it wants; see `SessionOptions`. */
  readonly admit?: NonNullable<SessionOptions['admit']>
}

export interface LinkWorld {
  readonly clock: Clock
  readonly transport: Transport
  /** Its time in that of the session: the trace has the one time. */
  toSessionMs(atMs: number): number
}

/** What a link and a listener have in common. */
export interface LinkHandle {
  readonly linkId: number
  readonly address: LinkAddress
  readonly phase: LinkPhase
  readonly phaseSinceMs: number
  readonly problem: ConsoleError | null
  /** The link itself; null for a listener. */
  readonly link: Link | null
  /** The listener; null for a link. */
  readonly listener: PeerListener | null
  /** Id of the listener that a peer came to, for the link of a peer; else null. */
  readonly parentId: number | null
}

/** Links and listeners, the peers' links among them, that are listed at the same time. */
const MAX_LINKS = 1024

/** All links of a session: one clock, one stream of trace events, ids from 1 that are never used again. */
export class Links {
  readonly clock: Clock
  readonly #options: LinksOptions
  readonly #entries = new Map<number, Entry>()
  readonly #observers = new Set<TraceObserver>()
  readonly #greeters = new Set<(link: Link) => void>()
  #lastId = 0
  #isLocked = false
  readonly #lockListeners = new Set<() => void>()

  constructor(options: LinksOptions) {
    this.clock = options.clock
    this.#options = options
    if (options.onTrace) this.#observers.add(options.onTrace)
  }

  /**
   * Makes a link (or a listener) and begins to open it. Its way is told by the trace; a failure to open closes it and
   * stays as its `problem`.
   *
   * @throws ConsoleError `URL_INVALID`, `URL_UNKNOWN_SCHEME`, `URL_BAD_OPTION`, `DIALECT_UNKNOWN`, `CHUNK_SIZE_RANGE`,
   *   `DEVICE_UNKNOWN` or `LINKS_TOO_MANY`: then there is no link.
   * @param own - What this one, or the links of the peers of this listener, have for themselves.
   */
  openLink(url: string | LinkAddress, own: OwnParts = {}): LinkHandle {
    const address = typeof url === 'string' ? parseLinkUrl(url) : url
    this.#needRoom()
    const transport = own.world?.transport ?? this.#options.transportFor(address)
    const entry =
      'listen' in transport
        ? this.#makeListener(address, transport, own)
        : this.#makeLink(address, transport, own)
    this.#entries.set(entry.linkId, entry)
    if (entry.link) {
      this.#greet(entry.link)
      entry.link.open()
    } else entry.listener?.open().catch(() => {}) // told by the trace and by `problem`
    return entry
  }

  /** Listen only: while it is on, nothing that anybody starts leaves on any link. */
  /** Where large bodies gather; undefined: in memory, as all others. */
  get store(): MessageStore | undefined {
    return this.#options.store
  }

  get isLocked(): boolean {
    return this.#isLocked
  }

  /**
   * Locks or unlocks all links. What was taken for sending before still leaves, and so do the words of a dialect on a
   * connection that stands (acknowledgements, pings). A connection that begins under the lock stays silent as a whole; if
   * it is one of a link that was made before, it begins anew when the lock goes.
   */
  setLocked(isLocked: boolean): void {
    this.#isLocked = isLocked
    for (const listener of [...this.#lockListeners]) listener()
    if (isLocked) return
    for (const { link } of this.#entries.values()) {
      if (link !== null && link.isListenOnly && !link.isPassive && !link.isOfListener) link.reopen()
    }
  }

  /** Whether a link to this address would be made to take no part now. */
  isPassiveNow(address: LinkAddress): boolean {
    return this.#isLocked || address.isListenOnly === true
  }

  /** All in the order they were made. Links of peers are listed while their peer is connected. */
  all(): readonly LinkHandle[] {
    return [...this.#entries.values()]
  }

  /** @throws ConsoleError `LINK_UNKNOWN`. */
  get(linkId: number): LinkHandle {
    const entry = this.#entries.get(linkId)
    if (!entry) throw new ConsoleError('LINK_UNKNOWN', `there is no link ${linkId}`, { linkId })
    return entry
  }

  /**
   * The link to send on.
   *
   * @throws ConsoleError `LINK_UNKNOWN`; `LINK_NOT_CONNECTED` for a listener: its peers have links of their own.
   */
  link(linkId: number): Link {
    const { link, address } = this.get(linkId)
    if (link) return link
    const remedy = 'Send on the link of one of its peers.'
    throw new ConsoleError('LINK_NOT_CONNECTED', `${address.text} only listens`, { linkId, remedy })
  }

  /** Closes a link or a listener (with its peers). It stays listed and can be opened again. */
  async close(linkId: number): Promise<void> {
    const { link, listener } = this.get(linkId)
    await (link ?? listener)?.close()
  }

  reopen(linkId: number): void {
    const { link, listener } = this.get(linkId)
    link?.reopen()
    void listener
      ?.close()
      .then(() => listener.open())
      .catch(() => {}) // told by the trace and by `problem`
  }

  /** Closes and forgets. */
  async remove(linkId: number): Promise<void> {
    await this.close(linkId)
    this.#entries.delete(linkId)
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((linkId) => this.close(linkId)))
  }

  /** Adds an observer of all links. Returns a function that removes it. */
  observe(observer: TraceObserver): () => void {
    this.#observers.add(observer)
    return () => {
      this.#observers.delete(observer)
    }
  }

  /**
   * Calls `greeter` for each link that is made from now on, own or of a peer, before its first byte: to set routes. Returns
   * a function that ends it.
   */
  onLink(greeter: (link: Link) => void): () => void {
    this.#greeters.add(greeter)
    return () => {
      this.#greeters.delete(greeter)
    }
  }

  /** Sets the routes of a link as when it was made: somebody else had answered on it for a while. */
  greetAgain(link: Link): void {
    this.#greet(link)
  }

  #greet(link: Link): void {
    this.#options.onLink?.(link)
    for (const greeter of this.#greeters) greeter(link)
  }

  /** Calls `listener` when the lock was set or lifted. Returns a function that removes it. */
  onLocked(listener: () => void): () => void {
    this.#lockListeners.add(listener)
    return () => {
      this.#lockListeners.delete(listener)
    }
  }

  /** What all links have in common, those of peers too. */
  get #common(): CommonLinkOptions {
    const { clock, random, answersErrors, store, limits } = this.#options
    return {
      clock,
      random,
      isLocked: () => this.#isLocked,
      ...(answersErrors !== undefined && { answersErrors }),
      ...(store && { store }),
      limits: { ...(store && { messageBytes: LARGEST_MESSAGE_BYTES }), ...limits },
    }
  }

  #needRoom(): void {
    if (this.#entries.size < MAX_LINKS) return
    throw new ConsoleError('LINKS_TOO_MANY', `${MAX_LINKS} links are open or listed`)
  }

  #nextId(): number {
    this.#lastId += 1
    return this.#lastId
  }

  #trace(event: TraceEvent): void {
    for (const observer of this.#observers) observer(event)
  }

  #makeLink(address: LinkAddress, transport: Transport, { random, world }: OwnParts): Entry {
    const device = this.#followed(address)
    const link = new Link({
      id: this.#nextId(),
      address,
      transport: device ?? transport,
      ...(device && { device }),
      isListenOnly: this.isPassiveNow(address),
      ...this.#common,
      ...(random && { random }),
      // in a time of its own nothing may tell of the one outside: the same run writes the same bytes again
      ...(world && { clock: world.clock, startedUnixMs: 0 }),
      reconnect: {
        ...this.#options.reconnect,
        ...((address.isReconnecting === false || world) && { isOn: false }),
      },
      onTrace: (event) => this.#trace(world ? inSessionTime(event, world) : event),
    })
    return new Entry(link, null, null, address, world)
  }

  #followed(address: LinkAddress): DeviceFollower | undefined {
    const { directory, transportFor } = this.#options
    if (address.scheme !== 'serial' || directory === undefined) return undefined
    return new DeviceFollower({
      path: address.path,
      directory,
      openPath: (path) => transportFor({ ...address, path }) as Transport,
    })
  }

  #makeListener(address: LinkAddress, transport: ListeningTransport, { random, admit }: OwnParts): Entry {
    const listener: PeerListener = new PeerListener({
      id: this.#nextId(),
      address,
      transport,
      common: { ...this.#common, ...(random && { random }) },
      ...(admit && { admit }),
      onTrace: (event) => this.#trace(event),
      nextId: () => this.#nextId(),
      onPeer: (link) => {
        const { name = '' } = link.address
        this.#entries.set(link.id, new Entry(link, null, listener.id, { ...listener.address, name }))
        this.#greet(link)
      },
      onPeerGone: (link) => {
        this.#entries.delete(link.id)
      },
    })
    return new Entry(null, listener, null, address)
  }
}

class Entry implements LinkHandle {
  readonly link: Link | null
  readonly listener: PeerListener | null
  readonly parentId: number | null
  readonly linkId: number
  readonly #address: LinkAddress
  readonly #world: LinkWorld | undefined

  constructor(
    link: Link | null,
    listener: PeerListener | null,
    parentId: number | null,
    address: LinkAddress,
    world?: LinkWorld,
  ) {
    this.link = link
    this.listener = listener
    this.parentId = parentId
    this.linkId = this.#it.id
    this.#address = address
    this.#world = world
  }

  /** Of a listener with the real port, once it has one. */
  get address(): LinkAddress {
    return this.listener?.address ?? this.#address
  }

  get phase(): LinkPhase {
    return this.#it.phase
  }

  get phaseSinceMs(): number {
    const atMs = this.#it.phaseSinceMs
    return this.#world?.toSessionMs(atMs) ?? atMs
  }

  get problem(): ConsoleError | null {
    return this.#it.problem
  }

  get #it(): Link | PeerListener {
    return (this.link ?? this.listener)!
  }
}

/** Changes the event itself, which was made for this: one is told for every frame. */
function inSessionTime(event: TraceEvent, world: LinkWorld): TraceEvent {
  const told = event as { -readonly [K in keyof TraceEvent]: TraceEvent[K] }
  told.atMs = world.toSessionMs(event.atMs)
  if (event.type !== 'frame') return event
  const frame = event as { -readonly [K in keyof FrameEvent]: FrameEvent[K] }
  frame.startMs = world.toSessionMs(event.startMs)
  frame.endMs = world.toSessionMs(event.endMs)
  return event
}
