import type { ExplanationPartName } from './explanation'
import type { Direction, MessageKind } from './trace'

/** What became of an exchange from one recording to the other. `reordered`: the same, but at another place. */
export type DifferenceKind = 'equal' | 'changed' | 'missing' | 'added' | 'reordered'
export const DIFFERENCE_KINDS: readonly DifferenceKind[] = [
  'equal',
  'changed',
  'missing',
  'added',
  'reordered',
]
/** Beside its kind: the answer took significantly longer, or shorter, than in the first recording. */
export type LatencyShift = 'slower' | 'faster' | null

/** Messages that a recording may have to be compared. */
export const MAX_COMPARED_MESSAGES = 500_000
/** Fields that may be left out. */
export const MAX_IGNORED_FIELDS = 64
export const MAX_IGNORED_CHARACTERS = 256
/** Comparisons that may be open at the same time: each holds two recordings in memory. */
export const MAX_COMPARISONS = 2
/** Rows that are given at once. */
export const MAX_COMPARE_ROWS = 500
/** Blocks of one line of the strip. */
export const MAX_STRIP_BLOCKS = 2000
/** Bodies above this are compared as bytes, not field by field. */
export const MAX_COMPARED_BODY_BYTES = 64 * 1024
/** Fields that are named for a row, and that the details list. */
export const MAX_ROW_FIELDS = 16
export const MAX_DETAIL_FIELDS = 400

/** A shift counts when it is more than this, and more than `SHIFT_SHARE` of the shorter of both times. */
export const DEFAULT_SHIFT_MS = 5
export const SHIFT_SHARE = 0.25

export interface ComparePercentiles {
  /** Round trips that are known. */
  readonly count: number
  /** Milliseconds, null when there is none. */
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly max: number | null
}

export interface CompareRoute {
  readonly route: string
  readonly hue: number
  readonly a: ComparePercentiles
  readonly b: ComparePercentiles
}

export interface CompareHistogram {
  /** Where the last bin ends; what took longer is counted in it. */
  readonly toMs: number
  readonly a: readonly number[]
  readonly b: readonly number[]
}

export interface CompareSide {
  /** Name of the recording. */
  readonly recording: string
  readonly messages: number
  /** Requests with their answers, events, and answers whose requests are not in the recording. */
  readonly exchanges: number
  readonly lengthMs: number
  readonly links: readonly string[]
  readonly damagedBytes: number
}

export interface CompareSummary {
  readonly a: CompareSide
  readonly b: CompareSide
  readonly rows: number
  readonly counts: Readonly<Record<DifferenceKind, number>>
  readonly slower: number
  readonly faster: number
  readonly roundTrips: { readonly a: ComparePercentiles; readonly b: ComparePercentiles }
  readonly histogram: CompareHistogram
  /** Those that most exchanges have first; at most 200. */
  readonly routes: readonly CompareRoute[]
  /** From here on a shift counts. */
  readonly shiftMs: number
  readonly ignored: readonly string[]
  /** The recordings differ so much that a shorter list of differences may exist. */
  readonly isCoarse: boolean
  /** Bodies that could not be compared field by field because they did not fit in memory. */
  readonly droppedBodies: number
  /** Nothing but times differs. */
  readonly isEqual: boolean
}

export type ComparePhase = 'reading' | 'aligning' | 'ready' | 'failed' | 'cancelled'

export interface CompareState {
  readonly comparison: number
  readonly a: string
  readonly b: string
  readonly phase: ComparePhase
  /** 0 to 1. */
  readonly share: number
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string } | null
  readonly summary: CompareSummary | null
}

export interface CompareField {
  /** As it is ignored and filtered: `body.mtu`, `reply.rev`, `header.user`, `status`. */
  readonly path: string
  /** Short text of the value, null where there is none. */
  readonly a: string | null
  readonly b: string | null
}

export interface CompareRowSide {
  readonly messageId: number
  /** Milliseconds since the beginning of the recording. */
  readonly atMs: number
  readonly roundTripMs: number | null
}

export interface CompareRow {
  readonly row: number
  readonly kind: DifferenceKind
  readonly shift: LatencyShift
  readonly shiftMs: number | null
  readonly route: string
  readonly hue: number
  readonly dir: Direction
  readonly messageKind: MessageKind
  readonly a: CompareRowSide | null
  readonly b: CompareRowSide | null
  /** What changed: the first one, and how many there are in all. */
  readonly field: CompareField | null
  readonly fields: number
}

export interface CompareWindow {
  /** Rows that the filter lets pass. */
  readonly total: number
  readonly from: number
  readonly rows: readonly CompareRow[]
}

export interface CompareTimePart {
  readonly name: ExplanationPartName
  readonly ms: number
}

export interface CompareTime {
  readonly totalMs: number
  readonly parts: readonly CompareTimePart[]
}

export interface CompareDetail extends CompareRow {
  readonly all: readonly (CompareField & { readonly isEqual: boolean })[]
  /** More than are listed. */
  readonly more: number
  readonly times: { readonly a: CompareTime | null; readonly b: CompareTime | null }
  /** Why it took longer or shorter, with numbers; empty when nothing can be said. */
  readonly sentence: string
}

export interface CompareBlock {
  readonly dir: Direction
  readonly startMs: number
  readonly endMs: number
  readonly untilMs: number
  readonly hue: number
  readonly look: 'solid' | 'missing' | 'added'
  /** The row that it belongs to. */
  readonly row: number
  /** The beginning of it. */
  readonly route: string
}

export interface CompareTie {
  readonly row: number
  readonly above: number
  readonly below: number
  readonly tone: 'equal' | 'changed' | 'slower'
}

/** Both lines on the time of the first recording; the second one is moved so that the anchor begins at the same time. */
export interface CompareStrip {
  readonly fromMs: number
  readonly toMs: number
  /** What was added to the times of the second recording. */
  readonly movedMs: number
  readonly above: readonly CompareBlock[]
  readonly below: readonly CompareBlock[]
  readonly ties: readonly CompareTie[]
  readonly isThinned: boolean
}
