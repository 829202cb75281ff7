/** Messages that one check is made of. */
export const MAX_CHECKED_EXCHANGES = 50
/** Fields of one answer that are offered. */
export const MAX_CHECKED_FIELDS = 100

export type FieldReason =
  /** It is the same in all answers to such requests, or there is only this one. */
  | 'stable'
  /** It was another in other answers to the same request. */
  | 'changed'
  /** It is called as times, counters and identities are. */
  | 'named'

export interface CheckedField {
  /** Names the field among all of the check: the exchange and the condition. */
  readonly key: string
  /** As the filter language has it: `body.list[0].id`. */
  readonly field: string
  /** The condition that the check will hold against the answer. */
  readonly condition: string
  readonly isChosen: boolean
  readonly reason: FieldReason
}

export interface CheckedExchange {
  readonly messageId: number
  readonly route: string
  readonly hue: number
  /** How many other answers to the same request there are to compare with. */
  readonly repeats: number
  readonly fields: readonly CheckedField[]
  /** Fields beyond `MAX_CHECKED_FIELDS`. */
  readonly more: number
}

/** A snippet made of what was recorded. */
export interface RecordedCheck {
  /** A name that says what it is about, for a file. */
  readonly name: string
  readonly text: string
  readonly exchanges: readonly CheckedExchange[]
  /** Messages that cannot be part of it: bodies that are not kept, what was received by itself. */
  readonly leftOut: number
}
