import type { Note, NoteKind } from '../../shared/model/notes'
import type {
  LaneFault,
  LaneLines,
  LaneTaskRun,
  LaneCacheEnd,
  LaneMessage,
  LaneQueue,
} from '../../shared/model/views'
import type { Direction, MessageKind, Priority } from '../../shared/model/trace'
import type { AreaTotals } from './area/area-types'
import type { AuxCard, AuxHead, AuxKind } from './aux/aux-types'
import type { ByteRangeShape } from './byte-range/byte-range-types'
import type { LaneTwin } from './twin/twin-types'

/** What passes between the pane (page) and the worker that keeps the chunks and draws them. */

/** History asked for when the pane opens. More would come merged so coarsely that the newest seconds suffered. */
export const BACKLOG_MS = 60_000

export const MODES = ['stream', 'priority', 'type'] as const
export type ColourMode = (typeof MODES)[number]

/** What x means: session time, or one chunk after the other without the pauses between them. */
export const AXES = ['time', 'ordinal'] as const
export type AxisKind = (typeof AXES)[number]

/** Colours as CSS text, read from the tokens of the page: a worker sees no style sheets. */
export interface PaletteText {
  readonly surface: string
  readonly overlay: string
  readonly text1: string
  readonly text2: string
  readonly text3: string
  readonly border1: string
  readonly border2: string
  readonly accent: string
  readonly accentSoft: string
  readonly ok: string
  readonly error: string
  readonly warn: string
  /** `--stream-1` to `--stream-8`. */
  readonly streams: readonly string[]
  /** `--prio-0` to `--prio-3`. */
  readonly priorities: readonly string[]
  readonly outgoingAlpha: number
  readonly hatchQueued: string
  readonly hatchBlocked: string
  readonly hatchDown: string
  readonly hatchDownBackground: string
  readonly fontFamily: string
}

/** A lane batch on its way to the worker. Every column owns its buffer, which is transferred. */
export interface PackedBatch {
  readonly nowMs: number
  readonly messageIds: Uint32Array
  readonly startMs: Float64Array
  readonly endMs: Float64Array
  readonly bodyOffsets: Float64Array
  readonly payloadBytes: Uint32Array
  readonly wireBytes: Uint32Array
  readonly counts: Uint32Array
  readonly linkIds: Uint32Array
  readonly flags: Uint8Array
  readonly messages: readonly LaneMessage[]
  readonly faults: readonly LaneFault[]
  readonly gaps: readonly LinkGap[]
  readonly lines: readonly LaneLines[]
  readonly taskRuns: readonly LaneTaskRun[]
  readonly cacheEnds: readonly LaneCacheEnd[]
  readonly queuedBytes: number
  readonly queues: readonly LaneQueue[]
  readonly isReset: boolean
}

export interface LinkGap {
  readonly linkId: number
  readonly fromMs: number
  /** Null while the link is down. */
  readonly toMs: number | null
}

/** Orders that move the view. x and y are CSS pixels from the top left corner of the canvas. */
export type ViewOrder =
  | { readonly type: 'paused'; readonly isPaused: boolean }
  | { readonly type: 'following'; readonly isFollowing: boolean }
  | { readonly type: 'pan'; readonly dx: number }
  | { readonly type: 'pan-share'; readonly share: number }
  /** `factor` above 1 shows more time. `x` null: around the middle. */
  | { readonly type: 'zoom'; readonly factor: number; readonly x: number | null }
  | { readonly type: 'range'; readonly fromMs: number; readonly toMs: number }
  | { readonly type: 'fit-selection' }
  | { readonly type: 'fit-area' }
  | { readonly type: 'fit-at'; readonly x: number; readonly y: number }
  | { readonly type: 'reveal'; readonly atMs: number }
  | { readonly type: 'oldest' }

/**
 * Orders that select a span of time. `area-step` moves one edge by a share of what is visible; without an area it begins
 * one in the middle.
 */
export type AreaOrder =
  | { readonly type: 'area-begin'; readonly x: number }
  | { readonly type: 'area-move'; readonly x: number }
  | { readonly type: 'area-step'; readonly share: number }
  | { readonly type: 'area-clear' }

