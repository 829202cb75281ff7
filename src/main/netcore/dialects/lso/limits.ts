/** Limits of the wire format (netcore-lso.md §12). Those a link may want to change are in `LsoLimits`. */

/** Containers within containers in a head. */
export const MAX_JSON_DEPTH = 64
/** Digits of one integer: Python refuses longer ones, and reading them costs more than linear time. */
export const MAX_INTEGER_DIGITS = 4300
/** The shortest extension that can be JSON: `{}`. */
export const MIN_EXTENSION_BYTES = 2
/** Above this Python's receiver dies (§11 Q4). */
export const MAX_SENT_EXTENSION_BYTES = 2048
/** Up to here Python's receiver takes a head of any size; above, only multiples of the block (§11 Q3). */
export const PLAIN_HEAD_BYTES = 4096
export const PYTHON_BLOCK_BYTES = 2048
export const MAX_SENT_HEAD_BYTES = 65_536

export interface LsoLimits {
  readonly extensionBytes: number
  /** Meta of a mission or cancel packet. */
  readonly headBytes: number
  /** Meta of a data packet. */
  readonly dataBytes: number
  /** A packet that began and got no byte for this long is given up. */
  readonly stalledAfterMs: number
}

const COMMON = { extensionBytes: 65_536, headBytes: 1 << 20, dataBytes: 16 << 20 } as const

/** On a line that loses bytes a packet that lost its end must not hold up the next ones for long. */
export const RESYNC_LIMITS: LsoLimits = { ...COMMON, stalledAfterMs: 1_000 }
export const FATAL_LIMITS: LsoLimits = { ...COMMON, stalledAfterMs: 10_000 }
