/** Bytes a frame costs beside its payload, on average, with the stuffing of COBS. */
const FRAME_BYTES = 12
const SMALLEST_CHUNK_BYTES = 32
/** Up to this size an urgent message of 100 bytes stays in one frame. */
const URGENT_CHUNK_BYTES = 128
/** Of that urgent message itself, with its frame. */
const URGENT_FRAME_BYTES = 124
/** Handed to the driver and not on the line yet, and the way there. */
const WRITE_AHEAD_MS = 5
const ON_THE_WAY_MS = 1
const LARGEST_CHUNK_BYTES = 4_096
/** On lines below 3 Mbaud. */
const LARGEST_SLOW_CHUNK_BYTES = 1_024
const FAST_BYTES_PER_MS = 300
/** The least loss lies at √(h/p); the minimum is flat and latency rises with the chunk, so a smaller one is taken. */
const SHARE_OF_OPTIMUM = 0.7
/** The window counts frames: with fewer bytes in each it would starve a long line. */
const WINDOW_FRAMES = 44
const CHANGE_FACTOR = 1.25
const RISE_EVERY_MS = 1_000
const LARGEST_RISE = 1.5

export interface ChunkLine {
  /** Undefined where the speed is unknown. */
  readonly bytesPerMs: number | undefined
  readonly latencyTargetMs: number
  /** No chunk is larger. */
  readonly capBytes: number
}

/**
 * Chunk size that suits the line (native-study.md §4.3): small enough that an urgent message gets through in time, small
 * enough that damage does not cost too much, large enough that heads do not. Falls at once, rises slowly: a line that was bad
 * a moment ago is likely to be bad again, and chunks that are too small cost little.
 */
export class ChunkSize {
  readonly #line: ChunkLine
  #bytes: number
  #roseAtMs = -Infinity

  constructor(line: ChunkLine) {
    this.#line = line
    this.#bytes = wantedChunkBytes(line, 1e-5, 0)
  }

  get bytes(): number {
    return this.#bytes
  }

  /** @param damagePerByte - See `DamageEstimate`. @param roundTripMs - 0 when unknown. */
  update(damagePerByte: number, roundTripMs: number, nowMs: number): void {
    const wanted = wantedChunkBytes(this.#line, damagePerByte, roundTripMs)
    if (wanted * CHANGE_FACTOR <= this.#bytes) {
      this.#bytes = wanted
      this.#roseAtMs = nowMs
    } else if (wanted >= this.#bytes * CHANGE_FACTOR && nowMs - this.#roseAtMs >= RISE_EVERY_MS) {
      const next = Math.floor(this.#bytes * LARGEST_RISE)
      // The rest of the way would be too short for a step of its own.
      this.#bytes = wanted < next * CHANGE_FACTOR ? wanted : next
      this.#roseAtMs = nowMs
    }
  }
}

/** The size by the figures of the moment, whole bytes. */
export function wantedChunkBytes(line: ChunkLine, damagePerByte: number, roundTripMs: number): number {
  const { bytesPerMs, latencyTargetMs, capBytes } = line
  const byDamage = SHARE_OF_OPTIMUM * Math.sqrt(FRAME_BYTES / damagePerByte)
  if (bytesPerMs === undefined) return clamp(byDamage, LARGEST_CHUNK_BYTES, capBytes)
  const inTime = (latencyTargetMs - WRITE_AHEAD_MS - ON_THE_WAY_MS) * bytesPerMs - URGENT_FRAME_BYTES
  const byLatency = Math.max(URGENT_CHUNK_BYTES, inTime)
  const bySpeed = bytesPerMs < FAST_BYTES_PER_MS ? LARGEST_SLOW_CHUNK_BYTES : LARGEST_CHUNK_BYTES
  const byWindow = (roundTripMs * bytesPerMs) / WINDOW_FRAMES
  return clamp(Math.max(byWindow, Math.min(byDamage, byLatency)), bySpeed, capBytes)
}

/** @param capBytes - May be below the smallest size: whoever set it knows why. */
const clamp = (bytes: number, most: number, capBytes: number): number =>
  Math.max(1, Math.min(capBytes, most, Math.max(SMALLEST_CHUNK_BYTES, Math.floor(bytes))))