/** What happens to messages by one filter. `hide` and `dim` take those that do not match, `colour` those that do. */
export interface MarkRule {
  readonly effect: 'hide' | 'dim' | 'colour'
  /** 1 to 8, for `colour`. */
  readonly hue: number
}

/** Where a recording stands, and how fast it goes on, in its own milliseconds per millisecond; 0 while it does not. */
export interface LanePlayhead {
  readonly atMs: number
  readonly speed: number
  /** It does not go beyond by itself. */
  readonly mostMs: number
}

export type ToWorker =
  /** Null: the time of the session itself is the newest there is. */
  | { readonly type: 'playhead'; readonly playhead: LanePlayhead | null }
  | { readonly type: 'start'; readonly canvas: OffscreenCanvas }
  /** While it is not shown nothing is drawn. */
  | { readonly type: 'shown'; readonly isShown: boolean }
  | { readonly type: 'size'; readonly width: number; readonly height: number; readonly pixelRatio: number }
  | { readonly type: 'palette'; readonly palette: PaletteText; readonly rowHeight: number }
  | { readonly type: 'batch'; readonly batch: PackedBatch }
  | { readonly type: 'colour-mode'; readonly mode: ColourMode }
  | { readonly type: 'origin'; readonly originEpochMs: number }
  | { readonly type: 'scroll'; readonly top: number }
  | { readonly type: 'select'; readonly messageId: number | null }
  | { readonly type: 'step'; readonly direction: 1 | -1 }
  /** To the other message of the exchange. */
  | { readonly type: 'partner' }
  | { readonly type: 'centre-selection' }
  | { readonly type: 'axis'; readonly kind: AxisKind }
  | { readonly type: 'byte-range'; readonly isOpen: boolean }
  /** Rule n belongs to bit n of `LaneMessage.matches`. */
  | { readonly type: 'marks'; readonly rules: readonly MarkRule[] }
  /** Which lanes stand below those of the messages. */
  | { readonly type: 'aux'; readonly kinds: readonly AuxKind[] }
  /** To the next thing that happened in one of them. */
  | { readonly type: 'aux-step'; readonly key: string; readonly direction: 1 | -1 }
  | { readonly type: 'aux-leave' }
  | { readonly type: 'notes'; readonly notes: readonly Note[] }
  | { readonly type: 'note-step'; readonly direction: 1 | -1 }
  | { readonly type: 'note-choose'; readonly noteId: number | null }
  /** Asks for the place where a marker or note belongs now: answered by `place`. */
  | { readonly type: 'ask-place'; readonly kind: NoteKind }
  | { readonly type: 'pins'; readonly pins: readonly LanePin[] }
  /** Asks what pinning the selected message, or its lane, means: answered by `pin`. */
  | { readonly type: 'ask-pin'; readonly what: LanePin['what'] }
  /** Whether the picture may glide, or only step. */
  | { readonly type: 'motion'; readonly isReduced: boolean }
  | { readonly type: 'twin'; readonly isOpen: boolean }
  | { readonly type: 'blockers'; readonly blockers: NamedBlockers | null }
  | AreaOrder
  | { readonly type: 'pointer'; readonly at: { readonly x: number; readonly y: number } | null }
  | { readonly type: 'pick'; readonly x: number; readonly y: number }
  | ViewOrder

/** Kept at the top: a whole lane, or one message in a lane of its own. */
export type LanePin =
  | { readonly what: 'lane'; readonly key: string; readonly label: string; readonly linkId: number }
  | { readonly what: 'message'; readonly messageId: number; readonly label: string }

/** Who held a message up, as the core found out. */
export interface NamedBlockers {
  readonly messageId: number
  readonly blockedMs: number
  readonly blockers: readonly { readonly messageId: number; readonly route: string; readonly ms: number }[]
}

