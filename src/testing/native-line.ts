import { concatBytes } from '../shared/bytes'
import type { StackEvent } from '../shared/model/trace'
import { nativeDialect } from '../main/netcore/dialects'
import type { Dialect } from '../main/netcore/dialects/dialect'
import { NativePipe } from '../main/netcore/dialects/native/native-pipe'
import { createStack } from '../main/netcore/stack'
import type { OutgoingFrame, StackOptions, StackPort } from '../main/netcore/stack-types'

/** Uniform in [0, 1), repeatable. */
export function seededUnit(seed: number): () => number {
  let state = (seed ^ 0x9e37_79b9) >>> 0
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface NativeLineOptions {
  readonly seed: number
  /** Undefined: a socket, nothing takes time but `latencyMs`. */
  readonly baud?: number
  readonly latencyMs?: number
  /** Probability per byte, each direction. */
  readonly flip?: number
  readonly drop?: number
  /** The next frame is pulled when less than this is left of what was handed over. */
  readonly aheadMs?: number
  /** Deliver in pieces of random length instead of frame by frame. */
  readonly isCut?: boolean
  /** A burst of damage: of each period, so long nothing gets through. */
  readonly burst?: { readonly everyMs: number; readonly lastsMs: number }
  readonly near?: Partial<StackOptions>
  readonly far?: Partial<StackOptions>
  /** Frames that get lost whole, beside what chance does. */
  readonly lose?: (side: 'near' | 'far', frame: OutgoingFrame, atMs: number) => boolean
  /** The cable comes off when this many bytes have left on either direction: in the middle of a frame, as it happens. */
  readonly cutAtBytes?: number
  readonly onTrace?: (side: 'near' | 'far', event: StackEvent) => void
  readonly onFrame?: (side: 'near' | 'far', frame: OutgoingFrame, atMs: number) => void
}

interface Delivery {
  readonly atMs: number
  readonly bytes: Uint8Array
  readonly epoch: number
}

export interface DirectionCounts {
  carriedBytes: number
  flippedBytes: number
  droppedBytes: number
  /** Bytes of frames that were repeats. */
  repeatedBytes: number
  frames: Record<string, number>
}

/** One end, and the direction that begins there. */
class End {
  readonly stack: StackPort
  readonly pipe: NativePipe
  readonly deliveries: Delivery[] = []
  readonly counts: DirectionCounts = {
    carriedBytes: 0,
    flippedBytes: 0,
    droppedBytes: 0,
    repeatedBytes: 0,
    frames: {},
  }
  lineFreeMs = 0
  /** Bytes until the next one that is flipped or dropped. */
  untilFlip: number
  untilDrop: number
  /** Nothing of this direction gets through. */
  isDead = false
  /** Nor does anything behind the byte at which the cable came off. */
  isCutOff = false

  constructor(stack: StackPort, pipe: NativePipe, untilFlip: number, untilDrop: number) {
    this.stack = stack
    this.pipe = pipe
    this.untilFlip = untilFlip
    this.untilDrop = untilDrop
  }
}

interface Action {
  readonly atMs: number
  readonly order: number
  readonly run: () => void
}

/**
 * Two real stacks at the ends of a simulated serial line (or socket), in virtual time: bytes take their time, get lost and
 * damaged by a seed, and the cable can be pulled. The same options give the same run.
 */
export class NativeLine {
  readonly near: End
  far: End
  nowMs = 0
  /** Body bytes that came for the first time, at both ends. */
  newBodyBytes = 0
  readonly #options: NativeLineOptions
  readonly #unit: () => number
  readonly #byteMs: number
  readonly #latencyMs: number
  readonly #aheadMs: number
  readonly #actions: Action[] = []
  #order = 0
  #epoch = 0
  #isPlugged = false
  #isMended = false
  #wasCut = false
  #reboots = 0

  constructor(options: NativeLineOptions) {
    this.#options = options
    this.#unit = seededUnit(options.seed)
    this.#byteMs = options.baud === undefined ? 0 : 10_000 / options.baud
    this.#latencyMs = options.latencyMs ?? 1
    this.#aheadMs = options.aheadMs ?? 5
    this.near = this.#end('near', options.near)
    this.far = this.#end('far', options.far)
  }

  /** Both ends are connected, and again after `unplug`. */
  plug(): void {
    if (this.#isPlugged) return
    this.#isPlugged = true
    for (const end of [this.near, this.far]) {
      end.lineFreeMs = this.nowMs
      end.isCutOff = false
      end.stack.connected(this.nowMs)
    }
    this.pump()
  }

  /** What is under way is gone. */
  unplug(): void {
    if (!this.#isPlugged) return
    this.#isPlugged = false
    this.#epoch += 1
    this.near.deliveries.length = 0
    this.far.deliveries.length = 0
    this.near.stack.disconnected(this.nowMs, 'LINK_LOST')
    this.far.stack.disconnected(this.nowMs, 'LINK_LOST')
  }

  /** From now on nothing is damaged, and both directions work. */
  mend(): void {
    for (const end of [this.near, this.far]) {
      end.untilFlip = Infinity
      end.untilDrop = Infinity
      end.isDead = false
    }
    this.#isMended = true
  }

  at(atMs: number, run: () => void): void {
    const action = { atMs: Math.max(atMs, this.nowMs), order: this.#order++, run }
    let at = this.#actions.length
    while (at > 0 && this.#actions[at - 1]!.atMs > action.atMs) at--
    this.#actions.splice(at, 0, action)
  }

  /** Runs until `untilMs`, or until `isDone` says so (looked at after each event). */
  run(untilMs: number, isDone: () => boolean = () => false): void {
    this.pump()
    while (!isDone()) {
      const nextMs = this.#nextMs()
      if (nextMs > untilMs) {
        this.nowMs = untilMs
        return
      }
      this.nowMs = Math.max(this.nowMs, nextMs)
      this.#step()
    }
  }

  /** Lets promises settle between events, for handlers that are asynchronous. */
  async runAsync(untilMs: number, isDone: () => boolean = () => false): Promise<void> {
    this.pump()
    while (!isDone()) {
      await Promise.resolve()
      await Promise.resolve()
      this.pump()
      const nextMs = this.#nextMs()
      if (nextMs > untilMs) {
        this.nowMs = untilMs
        return
      }
      this.nowMs = Math.max(this.nowMs, nextMs)
      this.#step()
    }
  }

  /** Hands over what may be handed over now. */
  pump(): void {
    for (const end of [this.near, this.far]) {
      const { wakeAtMs } = end.stack
      if (wakeAtMs !== null && wakeAtMs <= this.nowMs) end.stack.wake(this.nowMs)
      this.#pull(end)
    }
  }

  /** The far side loses its memory. Give its new stack its routes in `prepare`, before anything comes. */
  reboot(prepare: (stack: StackPort) => void): void {
    const { isDead } = this.far
    const wasPlugged = this.#isPlugged
    this.near.deliveries.length = 0
    this.#reboots += 1
    this.far = this.#end('far', this.#options.far)
    this.far.isDead = isDead
    prepare(this.far.stack)
    if (!wasPlugged) return
    this.far.lineFreeMs = this.nowMs
    this.far.stack.connected(this.nowMs)
  }

  #end(side: 'near' | 'far', own: Partial<StackOptions> | undefined): End {
    const { seed, baud } = this.#options
    const random = seededUnit(seed * 2 + (side === 'near' ? 1 : 2) + 1000 * this.#reboots)
    let pipe: NativePipe | undefined
    const dialect: Dialect = {
      ...nativeDialect,
      createPipe: (options, owner) => (pipe = new NativePipe(options, owner)),
    }
    const stack = createStack({
      dialect,
      codec: { onDamage: baud === undefined ? 'fatal' : 'resync' },
      random: (bound) => Math.floor(random() * bound),
      line: {
        latencyTargetMs: 40,
        ...(baud !== undefined && { rate: { baud, bitsPerByte: 10 } }),
      },
      session: { role: side === 'near' ? 'host' : 'device' },
      ...own,
      onTrace: (event) => {
        if (event.type === 'frame' && event.dir === 'in') this.newBodyBytes += event.payloadBytes
        this.#options.onTrace?.(side, event)
      },
      onWork: () => undefined,
    })
    return new End(stack, pipe!, this.#spacing(this.#options.flip), this.#spacing(this.#options.drop))
  }

  #other(end: End): End {
    return end === this.near ? this.far : this.near
  }

  #nextMs(): number {
    let nextMs = this.#actions[0]?.atMs ?? Infinity
    for (const end of [this.near, this.far]) {
      nextMs = Math.min(nextMs, end.deliveries[0]?.atMs ?? Infinity, end.stack.wakeAtMs ?? Infinity)
      if (this.#isPlugged && end.lineFreeMs - this.#aheadMs > this.nowMs) {
        nextMs = Math.min(nextMs, end.lineFreeMs - this.#aheadMs)
      }
    }
    return nextMs
  }

  #step(): void {
    while (this.#actions.length > 0 && this.#actions[0]!.atMs <= this.nowMs) this.#actions.shift()!.run()
    for (const end of [this.near, this.far]) {
      while (end.deliveries.length > 0 && end.deliveries[0]!.atMs <= this.nowMs) {
        const { bytes } = end.deliveries.shift()!
        const { stack } = this.#other(end)
        stack.receive(bytes, this.nowMs)
        if (stack.isSpent) throw new Error('a stack gave up its connection')
      }
    }
    this.pump()
  }

  #pull(end: End): void {
    while (this.#isPlugged && end.lineFreeMs - this.nowMs <= this.#aheadMs) {
      const frame = end.stack.pull(this.nowMs)
      if (frame === undefined) return
      this.#options.onFrame?.(end === this.near ? 'near' : 'far', frame, this.nowMs)
      this.#carry(end, frame)
    }
  }

  #carry(end: End, frame: OutgoingFrame): void {
    const { counts } = end
    counts.carriedBytes += frame.wireBytes
    counts.frames[frame.frameKind] = (counts.frames[frame.frameKind] ?? 0) + 1
    if (frame.isRepeat === true) counts.repeatedBytes += frame.wireBytes
    const startMs = Math.max(this.nowMs, end.lineFreeMs)
    const endMs = startMs + frame.wireBytes * this.#byteMs
    end.lineFreeMs = endMs
    const { burst } = this.#options
    const isHit = burst !== undefined && !this.#isMended && endMs % burst.everyMs < burst.lastsMs
    const side = end === this.near ? 'near' : 'far'
    if (end.isDead || end.isCutOff || isHit || this.#options.lose?.(side, frame, this.nowMs) === true) return
    const whole = this.#damage(end, concatBytes(frame.parts))
    const atMs = endMs + this.#latencyMs
    const cutAt = this.#options.cutAtBytes ?? Infinity
    const isCut = !this.#wasCut && counts.carriedBytes >= cutAt
    const bytes = isCut
      ? whole.subarray(0, Math.max(0, cutAt - counts.carriedBytes + frame.wireBytes))
      : whole
    if (isCut) {
      this.#wasCut = true
      end.isCutOff = true
      // What was on the line before it arrives first.
      this.at(atMs + 0.001, () => this.unplug())
    }
    if (this.#options.isCut !== true) {
      end.deliveries.push({ atMs, bytes, epoch: this.#epoch })
      return
    }
    for (let from = 0; from < bytes.length; ) {
      const to = Math.min(bytes.length, from + 1 + Math.floor(this.#unit() * 40))
      end.deliveries.push({ atMs, bytes: bytes.subarray(from, to), epoch: this.#epoch })
      from = to
    }
  }

  #damage(end: End, bytes: Uint8Array): Uint8Array {
    const { flip, drop } = this.#options
    const copy = Uint8Array.from(bytes)
    while (end.untilFlip < copy.length) {
      copy[end.untilFlip]! ^= 1 << Math.floor(this.#unit() * 8)
      end.counts.flippedBytes += 1
      end.untilFlip += 1 + this.#spacing(flip)
    }
    end.untilFlip -= copy.length
    if (end.untilDrop >= copy.length) {
      end.untilDrop -= copy.length
      return copy
    }
    const lost = new Set<number>()
    while (end.untilDrop < copy.length) {
      lost.add(end.untilDrop)
      end.untilDrop += 1 + this.#spacing(drop)
    }
    end.untilDrop -= copy.length
    end.counts.droppedBytes += lost.size
    return copy.filter((_, at) => !lost.has(at))
  }

  #spacing(probability: number | undefined): number {
    if (probability === undefined || probability === 0) return Infinity
    return Math.floor(Math.log(1 - this.#unit()) / Math.log(1 - probability))
  }
}
