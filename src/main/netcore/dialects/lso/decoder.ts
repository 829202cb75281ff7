import { asConsoleError, type ErrorCode } from '../../../../shared/errors'
import type { CodecOptions, FrameExtent, FrameSink } from '../dialect'
import { type LsoLimits, MAX_SENT_EXTENSION_BYTES, MIN_EXTENSION_BYTES } from './limits'
import { OpenBodies } from './open-bodies'
import { type MissionHead, type PacketHead, PacketHeads, readMissionHead } from './packet-head'
import { matchSignature, SIGNATURE_BYTES } from './packet-signature'
import { ReceiveWindow } from './receive-window'

/** What is awaited next; each stage looks at the window from the start of the packet on. */
type Stage = 'length' | 'extension' | 'meta' | 'search'

/** Why and where packets stopped making sense. */
interface Damage {
  readonly code: ErrorCode
  readonly streamOffset: number
}

const LENGTH_BYTES = 4
/** Heads are looked at in steps of this size, so that a damaged length is noticed before all of it came. */
const TEXT_STEP_BYTES = 256
const BLANKS_AND_BRACE = new Set([0x20, 0x09, 0x0a, 0x0d, 0x7b])
const EMPTY = new Uint8Array(0)

/**
 * Cuts a byte stream into packets (netcore-lso.md §2, §3). Nothing is removed from the window before the whole packet
 * proved good, so that after damage the search can begin one byte further (§12.6) and find packets which a wrong length
 * had swallowed.
 *
 * What is told depends on the bytes only, not on how they were cut; a sink must not call back into the decoder.
 */
export class LsoDecoder {
  readonly #limits: LsoLimits
  readonly #isFatal: boolean
  readonly #window = new ReceiveWindow()
  readonly #openBodies = new OpenBodies()
  #stage: Stage = 'length'
  /** Bytes the window must hold before the stage can go on. */
  #needed = LENGTH_BYTES + 1
  #head: PacketHead | undefined
  #extensionBytes = 0
  #metaBytes = 0
  /** Up to here the window was seen to hold text. */
  #textEnd = 0
  #streamOffset = 0
  readonly #heads = new PacketHeads()
  #damage: Damage | undefined
  /** The last bytes of the last good packet. */
  #tail: Uint8Array = EMPTY
  #lastByteAtMs = 0
  #isSpent = false
  #searchSteps = 0

  constructor(onDamage: CodecOptions['onDamage'], limits: LsoLimits) {
    this.#isFatal = onDamage === 'fatal'
    this.#limits = limits
  }

  /** Places tried as the start of a packet after damage; at most one for each byte received. */
  get searchSteps(): number {
    return this.#searchSteps
  }

