import { ByteQueue } from '../../../../shared/bytes'
import { ConsoleError } from '../../../../shared/errors'
import { DEFAULT_PRIORITY, type Headers } from '../../../../shared/model/trace'
import { ChunkPipe } from '../../pipe/chunk-pipe'
import type { CodecDialect, DialectCodec, EncodedFrame, FrameSink, RandomSource } from '../dialect'
import { drawId } from '../draw-id'

/** A line longer than this is delivered in pieces of this size. */
export const MAX_RAW_PIECE_BYTES = 4096
/** A piece without line end is delivered after this long without a byte. */
export const RAW_IDLE_MS = 50

const MAX_RAW_CHUNK_BYTES = 1 << 20
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const NO_HEADERS: Headers = Object.freeze(Object.create(null) as Headers)

/**
 * No framing at all, for devices that speak text. What comes in is cut into messages of kind `bytes` after each line
 * end (`\n`, `\r\n` or a lone `\r`, which stay in the body: the bodies together are the stream), at 4,096 bytes, and when
 * the line is quiet for 50 ms (or `idleGapMs`). What goes out is the body and nothing else.
 */
export const rawDialect: CodecDialect = {
  name: 'raw',
  traits: {
    isInterleaving: false,
    isProtected: false,
    hasRequests: false,
    deliversEmptyBodies: false,
    endsAnswers: false,
    defaultChunkBytes: 4096,
    neverReusesRefs: true,
  },
  createCodec: ({ idleGapMs }) => new RawCodec(idleGapMs ?? RAW_IDLE_MS),
  createPipe: (options, owner) => new ChunkPipe(rawDialect, options, owner),
  checkChunkBytes(chunkBytes: number): void {
    if (Number.isInteger(chunkBytes) && chunkBytes >= 1 && chunkBytes <= MAX_RAW_CHUNK_BYTES) return
    throw new ConsoleError('CHUNK_SIZE_RANGE', `chunks of ${chunkBytes} bytes cannot be sent`, {
      limit: MAX_RAW_CHUNK_BYTES,
      remedy: `Use 1 to ${MAX_RAW_CHUNK_BYTES} bytes.`,
    })
  },
}

class RawCodec implements DialectCodec {
  readonly #pending = new ByteQueue()
  readonly #idleMs: number
  #endsWithReturn = false
  #lastByteAtMs = 0
  #streamOffset = 0
  #pieces = 0

  constructor(idleMs: number) {
    this.#idleMs = idleMs
  }

  get wakeAtMs(): number | null {
    return this.#pending.byteLength === 0 ? null : this.#lastByteAtMs + this.#idleMs
  }

  receive(bytes: Uint8Array, nowMs: number, sink: FrameSink): void {
    if (bytes.length === 0) return
    this.wake(nowMs, sink)
    this.#lastByteAtMs = nowMs
    if (this.#endsWithReturn && bytes[0] !== LINE_FEED) this.#deliver(sink)
    let [taken, feed, carriageReturn] = [0, -1, -1]
    while (taken < bytes.length) {
      if (feed < taken) feed = placeOf(LINE_FEED, bytes, taken)
      if (carriageReturn < taken) carriageReturn = placeOf(CARRIAGE_RETURN, bytes, taken)
      let end = Math.min(feed + 1, taken + MAX_RAW_PIECE_BYTES - this.#pending.byteLength)
      const afterReturn = carriageReturn + 1
      // whether a line ends with a return that comes last is seen by the next byte
      if (afterReturn < Math.min(end, bytes.length) && bytes[afterReturn] !== LINE_FEED) end = afterReturn
      this.#pending.append(bytes.subarray(taken, end))
      this.#endsWithReturn = bytes.at(-1) === CARRIAGE_RETURN
      if (end <= bytes.length) this.#deliver(sink)
      taken = end
    }
  }

  wake(nowMs: number, sink: FrameSink): void {
    const dueMs = this.wakeAtMs
    if (dueMs !== null && nowMs >= dueMs) this.#deliver(sink)
  }

  end(_nowMs: number, sink: FrameSink): void {
    if (this.#pending.byteLength > 0) this.#deliver(sink)
  }

  encodeOpen(): EncodedFrame {
    return emptyFrame('open')
  }

  encodeChunk(_ref: string, payload: Uint8Array): EncodedFrame {
    if (payload.length === 0) return emptyFrame('bytes')
    return { frameKind: 'bytes', parts: [payload], wireBytes: payload.length, payloadBytes: payload.length }
  }

  encodeCancel(): EncodedFrame {
    return emptyFrame('cancel')
  }

  drawRef(random: RandomSource): string {
    return drawId(random, 6)
  }

  drawCorrelationId(): string {
    return ''
  }

  #deliver(sink: FrameSink): void {
    const piece = this.#pending.take(this.#pending.byteLength)
    const ref = `in${this.#pieces++}`
    const extent = { frameKind: 'bytes', streamOffset: this.#streamOffset, wireBytes: piece.length }
    this.#streamOffset += piece.length
    this.#endsWithReturn = false
    sink.open(
      {
        ref,
        route: '',
        kind: 'bytes',
        priority: DEFAULT_PRIORITY,
        correlationId: '',
        headers: NO_HEADERS,
        declaredBytes: null,
      },
      { ...extent, wireBytes: 0 },
    )
    sink.chunk(ref, piece, true, extent)
  }
}

/** From a place on; beyond everything where there is none. */
function placeOf(byte: number, bytes: Uint8Array, from: number): number {
  const at = bytes.indexOf(byte, from)
  return at === -1 ? Number.POSITIVE_INFINITY : at
}

const emptyFrame = (frameKind: string): EncodedFrame => ({
  frameKind,
  parts: [],
  wireBytes: 0,
  payloadBytes: 0,
})
