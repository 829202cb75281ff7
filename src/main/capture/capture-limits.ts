/** What a capture may hold (design.md §9). Beyond, the oldest goes first and is counted. */
export interface CaptureLimits {
  readonly chunks: number
  readonly messages: number
  /** Bodies, and the texts of heads, in bytes. */
  readonly bodyBytes: number
  readonly faults: number
  readonly gaps: number
  /** Changes of modem lines. */
  readonly lines: number
  /** Runs of tasks. */
  readonly taskRuns: number
  /** Entries of the cache that went by themselves. */
  readonly cacheEnds: number
  /** Rows per segment of the chunk store; memory is dropped in this step. */
  readonly chunkSegmentRows: number
  readonly messageSegmentRows: number
}

export const DEFAULT_CAPTURE_LIMITS: CaptureLimits = {
  chunks: 2_000_000,
  messages: 500_000,
  bodyBytes: 256 * 1024 * 1024,
  faults: 16_384,
  gaps: 1024,
  lines: 16_384,
  taskRuns: 16_384,
  cacheEnds: 16_384,
  chunkSegmentRows: 65_536,
  messageSegmentRows: 4096,
}
