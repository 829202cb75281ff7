import { ConsoleError } from '../../../../shared/errors'
import type { CodecDialect, CodecOptions, DialectCodec, FrameSink, OutgoingHead } from '../dialect'
import { ChunkPipe } from '../../pipe/chunk-pipe'
import { drawId } from '../draw-id'
import { LsoDecoder } from './decoder'
import { DataHeads, encodeCancel, encodeData, encodeOpen } from './encoder'
import { FATAL_LIMITS, type LsoLimits, PLAIN_HEAD_BYTES, PYTHON_BLOCK_BYTES, RESYNC_LIMITS } from './limits'

const REF_LENGTH = 6
const CORRELATION_ID_LENGTH = 8

/** The wire format of the Python Netcore 0.1.3: length-prefixed packets with JSON heads (netcore-lso.md). */
export const lsoDialect: CodecDialect = {
  name: 'lso',
  traits: {
    isInterleaving: true,
    isProtected: false,
    hasRequests: true,
    deliversEmptyBodies: false,
    endsAnswers: false,
    defaultChunkBytes: 4096,
  },
  createCodec: (options) => createLsoCodec(options),
  createPipe: (options, owner) => new ChunkPipe(lsoDialect, options, owner),
  checkChunkBytes: (chunkBytes) => checkChunkBytes(chunkBytes, FATAL_LIMITS.dataBytes),
}

/** @param limits - In place of the defaults of the mode (netcore-lso.md §12). */
export function createLsoCodec(options: CodecOptions, limits: Partial<LsoLimits> = {}): DialectCodec {
  const defaults = options.onDamage === 'fatal' ? FATAL_LIMITS : RESYNC_LIMITS
  return new LsoCodec(options, { ...defaults, ...limits })
}

class LsoCodec implements DialectCodec {
  readonly #decoder: LsoDecoder
  readonly #heads = new DataHeads()

  constructor(options: CodecOptions, limits: LsoLimits) {
    this.#decoder = new LsoDecoder(options.onDamage, limits)
  }

  get wakeAtMs(): number | null {
    return this.#decoder.wakeAtMs
  }

  receive(bytes: Uint8Array, nowMs: number, sink: FrameSink): void {
    this.#decoder.receive(bytes, nowMs, sink)
  }

  wake(nowMs: number, sink: FrameSink): void {
    this.#decoder.wake(nowMs, sink)
  }

  end(_nowMs: number, sink: FrameSink): void {
    this.#decoder.end(sink)
  }

  encodeOpen(head: OutgoingHead) {
    return encodeOpen(head)
  }

  encodeChunk(ref: string, payload: Uint8Array) {
    return encodeData(ref, payload, this.#heads)
  }

  encodeCancel(ref: string) {
    return encodeCancel(ref)
  }

  drawRef(random: (bound: number) => number): string {
    return drawId(random, REF_LENGTH)
  }

  drawCorrelationId(random: (bound: number) => number): string {
    return drawId(random, CORRELATION_ID_LENGTH)
  }
}

/** Python's receiver hangs on other sizes (netcore-lso.md §11 Q3); above the limit a peer like us gives up. */
function checkChunkBytes(chunkBytes: number, largestBytes: number): void {
  const isSmall = Number.isInteger(chunkBytes) && chunkBytes >= 1 && chunkBytes <= PLAIN_HEAD_BYTES
  const isBlocks = chunkBytes > 0 && chunkBytes % PYTHON_BLOCK_BYTES === 0
  if ((isSmall || isBlocks) && chunkBytes <= largestBytes) return
  throw new ConsoleError('CHUNK_SIZE_RANGE', `chunks of ${chunkBytes} bytes are not safe to send`, {
    limit: largestBytes,
  })
}
