import type { ErrorCode } from '../errors'
import type { LaneMessage, MessageRow } from './views'

/** What the message list shows: which rows, which of them stand out, and in which order. Equal views share their work. */
export interface ListView {
  /** Only messages that match; empty for all. Text of the filter language. */
  readonly filter: string
  /** Further filters (dim, colour rules): each row tells which of them it matches. At most `MAX_MARKS`. */
  readonly marks: readonly string[]
  /** `exchange`: an answer stands below its request instead of at its time. */
  readonly order: 'time' | 'exchange'
}

export const MAX_MARKS = 16
export const MAX_FILTER_LENGTH = 4096
/** Fields of the filter language that a list shows as further columns. */
export const MAX_EXTRA_COLUMNS = 16
export const MAX_LIST_ROWS = 500
/** The row of a note on a moment has this and the note's number as `eventId`. */
export const NOTE_EVENT_BASE = 1_000_000_000

/**
 * One row at list position p. Positions run from `first` to `end` (exclusive); when the oldest rows go, `first` grows and
 * the others keep their positions; while the filter finds older rows, `first` falls. Another `generation` means that all
 * positions are new.
 */
export type ListRow = ListMessage | ListChunk | ListEvent

export interface ListMessage extends MessageRow {
  readonly row: 'message'
  /** 1 for an answer that stands below its request. */
  readonly depth: 0 | 1
  /** Bit n: matches `marks[n]`. */
  readonly matches: number
  /** Since the message row shown before; null for the first. */
  readonly deltaMs: number | null
  /** For an answer: since its request was opened. */
  readonly deltaRequestMs: number | null
  /** Out: from being queued to the first byte handed over; null while unknown. */
  readonly queuedMs: number | null
  /** Somebody put a mark on it. */
  readonly isMarked: boolean
  readonly note: string
  /** The extra columns asked for, as text; empty where the message has no such field. */
  readonly cells: readonly string[]
}

/** One chunk on the line, in a list whose filter speaks of chunks. */
export interface ListChunk
  extends Pick<LaneMessage, 'linkId' | 'dir' | 'route' | 'kind' | 'priority' | 'hue'> {
  readonly row: 'chunk'
  /** Unique and stable among chunks. */
  readonly chunkRow: number
  /** The message that it carried a piece of; 0 when that is not kept. */
  readonly messageId: number
  /** Session times at which it occupied the line. */
  readonly startMs: number
  readonly endMs: number
  /** Number within its message, from 0. */
  readonly seq: number
  readonly bodyOffset: number
  readonly bytes: number
  readonly wireBytes: number
  /** Since the chunk of the same message before it; null for the first, and where that is not kept. */
  readonly gapMs: number | null
  readonly isLast: boolean
  readonly isDamaged: boolean
  /** Its bytes were on the line before. */
  readonly isRepeat: boolean
  /** Bit n: its message matches `marks[n]`. */
  readonly matches: number
  /** Since the chunk shown before; null for the first. */
  readonly deltaMs: number | null
  /** The extra columns asked for, as text. */
  readonly cells: readonly string[]
}

export type ListEventKind =
  /** The link went away: from `atMs` to `untilMs` (null while it lasts). */
  | 'link-down'
  /** The link is there again. */
  | 'link-up'
  /** Bytes that no message will ever contain. */
  | 'loss'
  | 'marker'
  | 'note'
  | 'trigger'
  /** Older messages went to make room. */
  | 'evicted'

/** What happened between messages. Shown whatever the filter is: nothing that was lost is hidden. */
export interface ListEvent {
  readonly row: 'event'
  readonly kind: ListEventKind
  /** Unique and stable among events. */
  readonly eventId: number
  readonly linkId: number
  readonly atMs: number
  readonly untilMs: number | null
  /** Why, where there is a code. */
  readonly code: ErrorCode | null
  /** Bytes lost, messages evicted; else 0. */
  readonly count: number
  /** What a person wrote, or the name of the trigger. */
  readonly text: string
}

/** The view changed. The first item after subscribing has `changedFrom` = `first`. */
export interface ListChanged {
  readonly generation: number
  readonly first: number
  readonly end: number
  /** Rows at this position and beyond may look different; `end` when none does. */
  readonly changedFrom: number
  /** What rows are that are no events: chunks where the filter speaks of `chunk.*`. */
  readonly unit: 'message' | 'chunk'
  /** Messages (chunks) in the view, and kept in all. */
  readonly shown: number
  readonly total: number
  readonly evicted: number
  /** How far the filter has come over what was there already; null when it is through. */
  readonly scan: { readonly done: number; readonly of: number } | null
  /** Working time of the filter over what was there already. */
  readonly scanMs: number
  /** Matches of each of the marks among the rows shown. */
  readonly marked: readonly number[]
}

/** Shapes in which rows are copied. */
export type CopyShape = 'hex' | 'c-array' | 'base64' | 'json' | 'text' | 'command' | 'filter' | 'markdown'
