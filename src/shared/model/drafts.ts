import type { MessageDraft } from '../workspace/workspace-types'

/** What is wrong with a message that somebody writes. */
export interface DraftProblem {
  readonly field: 'route' | 'headers' | 'body' | 'expect' | 'link' | 'environment'
  /** Name of the header; empty for other fields. */
  readonly header: string
  /** Character of the field as it is written, from 0; null where none is to blame. */
  readonly at: number | null
  readonly message: string
  readonly remedy: string
  /** Name of the variable that has no value, when that is what is wrong. */
  readonly variable?: string
}

/** A variable that a message may use. */
export interface KnownVariable {
  readonly name: string
  /** Null for a secret, whose value no screen gets. */
  readonly value: string | null
  readonly isSecret: boolean
  /** False for a secret without a value. */
  readonly isSet: boolean
}

/** How a message would leave. */
export interface DraftCheck {
  readonly problems: readonly DraftProblem[]
  /** Length of the body; null while it cannot be told. */
  readonly bytes: number | null
  /** On the link chosen; null without one. */
  readonly chunks: number | null
  /** Time that the body takes on the line; null where the speed is not known. */
  readonly wireMs: number | null
  /** All variables that have a value here. */
  readonly variables: readonly KnownVariable[]
}

/** How something that was sent by hand ended, so far. */
export type SentOutcome = 'waiting' | 'sent' | 'answered' | 'cached' | 'failed'

/** Something that was sent by hand. */
export interface HistoryEntry {
  readonly historyId: string
  /** As it was written: variables by name, secrets never by value. */
  readonly draft: MessageDraft
  /** The body was too large to be kept. */
  readonly isBodyCut: boolean
  readonly environment: string
  /** Name of the link. */
  readonly link: string
  /** File in `messages` that it came from; empty for none. */
  readonly name: string
  readonly sentAtIso: string
  /** Number in the capture of the session that sent it; null when that is another one. */
  readonly messageId: number | null
  readonly outcome: SentOutcome
  readonly roundTripMs: number | null
  /** What went wrong, in words; empty for nothing. */
  readonly problem: string
}

export interface HistoryPage {
  /** The newest first. */
  readonly entries: readonly HistoryEntry[]
  /** All that match. */
  readonly total: number
}

export interface SecretState {
  readonly environment: string
  readonly name: string
  /** Where its value is; `none` when it has none. */
  readonly source: 'key-store' | 'file' | 'variable' | 'locked' | 'none'
}

/** The longest query of the history. */
export const MAX_HISTORY_QUERY_LENGTH = 200
/** Entries that one answer holds. */
export const MAX_HISTORY_PAGE = 200
export const MAX_SECRET_LENGTH = 16 * 1024
