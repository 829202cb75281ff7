import type { ErrorCode } from '../errors'
import type { Problem } from './views'

/** What the tape moves by when it is stepped. A chunk carries bytes of a body, a frame may carry none. */
export const TAPE_STEPS = ['message', 'chunk', 'frame'] as const
export type TapeStep = (typeof TAPE_STEPS)[number]

export const MIN_TAPE_SPEED = 0.1
export const MAX_TAPE_SPEED = 100

export interface TapeSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** A place of the tape with a name: a marker that somebody set, or where something went wrong. */
export interface TapeMark {
  readonly atMs: number
  readonly text: string
  /** Null for a marker. */
  readonly code: ErrorCode | null
}

/** What is known of the file besides what happened in it. Grows while it is read. */
export interface TapeFacts {
  readonly markers: readonly TapeMark[]
  readonly problems: readonly TapeMark[]
  /** Of each, beyond `MAX_TAPE_MARKS`. */
  readonly leftOut: number
  readonly entries: number
  readonly messages: number
  readonly fileBytes: number
  /** Entries that make no sense. */
  readonly misread: number
  /** Entries with a time that cannot be: they stand at the time of the one before. */
  readonly misplaced: number
  readonly damagedBytes: number
}

export const MAX_TAPE_MARKS = 1000

/** How a recording is being played. Times are those of the session that was recorded. */
export interface TapeState {
  readonly recording: string
  readonly fromMs: number
  /** Grows while the file is read, unless it has an index. */
  readonly toMs: number
  readonly positionMs: number
  /** Up to here it is read: every moment before is there. */
  readonly readMs: number
  /** It was told to go there, and does as soon as that is read; null when it stands where it was told to. */
  readonly wantedMs: number | null
  readonly isPlaying: boolean
  /** Times as fast as it happened; null for as fast as possible. */
  readonly speed: number | null
  /** During the last second; null while not playing. */
  readonly measuredSpeed: number | null
  readonly loop: TapeSpan | null
  /** 0 to 1. */
  readonly loadedShare: number
  readonly isLoaded: boolean
  /** A recording that is too large to be kept as a whole is shown in pages. */
  readonly page: { readonly number: number; readonly fromMs: number; readonly toMs: number }
  readonly pages: number
  /** Grows when what is shown was exchanged: everything must be asked for anew. */
  readonly pageVersion: number
  /** Why it cannot be read (further). */
  readonly problem: Problem | null
  /** When they changed since the item before. */
  readonly facts?: TapeFacts
}

/** A recording that is open. */
export interface OpenTape {
  readonly source: number
  readonly recording: string
}
