import type { MessageColumns } from '../message-columns'

/** Does a kept message match? Looks at columns where it can, at the message as a whole where it must. */
export interface RowFilter {
  /** Looks at bodies: one message may take long. */
  readonly isSlow: boolean
  /** The answer depends on the request or the answer that belongs to a message. */
  readonly looksAtPartner: boolean
  /** The answer changes while only time passes. */
  readonly dependsOnNow: boolean
  /** Bytes of bodies that were looked at since it was made: what the next answers cost is not known before. */
  readonly readBytes: number
  admits(columns: MessageColumns, at: number, id: number): boolean
}
