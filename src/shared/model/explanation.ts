import type { Direction, MessageKind, Priority } from './trace'
import type { MessageStatus } from './views'

/**
 * Where the time of one message went. Every instant between its beginning and its end is in exactly one part, so the
 * parts add up to the total; what nobody can know is called unknown.
 */
export type ExplanationPartName =
  /** There was no connection. */
  | 'link-down'
  /** The link stood, but both sides did not get on: shaking hands, or the peer was silent (dialects with a session). */
  | 'session'
  /** It waited here with nothing on the line: pacing, flow control, our lateness. On sockets all of its wait. */
  | 'queued'
  /** It waited (or, incoming, was not whole yet) while frames of others were on the line. */
  | 'blocked'
  /** Its own bytes were on the line. */
  | 'wire'
  /** What the dialect adds to its bytes was on the line: heads of the message and of its chunks. */
  | 'overhead'
  /** Its own frames were on the line again, because they had got lost. */
  | 'repeated'
  /**
   * Of a request: the way there, the peer's work, the way back, and pauses of the answer. Of another outgoing message: until
   * the peer confirmed it. Of an incoming one: pauses between its frames.
   */
  | 'peer'
  /** Frames of others were on the line while the answer had begun and was not whole. */
  | 'answer-blocked'
  /** Frames of the answer were on the line. */
  | 'answer-wire'
  /** From the last byte on the line to the moment when somebody was told. */
  | 'decode'
  /** Nobody can know: nothing ever came back, or the chunks of that time are no longer kept. */
  | 'unknown'

/** In the order in which they are drawn. */
export const EXPLANATION_PARTS: readonly ExplanationPartName[] = [
  'link-down',
  'session',
  'queued',
  'blocked',
  'wire',
  'overhead',
  'repeated',
  'peer',
  'answer-blocked',
  'answer-wire',
  'decode',
  'unknown',
]

/** Blockers that are named; the rest is summed up. */
export const MAX_NAMED_BLOCKERS = 3

/** A message whose frames were on the line while this one waited. */
export interface ExplainedBlocker {
  /** 0: frames that belong to no message, such as confirmations. */
  readonly messageId: number
  /** Empty for frames of no message, and when the message is no longer kept. */
  readonly route: string
  /** Null where it is not known. */
  readonly priority: Priority | null
  readonly hue: number
  readonly ms: number
  /** Bytes on the line during that time, frames included; the part of a frame that was gone before does not count. */
  readonly bytes: number
  readonly frames: number
  /** The longest of these frames, whole. */
  readonly frameBytes: number
}

export interface OtherBlockers {
  readonly messages: number
  readonly ms: number
  readonly bytes: number
}

export interface ExplanationPart {
  readonly name: ExplanationPartName
  /** Above 0. */
  readonly ms: number
  /** Of `blocked` and `answer-blocked`: longest first, with `others` they add up to `ms`. Else empty. */
  readonly blockers: readonly ExplainedBlocker[]
  readonly others: OtherBlockers | null
}

/** When frames of one message were on the line, for a small picture. */
export interface ExplanationLane {
  readonly messageId: number
  readonly route: string
  readonly hue: number
  readonly role: 'own' | 'answer' | 'blocker'
  readonly dir: Direction
  /** Session times: from, to, from, to, … in order; near ones are drawn as one. */
  readonly spansMs: readonly number[]
}

export interface Explanation {
  readonly messageId: number
  readonly linkId: number
  readonly route: string
  readonly dir: Direction
  readonly kind: MessageKind
  readonly priority: Priority
  readonly status: MessageStatus
  readonly hue: number
  /** Of an incoming message: when its first byte was on the line. */
  readonly fromMs: number
  /** Its end, or now. */
  readonly untilMs: number
  readonly totalMs: number
  /** Nothing can be added any more. */
  readonly isOver: boolean
  /** False on sockets, where nobody knows when a byte is on the line. */
  readonly isLineTimed: boolean
  /** Null where the speed of the line is not known. */
  readonly baud: number | null
  /** Frames of the message seen so far, and their bytes. */
  readonly frames: number
  readonly wireBytes: number
  /** Those that took time, in the order of `EXPLANATION_PARTS`. They add up to `totalMs`. */
  readonly parts: readonly ExplanationPart[]
  /** The part worth looking at: the longest that can be avoided when it matters, else the longest. Null when nothing took time. */
  readonly main: ExplanationPartName | null
  readonly sentence: string
  /** What would have helped, with numbers; empty when nothing can be computed. */
  readonly suggestion: string
  /** What is not known and why; empty when all is. */
  readonly missing: string
  readonly lanes: readonly ExplanationLane[]
}
