import { concatBytes } from '../shared/bytes'
import type { StackEvent } from '../shared/model/trace'
import { nativeDialect } from '../main/netcore/dialects'
import { createNativeSession } from '../main/netcore/dialects/native/session/session'
import type { NativeSession } from '../main/netcore/dialects/native/session/session-types'
import { FrameEncoder, LINE_OPENING } from '../main/netcore/dialects/native/wire/frame-encoder'
import { FrameScanner } from '../main/netcore/dialects/native/wire/frame-scanner'
import {
  type AckFrame,
  CAPABILITY,
  type HelloSettings,
  isNumbered,
  type NativeFrame,
  type NumberedFrame,
} from '../main/netcore/dialects/native/wire/frames'
import type { Framing, WireFault, WireSink } from '../main/netcore/dialects/native/wire/wire'
import { createStack } from '../main/netcore/stack'
import type { StackOptions, StackPort } from '../main/netcore/stack-types'
import { seededRandom } from './stack-wire'

export const HAND_SETTINGS: HelloSettings = {
  largestFrameBytes: 5_000,
  receiveBytes: 65_536,
  slots: 8,
  urgentSlots: 2,
  firstCreditBytes: 100_000,
  capabilities: Object.values(CAPABILITY).reduce((all, bit) => all | bit, 0) & ~CAPABILITY.noCrc,
  ackDelayUs: 5_000,
  tickNs: 0,
  largestMessageBytes: 1_000_000,
  identity: 'hand',
}

/** A numbered frame before it has its number. */
export type Unnumbered<F = NumberedFrame> = F extends NumberedFrame ? Omit<F, 'number'> : never

type FrameOf<F, K> = F extends { readonly kind: infer Kind } ? (K extends Kind ? F : never) : never

/** A frame with the bytes it took on the wire. */
export interface Seen {
  readonly frame: NativeFrame
  readonly wireBytes: number
}

export interface HandOptions {
  readonly framing?: Framing
  readonly settings?: Partial<HelloSettings>
  readonly stack?: Partial<StackOptions>
  /** Default: every numbered frame is acknowledged at once. */
  readonly acknowledges?: boolean
}

/**
 * A peer played by hand: the real handshake, and after it every frame as a test wants it. At the other end is a real stack.
 * No line between them: what one says the other hears at once.
 */
export class HandPeer implements WireSink {
  readonly stack: StackPort
  readonly events: StackEvent[] = []
  /** Numbered frames and ACKs of the stack, in order. */
  readonly seen: Seen[] = []
  readonly faults: WireFault[] = []
  acknowledges: boolean
  nowMs = 0
  readonly #session: NativeSession
  readonly #scanner: FrameScanner
  readonly #encoder: FrameEncoder
  #out: Uint8Array[] = []
  #number = 0
  #pendingAck: number | null = null

  constructor(options: HandOptions = {}) {
    const { framing = 'cobs', settings, stack, acknowledges = true } = options
    this.acknowledges = acknowledges
    const all = { ...HAND_SETTINGS, ...settings }
    const wire = { largestFrameBytes: Math.max(200, all.largestFrameBytes) }
    this.#scanner = new FrameScanner(framing, wire)
    this.#encoder = new FrameEncoder(framing, { largestFrameBytes: 70_000 })
    const nothing = (): never => {
      throw new Error('no password here')
    }
    this.#session = createNativeSession(
      {
        settings: all,
        random: seededRandom(99),
        auth: { kind: 'none' },
        crypto: {
          sha256: nothing,
          hmacSha256: nothing,
          pbkdf2Sha256: nothing,
          randomBytes: nothing,
          equalInConstantTime: nothing,
        },
      },
      {
        up: () => undefined,
        suspended: () => undefined,
        down: () => undefined,
        phaseChanged: () => undefined,
        clockSample: () => undefined,
        work: () => undefined,
      },
    )
    this.stack = createStack({
      dialect: nativeDialect,
      codec: { onDamage: framing === 'cobs' ? 'resync' : 'fatal' },
      random: seededRandom(5),
      ...stack,
      onTrace: (event) => this.events.push(event),
      onWork: () => undefined,
    })
    if (framing === 'cobs') this.#out.push(LINE_OPENING)
    this.stack.connected(0)
    this.#session.connected(0)
    this.settle()
  }

  /** Says a numbered frame, under the next number unless told otherwise. */
  say(frame: Unnumbered, number = this.#number & 255): void {
    this.#number = number + 1
    this.#write({ ...frame, number })
    this.settle()
  }

  /** Skips numbers: as if frames had got lost. */
  skip(count: number): void {
    this.#number += count
  }

  sayAck(ack: Partial<AckFrame> & { readonly newest: number }): void {
    this.#write({ kind: 'ack', form: 0, run: 0, bitmap: new Uint8Array(0), timeTicks: null, ...ack })
    this.settle()
  }

  sayBytes(bytes: Uint8Array): void {
    this.#out.push(bytes)
    this.settle()
  }

  /** Lets time pass, in steps of a millisecond. */
  pass(ms: number): void {
    for (let step = 0; step < ms; step++) {
      this.nowMs += 1
      if ((this.stack.wakeAtMs ?? Infinity) <= this.nowMs) this.stack.wake(this.nowMs)
      if ((this.#session.wakeAtMs ?? Infinity) <= this.nowMs) this.#session.wake(this.nowMs)
      this.settle()
    }
  }

  /** Carries everything both have to say, until they are silent. */
  settle(): void {
    for (let isBusy = true; isBusy; ) {
      isBusy = false
      for (let frame = this.#session.nextFrame(this.nowMs, true); frame !== undefined; ) {
        this.#write(frame)
        frame = this.#session.nextFrame(this.nowMs, true)
      }
      if (this.#pendingAck !== null) {
        const newest = this.#pendingAck
        this.#pendingAck = null
        this.#write({ kind: 'ack', form: 0, newest, run: 0, bitmap: new Uint8Array(0), timeTicks: null })
      }
      const out = this.#out
      this.#out = []
      for (const bytes of out) {
        isBusy = true
        this.stack.receive(bytes, this.nowMs)
      }
      for (
        let frame = this.stack.pull(this.nowMs);
        frame !== undefined;
        frame = this.stack.pull(this.nowMs)
      ) {
        isBusy = true
        this.#scanner.receive(concatBytes(frame.parts), this)
      }
    }
  }

  frame(frame: NativeFrame, _streamOffset: number, wireBytes: number): void {
    switch (frame.kind) {
      case 'hello':
      case 'auth':
      case 'bye':
      case 'ping':
      case 'pong':
        this.#session.receive(frame, this.nowMs)
        return
      default:
        this.#session.noteFrame(this.nowMs)
        this.seen.push({ frame: { ...frame }, wireBytes })
        if (isNumbered(frame) && this.acknowledges) this.#pendingAck = frame.number
    }
  }

  fault(fault: WireFault): void {
    this.faults.push(fault)
  }

  /** Frames of one kind that the stack said. */
  heard<K extends NativeFrame['kind']>(kind: K): FrameOf<NativeFrame, K>[] {
    return this.seen.map(({ frame }) => frame).filter((frame) => frame.kind === kind) as FrameOf<
      NativeFrame,
      K
    >[]
  }

  /** Codes of the faults that the stack traced. */
  get faultCodes(): string[] {
    return this.events.flatMap((event) => (event.type === 'fault' ? [event.code] : []))
  }

  #write(frame: NativeFrame): void {
    this.#out.push(concatBytes(this.#encoder.encode(frame).parts))
  }
}
