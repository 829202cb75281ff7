import type { FileProblem } from '../workspace/workspace-types'

/** Columns of the thumbnail of a recording. */
export const STRIP_BINS = 120
/** Rows of the library that are asked for at a time. */
export const MAX_LIBRARY_WINDOW = 200
export const MAX_LIBRARY_QUERY_LENGTH = 512
/** Recordings that are tagged, removed or opened in one go. */
export const MAX_CHOSEN_RECORDINGS = 500
/** Moments of one recording that are listed: markers and notes, and problems. */
export const MAX_MOMENTS = 200
export const LIBRARY_ORDERS = ['name', 'device', 'started', 'length', 'messages', 'problems', 'size'] as const
export type LibraryOrder = (typeof LIBRARY_ORDERS)[number]

/** Traffic over the time of a recording in `STRIP_BINS` equal columns. */
export interface RecordingStrip {
  /** Height per column, 0 to 255 of `mostBytes`. */
  readonly in: Uint8Array
  readonly out: Uint8Array
  /** 1 where something went wrong. */
  readonly faults: Uint8Array
  /** Bytes of the fullest column. */
  readonly mostBytes: number
}

/**
 * `reading`: what it holds is not known yet. `writing`: it grows. `unfinished`: its writing broke off. `damaged`: bytes of it
 * cannot be read. `unreadable`: nothing of it can.
 */
export type RecordingState = 'reading' | 'writing' | 'whole' | 'unfinished' | 'damaged' | 'unreadable'

/** A recording as lists show it: all parts of it together. */
export interface RecordingRow {
  /** The file of its first part, which names it. */
  readonly recording: string
  readonly state: RecordingState
  readonly device: string
  readonly protocol: string
  /** Milliseconds since 1970; null while unknown. */
  readonly startedAtMs: number | null
  readonly lengthMs: number
  readonly messages: number
  readonly problems: number
  readonly fileBytes: number
  readonly parts: number
  readonly isRecovered: boolean
  readonly isPinned: boolean
  readonly tags: readonly string[]
  /** First line of it. */
  readonly note: string
  /** Null while unknown. */
  readonly strip: RecordingStrip | null
}

/** A moment of a recording. */
export interface RecordingMoment {
  readonly kind: 'marker' | 'note' | 'problem'
  /** Time in the session, as the list has it. */
  readonly atMs: number
  /** Time from the beginning of the recording. */
  readonly fromStartMs: number
  readonly text: string
}

export interface RecordingPart {
  readonly recording: string
  readonly part: number
  readonly state: RecordingState
  readonly startedAtMs: number | null
  /** Session time of its first entry. */
  readonly fromMs: number
  readonly lengthMs: number
  readonly fileBytes: number
}

/** All that the library knows of one recording. */
export interface RecordingDetail {
  readonly row: RecordingRow
  readonly note: string
  readonly routes: readonly string[]
  readonly inBytes: number
  readonly outBytes: number
  /** Places of the file that cannot be read, and entries that are missing between others. */
  readonly damaged: number
  readonly missing: number
  readonly moments: readonly RecordingMoment[]
  /** So many more there are than `moments` has. */
  readonly moreMoments: number
  readonly parts: readonly RecordingPart[]
  /** What the recorder said of itself, by name. */
  readonly facts: Readonly<Record<string, string>>
  /** What is wrong with the file of tags and note; they do not count then. */
  readonly problem: FileProblem | null
}

export interface LibraryJob {
  readonly jobId: number
  readonly kind: 'verify' | 'recover'
  readonly recording: string
  readonly state: 'running' | 'done' | 'failed' | 'cancelled'
  /** 0 to 1. */
  readonly share: number
  /** What came of it, or why it failed; empty while it runs. */
  readonly result: string
  readonly remedy: string
  /** Nothing is wrong with what was looked at. */
  readonly isGood: boolean
  /** What was made; empty for nothing. */
  readonly made: string
}

export const MAX_RETENTION_DAYS = 3650
export const MAX_RETENTION_BYTES = 1e15

/** Null: no limit of this kind. All null: nothing is ever removed. */
export interface Retention {
  readonly maxAgeDays: number | null
  readonly maxBytes: number | null
}

export interface RetentionPlan {
  readonly retention: Retention
  /** What it removes now. Pinned recordings never. */
  readonly removed: readonly {
    readonly recording: string
    readonly fileBytes: number
    readonly why: 'age' | 'size'
  }[]
  readonly removedBytes: number
  readonly moreRemoved: number
}

export interface TrashItem {
  readonly trashId: string
  /** The first file in it. */
  readonly recording: string
  readonly fileBytes: number
  readonly removedAtMs: number
}

/** Told whenever something about the library changed. */
export interface LibraryNews {
  readonly version: number
  /** Recordings there are, with all their parts as one. */
  readonly recordings: number
  readonly fileBytes: number
  /** Files whose content is not known yet. */
  readonly reading: number
  /** Files beyond the limit, which are not looked at. */
  readonly skipped: number
  readonly tags: readonly string[]
  readonly trash: readonly TrashItem[]
  readonly trashBytes: number
  readonly jobs: readonly LibraryJob[]
  readonly retention: Retention
  /** A file manager can be opened on the computer where the program runs, and its trash can be used. */
  readonly hasFileManager: boolean
}
