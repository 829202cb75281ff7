import { createLine, type SimulatedLine } from '../../src/main/transport/line'
import type { LineCounts, LineFaultPlan } from '../../src/main/transport/line-faults'
import { seededRandom, unitInterval } from '../../src/main/transport/seeded-random'
import type { Connection, Transport } from '../../src/main/transport/transport'
import type { Clock } from '../../src/shared/model/clock'
import { bitsPerByte, type LineRate } from '../../src/shared/model/line-rate'
import type { VirtualClock } from '../../src/testing/virtual-clock'

const FRAMING = { dataBits: 8, parity: 'none', stopBits: 1 } as const

/** What a line has to suffer. */
export interface LineVariant {
  readonly name: string
  /** The real speed of the wire, as a multiple of what both sides believe. Default 1. */
  readonly clockFactor?: number
  /** False: the drivers do not tell when they have drained, as some do not. Default true. */
  readonly tellsDrains?: boolean
  /** Share of the host's alarms that come `lateMs` late. */
  readonly lateShare?: number
  readonly lateMs?: number
  /** Share of the device's writes that are lost as a whole: answers and acknowledgements. */
  readonly lostReplyShare?: number
  readonly faults?: LineFaultPlan
}

export const PLAIN: LineVariant = { name: 'as it should be' }

export const VARIANTS: readonly LineVariant[] = [
  { name: 'wire 3 % slower than believed', clockFactor: 0.97 },
  {
    name: 'the same, and drivers that do not tell when they are drained',
    clockFactor: 0.97,
    tellsDrains: false,
  },
  { name: 'wire 3 % faster than believed', clockFactor: 1.03 },
  { name: '5 % of refills 20 ms late', lateShare: 0.05, lateMs: 20 },
  { name: '5 % of the device’s writes lost', lostReplyShare: 0.05 },
  { name: 'bit errors, 1e-4 of bytes', faults: { flip: 1e-4 } },
]

export const nominalRate = (baud: number): LineRate => ({ baud, bitsPerByte: bitsPerByte(FRAMING) })
export const bytesPerMs = (baud: number): number => baud / nominalRate(baud).bitsPerByte / 1000

export interface VariantLine {
  readonly line: SimulatedLine
  readonly near: WatchedPort
  readonly far: Transport
  /** The host's clock, with its late alarms. */
  readonly hostClock: Clock
}

export function makeVariantLine(clock: VirtualClock, baud: number, variant: LineVariant): VariantLine {
  const believed = nominalRate(baud)
  const line = createLine({
    clock,
    rate: { ...believed, baud: baud * (variant.clockFactor ?? 1) },
    seed: 11,
    ...(variant.faults && { faults: variant.faults }),
  })
  return {
    line,
    near: new WatchedPort(line.near, believed, { ...variant, lostReplyShare: 0 }),
    far: new WatchedPort(line.far, believed, variant),
    hostClock: lateClock(clock, variant),
  }
}

function lateClock(clock: Clock, { lateShare = 0, lateMs = 0 }: LineVariant): Clock {
  const random = seededRandom(13)
  return {
    nowMs: () => clock.nowMs(),
    schedule: (atMs, fire) => clock.schedule(atMs + (unitInterval(random) < lateShare ? lateMs : 0), fire),
  }
}

/** A port that tells the speed both sides believe in, loses writes where it shall, and can be asked what it holds. */
export class WatchedPort implements Transport {
  readonly #port: Transport
  readonly #believed: LineRate
  readonly #lostShare: number
  readonly #tellsDrains: boolean
  readonly #random = seededRandom(17)
  #connection: Connection | undefined
  #writtenBytes = 0

  constructor(port: Transport, believed: LineRate, { tellsDrains = true, lostReplyShare = 0 }: LineVariant) {
    this.#port = port
    this.#believed = believed
    this.#lostShare = lostReplyShare
    this.#tellsDrains = tellsDrains
  }

  /** Bytes that were written and are not on the wire yet. @param counts - Of the wire behind this port. */
  pendingBytes(counts: Readonly<LineCounts>): number {
    const unsentBytes = this.#connection?.unsentBytes ?? 0 // asking brings the counts up to now
    return Math.max(unsentBytes, this.#writtenBytes - counts.carriedBytes)
  }

  async open(...[handlers, signal]: Parameters<Transport['open']>): Promise<Connection> {
    const connection = await this.#port.open(handlers, signal)
    this.#connection = connection
    const write = (bytes: Uint8Array): void => {
      if (unitInterval(this.#random) < this.#lostShare) return
      this.#writtenBytes += bytes.length
      connection.write(bytes)
    }
    return {
      peerName: connection.peerName,
      lineRate: this.#believed,
      isLossy: connection.isLossy,
      get canWrite() {
        return connection.canWrite
      },
      get unsentBytes() {
        return connection.unsentBytes
      },
      ...(this.#tellsDrains && connection.drained && { drained: () => connection.drained!() }),
      write,
      close: () => connection.close(),
    }
  }
}
