import type { Direction } from './trace'

/** Bytes that passed the tap together. */
export interface TerminalPiece {
  readonly dir: Direction
  /** Session time, milliseconds. */
  readonly atMs: number
  readonly bytes: Uint8Array
}

/** What passed the tap of one link since the last batch, in order. */
export interface TerminalBatch {
  readonly pieces: readonly TerminalPiece[]
  /** Bytes of this link that were given up before they could be told here; they passed before `pieces`. */
  readonly lostBytes: number
  /** What was told before is forgotten: the first batch, or somebody cleared. */
  readonly isReset: boolean
}

/** What a log of the terminal contains: lines of text, a hex dump, or the received bytes alone as they came. */
export type TerminalLogShape = 'text' | 'hex' | 'raw'

export interface TerminalLogState {
  /** Where the log is written; null while none is, and its last path when it ended by itself. */
  readonly path: string | null
  readonly isRunning: boolean
  readonly bytes: number
  /** Why the log ended, in words. */
  readonly problem: { readonly code: string; readonly message: string } | null
}
