import { ConsoleError } from '../../shared/errors'
import type { Clock } from '../../shared/model/clock'
import type { LineRate } from '../../shared/model/line-rate'
import { CLOSED_BY_US, ConnectionEnd } from './connection-end'
import type { LineCounts, LineFaultPlan } from './line-faults'
import { LineWire } from './line-wire'
import { openCancelled } from './open-abort'
import { seededRandom } from './seeded-random'
import type { Connection, ConnectionHandlers, Transport } from './transport'

export interface LineOptions {
  readonly clock: Clock
  readonly rate: LineRate
  /** What the ports take the rate for: a line whose clock is off. Default: the truth. */
  readonly claimedRate?: LineRate
  /** Seed of every fault; the same seed hits the same bytes. Default 1. */
  readonly seed?: number
  /** Size of the driver's FIFO in front of each wire. Default 4096, as Linux has it. */
  readonly fifoBytes?: number
  /** `canWrite` turns false when this many bytes wait in front of the FIFO. Default 4096. */
  readonly highWaterBytes?: number
  /** The receiver hands over a read when it has gathered this many bytes (default 64, a USB packet) … */
  readonly readBytes?: number
  /** … or when this time has passed since the first of them (default 1 ms, a USB frame; FTDI chips: 16). */
  readonly readLatencyMs?: number
  /** Faults of both directions; each draws its own. */
  readonly faults?: LineFaultPlan
  /** Replaces `faults` for one direction. */
  readonly nearToFarFaults?: LineFaultPlan
  readonly farToNearFaults?: LineFaultPlan
  /** What the near side calls the far one, and the other way round. */
  readonly farName?: string
  readonly nearName?: string
}

/** A serial cable with a port at each end. Each port can be open once at a time, and opened again after closing. */
export interface SimulatedLine {
  /** @throws ConsoleError `PORT_MISSING` while unplugged, `PORT_BUSY` while open, `LINK_OPEN_CANCELLED`. */
  readonly near: Transport
  readonly far: Transport
  readonly isPlugged: boolean
  /** Pulls the cable: whole bytes that have arrived are delivered, then both sides end as `lost` (`PORT_LOST`). */
  unplug(): void
  /** Puts the cable back. The ports have to be opened again. */
  replug(): void
  readonly counts: { readonly nearToFar: Readonly<LineCounts>; readonly farToNear: Readonly<LineCounts> }
}

/**
 * Makes a simulated serial line. Both directions are paced independently by the injected clock: byte n of a burst is
 * through exactly n · bitsPerByte / baud after its start. Closing one port tells the other nothing, as on a real
 * cable: what it sends is carried and lost (`unheardBytes`).
 *
 * Deterministic: the same seed, writes and clock give the same reads, whatever the machine does.
 */
export function createLine(options: LineOptions): SimulatedLine {
  let isPlugged = true
  const random = seededRandom(options.seed ?? 1)
  const { nearName = 'simulated line, near end', farName = 'simulated line', faults = {} } = options

  const makeWire = (plan: LineFaultPlan, receiver: () => LinePort, sender: () => LinePort): LineWire =>
    new LineWire(
      {
        clock: options.clock,
        rate: options.rate,
        fifoBytes: options.fifoBytes ?? 4096,
        highWaterBytes: options.highWaterBytes ?? 4096,
        readBytes: options.readBytes ?? 64,
        readLatencyMs: options.readLatencyMs ?? 1,
        faults: plan,
        random,
      },
      {
        onRead: (bytes) => receiver().receive(bytes),
        onWritable: () => sender().writable(),
        onCut: () => unplug(),
      },
    )
  const nearToFar = makeWire(
    options.nearToFarFaults ?? faults,
    () => far,
    () => near,
  )
  const farToNear = makeWire(
    options.farToNearFaults ?? faults,
    () => near,
    () => far,
  )
  const claimedRate = options.claimedRate ?? options.rate
  const near: LinePort = new LinePort(farName, claimedRate, nearToFar, farToNear, () => isPlugged)
  const far: LinePort = new LinePort(nearName, claimedRate, farToNear, nearToFar, () => isPlugged)

  const unplug = (): void => {
    if (!isPlugged) return
    isPlugged = false
    nearToFar.cut()
    farToNear.cut()
    near.lose()
    far.lose()
  }

  return {
    near,
    far,
    get isPlugged() {
      return isPlugged
    },
    unplug,
    replug() {
      if (isPlugged) return
      isPlugged = true
      nearToFar.mend()
      farToNear.mend()
    },
    counts: { nearToFar: nearToFar.counts, farToNear: farToNear.counts },
  }
}

class LinePort implements Transport {
  readonly #peerName: string
  readonly #rate: LineRate
  readonly #outgoing: LineWire
  readonly #incoming: LineWire
  readonly #isPlugged: () => boolean
  #end: ConnectionEnd | undefined

  constructor(
    peerName: string,
    rate: LineRate,
    outgoing: LineWire,
    incoming: LineWire,
    isPlugged: () => boolean,
  ) {
    this.#peerName = peerName
    this.#rate = rate
    this.#outgoing = outgoing
    this.#incoming = incoming
    this.#isPlugged = isPlugged
  }

  open(handlers: ConnectionHandlers, signal?: AbortSignal): Promise<Connection> {
    return new Promise((resolve) => resolve(this.#openNow(handlers, signal)))
  }

  #openNow(handlers: ConnectionHandlers, signal: AbortSignal | undefined): Connection {
    if (signal?.aborted) throw openCancelled(this.#peerName)
    if (!this.#isPlugged()) throw new ConsoleError('PORT_MISSING', `${this.#peerName} is unplugged`)
    if (this.#end !== undefined) throw new ConsoleError('PORT_BUSY', `${this.#peerName} is open already`)
    const end = new ConnectionEnd(handlers)
    this.#end = end
    return new LineConnection(this.#peerName, this.#rate, this.#outgoing, end, () => {
      this.#end = undefined
      this.#outgoing.discardUnsent()
    })
  }

  receive(bytes: Uint8Array): void {
    if (this.#end === undefined) this.#incoming.counts.unheardBytes += bytes.length
    else this.#end.bytes(bytes)
  }

  writable(): void {
    this.#end?.writable()
  }

  lose(): void {
    const end = this.#end
    this.#end = undefined
    end?.finish({ kind: 'lost', code: 'PORT_LOST', detail: `${this.#peerName} was unplugged` })
  }
}

class LineConnection implements Connection {
  readonly peerName: string
  readonly lineRate: LineRate
  readonly isLossy = true
  readonly #wire: LineWire
  readonly #end: ConnectionEnd
  readonly #release: () => void

  constructor(peerName: string, lineRate: LineRate, wire: LineWire, end: ConnectionEnd, release: () => void) {
    this.peerName = peerName
    this.lineRate = lineRate
    this.#wire = wire
    this.#end = end
    this.#release = release
  }

  get canWrite(): boolean {
    return !this.#end.isReached && this.#wire.canWrite
  }

  get unsentBytes(): number {
    return this.#end.isReached ? 0 : this.#wire.unsentBytes
  }

  drained(): Promise<void> {
    if (this.#end.isReached) return Promise.resolve()
    const isEmpty = new Promise<void>((resolve) => this.#wire.whenEmpty(resolve))
    return Promise.race([isEmpty, this.#end.reached])
  }

  write(bytes: Uint8Array): void {
    if (!this.#end.isReached) this.#wire.send(bytes)
  }

  async close(): Promise<void> {
    if (!this.#end.isReached) {
      this.#release()
      this.#end.finish(CLOSED_BY_US)
    }
    await this.#end.reached
  }
}