  /** Null while nothing is half received, and while searching: then nothing can stall. */
  get wakeAtMs(): number | null {
    if (this.#isSpent || this.#stage === 'search' || this.#window.length === 0) return null
    return this.#lastByteAtMs + this.#limits.stalledAfterMs
  }

  receive(bytes: Uint8Array, nowMs: number, sink: FrameSink): void {
    this.wake(nowMs, sink)
    for (let at = 0; at < bytes.length && !this.#isSpent; ) {
      if (this.#window.length === 0) {
        this.#window.borrow(bytes.subarray(at))
        at = bytes.length
      } else {
        const missing = Math.max(1, this.#needed - this.#window.length)
        const part = bytes.subarray(at, at + missing)
        this.#window.append(part, this.#needed)
        at += part.length
      }
      this.#run(sink)
    }
    if (bytes.length > 0) this.#lastByteAtMs = nowMs
  }

  wake(nowMs: number, sink: FrameSink): void {
    for (;;) {
      const dueMs = this.wakeAtMs
      if (dueMs === null || nowMs < dueMs) return
      this.#fail('LSO_PACKET_STALLED', `no byte for ${this.#limits.stalledAfterMs} ms within a packet`, sink)
      this.#run(sink)
    }
  }

  end(sink: FrameSink): void {
    if (this.#isSpent) return
    const left = this.#window.length
    const damage = this.#damage
    this.#isSpent = true
    this.#window.clear()
    if (damage === undefined && left === 0) return
    const startOffset = damage?.streamOffset ?? this.#streamOffset
    sink.fault({
      code: damage?.code ?? 'LSO_PACKET_STALLED',
      streamOffset: startOffset,
      skippedBytes: this.#streamOffset + left - startOffset,
      detail:
        damage === undefined ? 'the stream ended within a packet' : 'the stream ended before the next packet',
      isFatal: false,
      losesOpenMessages: true,
    })
  }

  #run(sink: FrameSink): void {
    while (!this.#isSpent && this.#window.length >= this.#needed) {
      switch (this.#stage) {
        case 'length':
          this.#readLength(sink)
          break
        case 'extension':
          this.#readExtension(sink)
          break
        case 'meta':
          this.#readMeta(sink)
          break
        case 'search':
          this.#search()
          break
      }
    }
  }

  #readLength(sink: FrameSink): void {
    const bytes = this.#window.int32At(0)
    if (bytes < MIN_EXTENSION_BYTES || bytes > this.#limits.extensionBytes) {
      this.#fail('LSO_LENGTH_RANGE', `an extension of ${bytes} bytes is announced`, sink)
    } else if (!BLANKS_AND_BRACE.has(this.#window.byteAt(LENGTH_BYTES))) {
      this.#fail('LSO_BAD_JSON', 'the extension does not begin like a JSON object', sink)
    } else {
      this.#extensionBytes = bytes
      this.#textEnd = LENGTH_BYTES
      this.#await('extension', LENGTH_BYTES + Math.min(bytes + LENGTH_BYTES, TEXT_STEP_BYTES))
    }
  }

  #readExtension(sink: FrameSink): void {
    const textEnd = LENGTH_BYTES + this.#extensionBytes
    if (!this.#isTextUpTo(textEnd, textEnd + LENGTH_BYTES, sink)) return
    const head = this.#attempt(
      () => this.#heads.read(this.#window.view(LENGTH_BYTES, this.#extensionBytes)),
      sink,
    )
    if (head === undefined) return
    const bytes = this.#window.int32At(LENGTH_BYTES + this.#extensionBytes)
    const limit = head.role === 'data' ? this.#limits.dataBytes : this.#limits.headBytes
    if (bytes < 0 || bytes > limit) {
      this.#fail(
        'LSO_LENGTH_RANGE',
        `a meta of ${bytes} bytes is announced in a ${head.frameKind} packet`,
        sink,
      )
    } else if (!this.#isFatal && head.role === 'data' && this.#openBodies.isImplausible(head.ref, bytes)) {
      this.#fail(
        'LSO_LENGTH_RANGE',
        `a data packet of ${bytes} bytes is announced, more than its message lacks`,
        sink,
      )
    } else {
      const metaStart = this.#needed
      this.#head = head
      this.#metaBytes = bytes
      this.#textEnd = metaStart
      this.#await('meta', metaStart + (this.#hasTextMeta(head) ? Math.min(bytes, TEXT_STEP_BYTES) : bytes))
    }
  }

  #readMeta(sink: FrameSink): void {
    const head = this.#head!
    if (this.#hasTextMeta(head)) {
      const packetEnd = LENGTH_BYTES + this.#extensionBytes + LENGTH_BYTES + this.#metaBytes
      if (!this.#isTextUpTo(packetEnd, packetEnd, sink)) return
    }
    const meta = this.#window.view(this.#needed - this.#metaBytes, this.#metaBytes)
    let mission: MissionHead | undefined
    if (head.role === 'mission') {
      mission = this.#attempt(() => readMissionHead(meta), sink)
      if (mission === undefined) return
    }
    const extent = { frameKind: head.frameKind, streamOffset: this.#streamOffset, wireBytes: this.#needed }
    this.#reportResync(sink)
    this.#consumePacket()
    if (mission === undefined) this.#deliver(head, meta, extent, sink)
    else this.#deliverMission(mission, extent, sink)
  }

  #deliver(head: PacketHead, meta: Uint8Array, extent: FrameExtent, sink: FrameSink): void {
    if (head.role === 'cancel') {
      this.#openBodies.close(head.ref)
      sink.cancel(head.ref, extent)
    } else {
      this.#openBodies.advance(head.ref, meta.length)
      sink.chunk(head.ref, meta, false, extent)
    }
  }

  #deliverMission(mission: MissionHead, extent: FrameExtent, sink: FrameSink): void {
    if (mission.isRefused) {
      this.#openBodies.close(mission.ref)
      sink.refuse(mission.ref, 'MESSAGE_BAD_LENGTH', mission.detail, extent)
    } else {
      this.#openBodies.open(mission.head.ref, mission.head.declaredBytes ?? 0)
      sink.open(mission.head, extent)
    }
  }

  /** The meta of a cancel is never read; only where damage is likely a zero byte in it means something. */
  #hasTextMeta(head: PacketHead): boolean {
    return head.role === 'mission' || (head.role === 'cancel' && !this.#isFatal)
  }

  /**
   * False while bytes are missing, and when a zero byte (which JSON never has, and every length field has) shows that the
   * packet is damaged. @param total - Length of the window the caller wants.
   */
  #isTextUpTo(end: number, total: number, sink: FrameSink): boolean {
    const seen = Math.min(this.#needed, end)
    if (this.#window.view(this.#textEnd, seen - this.#textEnd).includes(0)) {
      this.#fail('LSO_BAD_JSON', 'a packet head has a zero byte', sink)
      return false
    }
    this.#textEnd = seen
    if (this.#needed === total) return true
    this.#needed = Math.min(total, this.#needed + TEXT_STEP_BYTES)
    return false
  }

  /** The result of reading JSON, or undefined after having failed the packet. */
  #attempt<T>(read: () => T, sink: FrameSink): T | undefined {
    try {
      return read()
    } catch (error) {
      const { code, message } = asConsoleError(error)
      this.#fail(code, message, sink)
      return undefined
    }
  }

  /** The packet at the start of the window is not one. */
  #fail(code: ErrorCode, detail: string, sink: FrameSink): void {
    const streamOffset = this.#streamOffset
    if (this.#isFatal) {
      this.#isSpent = true
      this.#window.clear()
      sink.fault({ code, streamOffset, skippedBytes: 0, detail, isFatal: true, losesOpenMessages: true })
      return
    }
    this.#await('search', SIGNATURE_BYTES)
    if (this.#damage !== undefined) {
      this.#skip(1) // what looked like a packet while searching was none
      return
    }
    this.#damage = { code, streamOffset }
    this.#openBodies.clear()
    // A packet that lost bytes swallowed the first ones of the next: that one may begin in what was taken already.
    this.#window.restore(this.#tail)
    this.#streamOffset -= this.#tail.length
    if (this.#tail.length === 0) this.#skip(1)
    this.#tail = EMPTY
    sink.fault({ code, streamOffset, skippedBytes: 0, detail, isFatal: false, losesOpenMessages: true })
  }

  /** Goes to the next place where a packet may begin. Looks at each byte once. */
  #search(): void {
    const window = this.#window
    while (window.length >= SIGNATURE_BYTES) {
      this.#searchSteps += 1
      const bytes = window.int32At(0)
      const isInRange = bytes >= SIGNATURE_BYTES - LENGTH_BYTES && bytes <= MAX_SENT_EXTENSION_BYTES
      if (isInRange && matchSignature(window)) {
        this.#await('length', LENGTH_BYTES + 1)
        return
      }
      const brace = window.indexOf(0x7b, LENGTH_BYTES + 1)
      this.#skip(brace < 0 ? window.length - LENGTH_BYTES : brace - LENGTH_BYTES)
    }
  }

  #reportResync(sink: FrameSink): void {
    const damage = this.#damage
    if (damage === undefined) return
    this.#damage = undefined
    const skippedBytes = Math.max(0, this.#streamOffset - damage.streamOffset)
    sink.fault({
      code: 'LSO_RESYNCED',
      streamOffset: damage.streamOffset,
      skippedBytes,
      detail: `${skippedBytes} bytes were skipped to find the next packet`,
      isFatal: false,
      losesOpenMessages: true,
    })
  }

  #consumePacket(): void {
    const length = this.#needed
    if (!this.#isFatal) {
      const kept = Math.min(this.#metaBytes, SIGNATURE_BYTES - 1)
      this.#tail = this.#window.view(length - kept, kept).slice()
    }
    this.#skip(length)
    this.#await('length', LENGTH_BYTES + 1)
  }

  #skip(count: number): void {
    this.#window.skip(count)
    this.#streamOffset += count
  }

  #await(stage: Stage, needed: number): void {
    this.#stage = stage
    this.#needed = needed
  }
}