/** One lane as the gutter shows it. */
export interface GutterLane {
  readonly id: number
  readonly linkId: number
  readonly dir: Direction
  readonly label: string
  readonly priority: Priority
  readonly hue: number
  readonly kind: MessageKind
  /** CSS pixels from the top of the scrolled area. */
  readonly top: number
  readonly height: number
  /** The selected message or its partner is in this lane. */
  readonly isSelected: boolean
  /** First lane of its link while several links have lanes. */
  readonly isFirstOfLink: boolean
  /** A line is drawn above: the direction changes here. */
  readonly hasDivider: boolean
  /** What names the lane for as long as there is a session: `LanePin.key`. */
  readonly key: string
  readonly isPinned: boolean
  /** Of a lane that belongs to one pinned message; else 0. */
  readonly messageId: number
}

export interface GutterLayout {
  readonly lanes: readonly GutterLane[]
  readonly contentHeight: number
  readonly queuedBytes: number
  readonly aux: readonly AuxHead[]
  /** Height of all of them together, CSS pixels. */
  readonly auxHeight: number
  /** Chosen and known, but without room. */
  readonly auxLeftOut: number
}

/** Where a marker or note belongs. */
export interface NotePlace {
  readonly kind: NoteKind
  readonly atMs: number
  /** The same as a time of day. */
  readonly clock: string
  readonly messageId: number | null
  /** CSS pixels from the left edge of the canvas. */
  readonly x: number
  /** The one that the keys stand on, to be changed instead. */
  readonly noteId: number | null
}

/** The note that the keys lead to. */
export interface ChosenNote {
  readonly noteId: number
  /** From 1. */
  readonly place: number
  readonly total: number
  /** To the one chosen before; null for the first. */
  readonly distanceMs: number | null
}

/** What the card beside the pointer says. */
export interface ChunkCard {
  /** CSS pixels in the canvas: left edge of the chunk, and bottom of its row. */
  readonly x: number
  readonly y: number
  /** The keys lead here, not the pointer. */
  readonly isStepped: boolean
  readonly messageId: number
  readonly title: string
  readonly hue: number
  /** Number of this chunk within its message, from 1; null when the beginning is no longer kept. */
  readonly ordinal: number | null
  /** Chunks of the message when it is complete, otherwise null. */
  readonly total: number | null
  /** Chunks that lie below the pointer together: 1 unless they are drawn as one. */
  readonly count: number
  /** A frame that carries no body bytes. */
  readonly isControl: boolean
  readonly bodyOffset: number
  readonly payloadBytes: number
  readonly overheadBytes: number
  readonly wireMs: number
  /** Since the end of the chunk before in the same message; null for the first. */
  readonly gapMs: number | null
  /** Outgoing: from being queued to the first chunk; null otherwise. */
  readonly queuedMs: number | null
  readonly isFault: boolean
  /** Its bytes were on the line before. */
  readonly isRepeat: boolean
}

export type FromWorker =
  | { readonly type: 'layout'; readonly layout: GutterLayout }
  | {
      readonly type: 'view'
      readonly fromMs: number
      readonly toMs: number
      /** Chunks visible on the ordinal axis; null on the time axis. */
      readonly chunks: number | null
      readonly isFollowing: boolean
      readonly hasChunks: boolean
    }
  | { readonly type: 'card'; readonly card: ChunkCard | null }
  | { readonly type: 'area'; readonly totals: AreaTotals | null; readonly isLeft: boolean }
  /** Null while the byte ranges are closed, or the selected message has none. */
  | { readonly type: 'byte-range'; readonly shape: ByteRangeShape | null }
  | { readonly type: 'aux-card'; readonly card: AuxCard | null }
  | { readonly type: 'place'; readonly place: NotePlace }
  | { readonly type: 'note-chosen'; readonly chosen: ChosenNote | null }
  /** The keys did not lead further. */
  | { readonly type: 'at-end'; readonly of: 'notes' | 'aux' }
  | { readonly type: 'pin'; readonly pin: LanePin }
  | { readonly type: 'twin'; readonly twin: LaneTwin | null }
  | { readonly type: 'picked'; readonly messageId: number | null }
  | { readonly type: 'reveal'; readonly top: number; readonly height: number }
  | { readonly type: 'follow-changed'; readonly isFollowing: boolean }
  | { readonly type: 'drawn'; readonly frames: number; readonly lastDrawMs: number }
