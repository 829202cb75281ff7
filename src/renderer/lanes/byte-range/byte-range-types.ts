/** Chunks of one message in columns: when they were on the line and which bytes of the body they carried. */
export interface ByteRangeShape {
  readonly messageId: number
  readonly route: string
  readonly hue: number
  readonly isLive: boolean
  /** Known length of the body so far. */
  readonly bodyBytes: number
  /** When the message was queued or announced. */
  readonly openedMs: number
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  readonly offsets: Float64Array
  readonly bytes: Float64Array
  /** 1 for bytes that were on the line before. */
  readonly isRepeat: Uint8Array
  /** Between the chunk and the one before it: how long other messages held the line. */
  readonly heldMs: Float64Array
  /** Bytes of the body that no kept chunk carried: pairs of first and one past the last. */
  readonly holes: readonly (readonly [from: number, to: number])[]
  /** The first chunks are no longer kept. */
  readonly isCut: boolean
}
