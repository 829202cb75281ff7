import { ByteQueue, concatBytes } from '../../shared/bytes'
import type { Clock } from '../../shared/model/clock'
import type { LineRate } from '../../shared/model/line-rate'
import { FaultSpacing, type LineCounts, type LineFaultPlan, noLineCounts } from './line-faults'
import { type SeededRandom, seededRandom } from './seeded-random'
import { WriteGate } from './write-gate'

export interface WireOptions {
  readonly clock: Clock
  readonly rate: LineRate
  readonly fifoBytes: number
  readonly highWaterBytes: number
  readonly readBytes: number
  readonly readLatencyMs: number
  readonly faults: LineFaultPlan
  readonly random: SeededRandom
}

export interface WireHandlers {
  /** A read of the receiving side. */
  onRead(bytes: Uint8Array): void
  /** The sending side may write again. */
  onWritable(): void
  /** `unplugAfterBytes` were carried. */
  onCut(): void
}

/**
 * One direction of a simulated serial line: bytes wait in front of the driver, move through its FIFO onto the wire at
 * the rate of the line, suffer faults, and are gathered by the receiver into reads.
 *
 * Where every byte is at a given time is computed, not stepped: an alarm that comes late (a real timer on a busy machine)
 * delivers more bytes at once, as a late driver would, and the wire has not lost time.
 */
export class LineWire {
  readonly counts: LineCounts = noLineCounts()
  readonly #options: WireOptions
  readonly #handlers: WireHandlers
  readonly #gate: WriteGate
  readonly #byteMs: number
  readonly #flips: FaultSpacing
  readonly #flippedBits: SeededRandom
  readonly #drops: FaultSpacing
  readonly #stalls: FaultSpacing
  /** In front of the driver and in its FIFO, in order; the first `fifoBytes` are the FIFO. */
  readonly #waiting = new ByteQueue()
  /** A burst is a stretch without idle time: its byte i is through at burstStart + (i + 1) byte times. */
  #burstStartMs = 0
  #burstBytes = 0
  #gathered: Uint8Array[] = []
  #gatheredBytes = 0
  #gatheredSinceMs = 0
  #cutAtBytes: number
  #isCut = false
  #isCutTold = false
  #emptyListeners: (() => void)[] = []
  #alarm: { readonly atMs: number; readonly cancel: () => void } | undefined

  constructor(options: WireOptions, handlers: WireHandlers) {
    this.#options = options
    this.#handlers = handlers
    this.#gate = new WriteGate(options.highWaterBytes)
    this.#byteMs = (options.rate.bitsPerByte * 1000) / options.rate.baud
    // Each kind of fault draws from a stream of its own: adding one kind does not move the others.
    const { flip = 0, drop = 0, stall = 0, unplugAfterBytes = Infinity } = options.faults
    const fork = (): SeededRandom => seededRandom(options.random(2 ** 32))
    this.#flips = new FaultSpacing(flip, fork())
    this.#drops = new FaultSpacing(drop, fork())
    this.#stalls = new FaultSpacing(stall, fork())
    this.#flippedBits = fork()
    this.#cutAtBytes = unplugAfterBytes
  }

  /** Open while fewer than `highWaterBytes` wait in front of the FIFO. */
  get canWrite(): boolean {
    return this.#gate.isOpen
  }

