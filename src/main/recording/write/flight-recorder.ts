import type { TraceEvent } from '../../../shared/model/trace'
import { EventPack } from './event-pack'
import { StandingState } from './standing-state'

export interface FlightLimits {
  /** Bytes kept: bytes of lines and bodies, and what events take themselves. */
  readonly keptBytes: number
  readonly keptMs: number
}

const DEFAULT_FLIGHT_LIMITS: FlightLimits = { keptBytes: 64 * 1024 * 1024, keptMs: 15 * 60_000 }

/** What is dropped at a time: the oldest of these, as a whole. */
const SEGMENT_BYTES = 512 * 1024
const SEGMENT_MS = 5000
/** A segment beside its events, and each of the events that stood when it began. */
const BARE_SEGMENT_BYTES = 1024
const STANDING_BYTES = 8

interface Segment {
  readonly fromMs: number
  /** How all stood when the segment began. */
  readonly standing: readonly TraceEvent[]
  readonly events: EventPack
  /** What it took when it was counted last. */
  bytes: number
}

/**
 * Always on: keeps the newest minutes of everything, so that what scrolled by can still be saved. Bounded by bytes and by
 * time, whichever is reached first; what is dropped was never asked for, but how far back it reaches is told.
 */
export class FlightRecorder {
  #limits: FlightLimits
  readonly #segments: Segment[] = []
  readonly #state = new StandingState()
  #bytes = 0

  constructor(limits: FlightLimits = DEFAULT_FLIGHT_LIMITS) {
    this.#limits = limits
  }

  /** Takes an event of the trace; bytes of the line are copied, and so are bodies that are small or pin more than themselves. */
  readonly observe = (event: TraceEvent): void => {
    const segment = this.#segmentAt(event.atMs)
    segment.events.add(event)
    this.#recount(segment)
    // its bytes are not looked at there
    this.#state.observe(event)
    this.#dropOld(event.atMs)
  }

  get limits(): FlightLimits {
    return this.#limits
  }

  /** Keeps more or less from now on; what is too much goes with the next event. */
  limitTo(limits: FlightLimits): void {
    this.#limits = limits
  }

  /** How all stands now. They stay valid. */
  standing(): readonly TraceEvent[] {
    return this.#state.events()
  }

  get keptBytes(): number {
    return this.#bytes
  }

  /** Time from which on everything is there; null before the first event. */
  get oldestMs(): number | null {
    return this.#segments[0]?.fromMs ?? null
  }

  /**
   * Everything from a moment on, oldest first, after what stood then: a trace that can be read by itself. Begins up to
   * five seconds before `fromMs`, or where memory ends.
   */
  since(fromMs: number): TraceEvent[] {
    const found = this.#segments.findLastIndex((segment) => segment.fromMs <= fromMs)
    const [first, ...others] = this.#segments.slice(Math.max(0, found))
    if (first === undefined) return []
    const standing = first.standing.map((event) => ({ ...event, atMs: first.fromMs }))
    return [...standing, ...first.events.events(), ...others.flatMap(({ events }) => events.events())]
  }

  #segmentAt(atMs: number): Segment {
    const newest = this.#segments.at(-1)
    if (newest !== undefined && newest.bytes < SEGMENT_BYTES && atMs - newest.fromMs < SEGMENT_MS)
      return newest
    newest?.events.seal()
    const events = new EventPack(newest?.events)
    const segment = { fromMs: atMs, standing: this.#state.events(), events, bytes: 0 }
    this.#segments.push(segment)
    return segment
  }

  #recount(segment: Segment): void {
    const bytes = BARE_SEGMENT_BYTES + segment.standing.length * STANDING_BYTES + segment.events.heldBytes
    this.#bytes += bytes - segment.bytes
    segment.bytes = bytes
  }

  #dropOld(nowMs: number): void {
    while (this.#segments.length > 1) {
      const [oldest, next] = this.#segments
      const isOld = nowMs - next!.fromMs > this.#limits.keptMs
      if (this.#bytes <= this.#limits.keptBytes && !isOld) return
      this.#segments.shift()
      this.#bytes -= oldest!.bytes
    }
  }
}
