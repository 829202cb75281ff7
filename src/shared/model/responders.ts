import type { FileProblem } from '../workspace/workspace-types'
import type { Problem } from './views'

/** Answers that may wait for their delay at the same time, over all links. */
export const MAX_WAITING_ANSWERS = 1024
/** Of an answer that is shown before it is given. */
export const MAX_SHOWN_ANSWER_BYTES = 64 * 1024

export type AnswerKind = 'body' | 'echo' | 'error' | 'silence' | 'sequence'

/** A responder as lists show it: what its file says, and what it did since the program started. */
export interface ResponderState {
  readonly name: string
  /** Of its file. */
  readonly revision: string
  /** Null when the file makes sense. It answers nothing while it does not. */
  readonly problem: FileProblem | null
  readonly isEnabled: boolean
  readonly route: string
  /** Empty for all links. */
  readonly link: string
  /** Empty for all paths. */
  readonly path: string
  readonly filter: string
  readonly delayMs: number
  readonly kind: AnswerKind
  /** In a few words: `json {"ok": true}`, `error E_BUSY`, `3 answers in turn`. */
  readonly answer: string
  /** Requests it was responsible for. */
  readonly requests: number
  /** Silence counts: it is what was asked for. */
  readonly answered: number
  /** Answers that wait for their delay. */
  readonly waiting: number
  /** Not answered because nothing may leave: listen only. */
  readonly withheld: number
  /** Could not be made, or too many waited. */
  readonly failed: number
  readonly lastAtMs: number | null
  /** The last request, a number of the capture; null when there was none. */
  readonly lastMessageId: number | null
  /** Why the last answer that failed did. */
  readonly lastFailure: Problem | null
}

export interface RespondersState {
  readonly responders: readonly ResponderState[]
  /** Files beyond the limit, which are not looked at. */
  readonly skipped: number
}

/** The answer that a responder would give. */
export interface ShownAnswer {
  readonly kind: Exclude<AnswerKind, 'sequence'>
  readonly headers: Readonly<Record<string, unknown>>
  /** Of an error: its code and what it says. */
  readonly code: string
  readonly message: string
  /** The first bytes. */
  readonly body: Uint8Array
  readonly bodyBytes: number
}

export interface ResponderTest {
  readonly problem: FileProblem | null
  /** Number of the request that was taken as an example; null when there was none, and placeholders stay empty. */
  readonly messageId: number | null
  readonly delayMs: number
  /** In the order in which they would be given, at most 16. */
  readonly answers: readonly (ShownAnswer | Problem)[]
}

export const MAX_TESTED_ANSWERS = 16
