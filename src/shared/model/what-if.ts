import type { Direction, MessageKind, Priority } from './trace'

/** What is changed against the recording; null leaves it as the link was. */
export interface WhatIfSettings {
  /** Number of the link in the recording; 0: the one with most messages. */
  readonly linkId: number
  readonly baud: number | null
  readonly chunkBytes: number | null
  /** Line time kept with the driver besides a frame. */
  readonly aheadMs: number | null
  /** By route, for what was sent and the answers to it. */
  readonly priorities: Readonly<Record<string, Priority>>
  /** `reply`: what followed an answer keeps its distance to it; `time`: everything is sent when it was. */
  readonly policy: WhatIfPolicy
  /** Only messages sent in this span of the recording; null: from its beginning, to its end. */
  readonly fromMs: number | null
  readonly toMs: number | null
}

export type WhatIfPolicy = 'reply' | 'time'

export const AS_RECORDED: WhatIfSettings = {
  linkId: 0,
  baud: null,
  chunkBytes: null,
  aheadMs: null,
  priorities: {},
  policy: 'reply',
  fromMs: null,
  toMs: null,
}

/** How the link was when it was recorded, as well as it can be told. */
export interface RecordedLine {
  readonly linkId: number
  /** Its address; empty when the recording does not tell. */
  readonly url: string
  readonly dialect: string
  /** Null on sockets. */
  readonly baud: number | null
  /** Largest chunk that was sent. */
  readonly chunkBytes: number
  readonly isChunkAutomatic: boolean
  /** Null where it was never seen: the line was hardly used, or a socket. */
  readonly aheadMs: number | null
  readonly fromMs: number
  readonly toMs: number
  /** All links of the span that carried a message, the busiest first. */
  readonly links: readonly WhatIfLink[]
  /** Routes that were sent, most often first. */
  readonly routes: readonly WhatIfRoute[]
}

export interface WhatIfLink {
  readonly linkId: number
  /** Empty when the recording does not tell. */
  readonly url: string
  readonly messages: number
}

export interface WhatIfRoute {
  readonly route: string
  readonly count: number
  readonly priority: Priority
  readonly hue: number
}

/** Where the time of one message went. */
export interface WhatIfTimes {
  /** When it was given to the link. */
  readonly queuedMs: number
  readonly startMs: number
  readonly endMs: number
  /** Nothing was on the line, and still it waited: pacing, flow control, no connection. */
  readonly idleMs: number
  /** Others were on the line. */
  readonly blockedMs: number
  /** Route of the message that held it up longest; empty when none did. */
  readonly blocker: string
  /** Its own frames. */
  readonly wireMs: number
  /** Of a request: until its answer was whole. Of others: until the last byte was on the line. */
  readonly totalMs: number
}

export interface WhatIfRow {
  readonly index: number
  readonly messageKey: number
  readonly route: string
  readonly kind: MessageKind
  readonly hue: number
  readonly bytes: number
  readonly priority: Priority
  /** With the changed settings. */
  readonly newPriority: Priority
  readonly before: WhatIfTimes
  /** Null when it would not have got through within the time that was tried. */
  readonly after: WhatIfTimes | null
}

export interface WhatIfFigures {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export interface WhatIfGroup {
  /** Empty for all messages. */
  readonly route: string
  /** Null where it is not about one. */
  readonly priority: Priority | null
  readonly hue: number
  readonly count: number
  readonly waitBefore: WhatIfFigures
  readonly waitAfter: WhatIfFigures
  readonly totalBefore: WhatIfFigures
  readonly totalAfter: WhatIfFigures
}

export interface WhatIfSummary {
  readonly line: RecordedLine
  readonly settings: WhatIfSettings
  /** What the run used. */
  readonly used: { readonly baud: number; readonly chunkBytes: number; readonly aheadMs: number | null }
  readonly messages: number
  /** Never ended in the recording, so they were not sent again. */
  readonly leftOut: number
  /** Sent again, and not through within the time that was tried. */
  readonly unfinished: number
  readonly spanBeforeMs: number
  readonly spanAfterMs: number
  /** The recorded settings run again: how far the prediction is off, per message. Null where they cannot be run again. */
  readonly calibration: WhatIfCalibration | null
  readonly all: WhatIfGroup
  readonly priorities: readonly WhatIfGroup[]
  /** Most messages first, at most `MAX_WHATIF_ROUTES`. */
  readonly routes: readonly WhatIfGroup[]
  readonly sentence: string
  /** The same recording and settings give the same. */
  readonly digest: string
}

export interface WhatIfCalibration {
  readonly messages: number
  /** Of the differences in wait and in total, without sign. */
  readonly wait: WhatIfFigures
  readonly total: WhatIfFigures
}

export const MAX_WHATIF_ROUTES = 50

/** A stretch in which frames of one message were on the line. */
export interface WhatIfBlock {
  readonly dir: Direction
  readonly startMs: number
  readonly endMs: number
  readonly hue: number
  /** Index of the row, -1 for what was not sent by us. */
  readonly row: number
}

export interface WhatIfStrip {
  readonly before: readonly WhatIfBlock[]
  readonly after: readonly WhatIfBlock[]
  /** Places in `before` and `after` of the first frame of the same message. */
  readonly ties: readonly { readonly before: number; readonly after: number; readonly row: number }[]
}

export type WhatIfOrder = 'time' | 'wait-before' | 'wait-after' | 'change' | 'total-change'

export const MAX_WHATIF_BAUD = 12_000_000
export const MAX_WHATIF_CHUNK_BYTES = 65_536
/** Routes with a priority of their own. */
export const MAX_WHATIF_PRIORITIES = 100
export const MAX_WHATIF_AHEAD_MS = 1000
/** Longest wait of a message with nothing to hide: what was not on the line and not on its own. */
export const waitOf = ({ idleMs, blockedMs }: WhatIfTimes): number => idleMs + blockedMs

export type WhatIfState =
  | {
      readonly state: 'running'
      readonly stage: 'reading' | 'checking' | 'predicting'
      readonly done: number
      readonly total: number
    }
  | { readonly state: 'done'; readonly summary: WhatIfSummary }
  | { readonly state: 'failed'; readonly code: string; readonly message: string; readonly remedy: string }
