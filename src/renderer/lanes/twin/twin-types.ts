import type { Direction, MessageKind, Priority } from '../../../shared/model/trace'
import type { MessageStatus } from '../../../shared/model/views'
import type { AuxFacts, AuxRow } from '../aux/aux-types'

/** What is in view, in words: the same as the canvas for whoever does not see it. */
export interface LaneTwin {
  readonly fromMs: number
  readonly toMs: number
  readonly lanes: readonly TwinLane[]
  /** What stands in the lanes below those of the messages, in the order of time in each. */
  readonly events: readonly TwinEvent[]
  readonly messages: number
  /** Older messages and events that are in view, but were left out of the lists. */
  readonly leftOut: number
}

export interface TwinLane {
  readonly key: string
  readonly linkId: number
  readonly label: string
  readonly dir: Direction
  readonly isPinned: boolean
  readonly messages: readonly TwinMessage[]
}

export interface TwinMessage {
  readonly id: number
  readonly kind: MessageKind
  readonly priority: Priority
  readonly status: MessageStatus
  readonly fromMs: number
  /** The same as a time of day. */
  readonly clock: string
  /** Null while it lasts. */
  readonly toMs: number | null
  readonly chunks: number
  readonly bytes: number
  /** Outgoing: until its first chunk, or until now. */
  readonly waitMs: number | null
}

export interface TwinEvent extends AuxFacts {
  readonly row: Pick<AuxRow, 'key' | 'kind' | 'line'>
  readonly atMs: number
  readonly clock: string
}