  /** Bytes that the FIFO has not taken yet. */
  get unsentBytes(): number {
    this.#settle(this.#options.clock.nowMs())
    return Math.max(0, this.#waiting.byteLength - this.#options.fifoBytes)
  }

  /** Bytes given to an unplugged wire are gone: kept, they would reach another device later. */
  send(bytes: Uint8Array): void {
    if (this.#isCut) return
    const nowMs = this.#options.clock.nowMs()
    this.#settle(nowMs)
    if (this.#waiting.byteLength === 0) this.#startBurst(Math.max(nowMs, this.#byteEndMs(this.#burstBytes)))
    this.#waiting.append(bytes)
    this.#gate.grown(this.unsentBytes)
    this.#arm()
  }

  /** Calls `done` once nothing waits any more, neither in front of the driver nor in its FIFO: the last byte is through. */
  whenEmpty(done: () => void): void {
    this.#settle(this.#options.clock.nowMs())
    this.#emptyListeners.push(done)
    this.#tellIfEmpty()
    this.#arm()
  }

  /** The sender closed its side: the driver still sends what it took, the rest is discarded. */
  discardUnsent(): void {
    this.#settle(this.#options.clock.nowMs())
    if (this.#waiting.byteLength > this.#options.fifoBytes) {
      const taken = this.#waiting.take(this.#options.fifoBytes)
      this.#waiting.clear()
      this.#waiting.append(taken)
    }
    this.#gate.shrunk(0)
    this.#arm()
  }

  /** The cable came off: delivers what has arrived whole, forgets everything that was under way. */
  cut(): void {
    this.#settle(this.#options.clock.nowMs())
    this.#isCut = true
    this.#isCutTold = true
    this.#waiting.clear()
    this.#gate.shrunk(0)
    this.#deliver()
    this.#tellIfEmpty()
    this.#arm()
  }

  /** The cable is on again. A cut that was planned has happened and does not happen again. */
  mend(): void {
    if (this.counts.carriedBytes >= this.#cutAtBytes) this.#cutAtBytes = Infinity
    this.#isCut = false
    this.#isCutTold = false
  }

  #startBurst(atMs: number): void {
    this.#burstStartMs = atMs
    this.#burstBytes = 0
  }

  /** When the first `byteCount` bytes of this burst are through. */
  #byteEndMs(byteCount: number): number {
    return this.#burstStartMs + byteCount * this.#byteMs
  }

  /** Bytes of this burst that are through by `nowMs`; exact where `nowMs` came from `#byteEndMs`. */
  #bytesThroughBy(nowMs: number): number {
    let count = Math.max(0, Math.floor((nowMs - this.#burstStartMs) / this.#byteMs))
    while (this.#byteEndMs(count + 1) <= nowMs) count += 1
    while (count > 0 && this.#byteEndMs(count) > nowMs) count -= 1
    return count
  }

  /** Moves over the wire what is through by `nowMs`. Calls nobody. */
  #settle(nowMs: number): void {
    while (this.#waiting.byteLength > 0 && !this.#isCut) {
      if (this.#stalls.untilHit === 0) {
        this.counts.stalls += 1
        this.#startBurst(this.#byteEndMs(this.#burstBytes) + (this.#options.faults.stallMs ?? 0))
        this.#stalls.hit()
      }
      const untilCut = this.#cutAtBytes - this.counts.carriedBytes
      const through = this.#bytesThroughBy(nowMs) - this.#burstBytes
      const count = Math.min(through, this.#waiting.byteLength, this.#stalls.untilHit, untilCut)
      if (count > 0) this.#carry(count)
      if (count === untilCut) {
        this.#isCut = true
        this.#waiting.clear()
      }
      if (count <= 0) return
    }
  }

  #carry(byteCount: number): void {
    const bytes = Uint8Array.from(this.#waiting.take(byteCount)) // the sender's array must not change
    const firstByte = this.#burstBytes
    this.#burstBytes += byteCount
    this.counts.carriedBytes += byteCount
    this.#stalls.passed(byteCount)
    for (const at of this.#flips.advance(byteCount)) {
      bytes[at]! ^= 1 << this.#flippedBits(8)
      this.counts.flippedBytes += 1
    }
    const dropped = new Set(this.#drops.advance(byteCount))
    this.counts.droppedBytes += dropped.size
    if (dropped.size === byteCount) return
    if (this.#gatheredBytes === 0) {
      let first = 0
      while (dropped.has(first)) first += 1
      this.#gatheredSinceMs = this.#byteEndMs(firstByte + first + 1)
    }
    const arrived = dropped.size === 0 ? bytes : bytes.filter((_, at) => !dropped.has(at))
    this.#gathered.push(arrived)
    this.#gatheredBytes += arrived.length
  }

  #deliver(): void {
    if (this.#gatheredBytes === 0) return
    const read = concatBytes(this.#gathered)
    this.#gathered = []
    this.#gatheredBytes = 0
    this.#handlers.onRead(read)
  }

  #tellIfEmpty(): void {
    if (this.#waiting.byteLength > 0) return
    const listeners = this.#emptyListeners
    this.#emptyListeners = []
    for (const done of listeners) done()
  }

  #wake(): void {
    this.#alarm = undefined
    const nowMs = this.#options.clock.nowMs()
    this.#settle(nowMs)
    const { readBytes, readLatencyMs } = this.#options
    if (this.#gatheredBytes >= readBytes || nowMs >= this.#gatheredSinceMs + readLatencyMs) this.#deliver()
    if (this.#gate.shrunk(this.unsentBytes)) this.#handlers.onWritable()
    this.#tellIfEmpty()
    if (this.#isCut && !this.#isCutTold) this.#handlers.onCut()
    this.#arm()
  }

  /** Sets the alarm for whatever happens next. Too early (a stall lies between) only means one more look. */
  #arm(): void {
    const atMs = this.#nextMs()
    if (this.#alarm?.atMs === atMs) return
    this.#alarm?.cancel()
    this.#alarm = undefined
    if (atMs === Infinity) return
    this.#alarm = { atMs, cancel: this.#options.clock.schedule(atMs, () => this.#wake()) }
  }

  #nextMs(): number {
    if (this.#isCut) return this.#isCutTold ? Infinity : this.#options.clock.nowMs()
    const { readBytes, readLatencyMs, fifoBytes } = this.#options
    const waiting = this.#waiting.byteLength
    let nextMs = this.#gatheredBytes > 0 ? this.#gatheredSinceMs + readLatencyMs : Infinity
    const whenThrough = (byteCount: number, extraMs = 0): void => {
      if (byteCount <= waiting)
        nextMs = Math.min(nextMs, this.#byteEndMs(this.#burstBytes + byteCount) + extraMs)
    }
    whenThrough(Math.max(1, readBytes - this.#gatheredBytes))
    if (this.#gatheredBytes === 0) whenThrough(1, readLatencyMs)
    if (!this.#gate.isOpen) whenThrough(Math.max(1, waiting - fifoBytes - this.#gate.lowWaterBytes))
    whenThrough(this.#cutAtBytes - this.counts.carriedBytes)
    if (this.#emptyListeners.length > 0) whenThrough(waiting)
    return nextMs
  }
}
