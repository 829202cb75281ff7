import type { Direction } from '../../../shared/model/trace'

/** The recording says one thing, its bytes say another. */
export interface DecodeDifference {
  readonly linkId: number
  readonly dir: Direction
  /** Place in the stream of this direction, in bytes; of a message, where it ended. */
  readonly offset: number
  readonly atMs: number
  readonly what: 'frame' | 'message'
  /** Field that differs; empty when the whole is there on one side only. */
  readonly field: string
  /** In words; empty when it is not there. */
  readonly recorded: string
  readonly derived: string
}
