import type { ConsoleError, ErrorCode } from '../../shared/errors'
import type {
  ClockSample,
  Direction,
  FaultEvent,
  FrameEvent,
  Headers,
  LinkStateEvent,
  MessageClosed,
  MessageOpened,
  SessionEvent,
  CacheEvent,
  TaskRunEvent,
} from '../../shared/model/trace'
import type { CacheChangeKind } from '../../shared/model/cache'
import type { CompareRow, CompareSummary, DifferenceKind } from '../../shared/model/compare'
import type { ReplayDifferenceKind, ReplayPhase, ReplayPolicy } from '../../shared/model/replay'
import type { TaskRunOutcome } from '../../shared/model/tasks'
import type { DecodeReport } from '../recording/read/decode-check'
import type { DecodeDifference } from '../recording/read/decode-difference'
import { type BodyView, sha256, viewBody } from './body-view'
import type { CliIo } from './cli-io'
import { safeText } from './safe-text'

/** The objects of `--jsonl` (design.md §8). Stable: scripts rely on them; fields may be added, never changed. */
export type OutputLine =
  | { readonly event: 'listening'; readonly url: string; readonly token?: string }
  | LinkLine
  | FrameLine
  | MessageLine
  | AnswerLine
  | SummaryLine
  | FaultLine
  | AccountLine
  | SessionLine
  | TaskLine
  | CacheLine
  | ClockLine
  | { readonly event: 'error'; readonly code: ErrorCode; readonly message: string; readonly remedy: string }
  | PortLine
  | StepLine
  | RunLine
  | RecordingLine
  | ReplayLine
  | WhatIfLine
  | CompareLine
  | FileLine

/** A file of a netconduit server: listed (without `dir`), gone through, or not. */
export type FileLine =
  | {
      readonly event: 'file'
      readonly dir?: Direction
      readonly name: string
      readonly bytes: number
      readonly sha256?: string
    }
  | {
      readonly event: 'file-failed'
      readonly dir: Direction
      readonly name: string
      readonly code: ErrorCode
      readonly detail: string
    }

/** Two recordings, exchange by exchange. */
export type CompareLine =
  | ({ readonly event: 'difference' } & Omit<CompareRow, 'hue' | 'dir' | 'messageKind'>)
  | ({ readonly event: 'compared'; readonly a: string; readonly b: string } & Readonly<
      Record<DifferenceKind, number>
    > &
      Pick<CompareSummary, 'rows' | 'slower' | 'faster' | 'roundTrips' | 'isCoarse'>)

/** Something happened to an entry of the cache. */
export interface CacheLine {
  readonly event: 'cache'
  readonly change: CacheChangeKind
  /** Missing when it is about all. */
  readonly key?: string
  readonly by?: string
}

/** As recorded, and as tried; null when it was not through. */
type Tried = readonly [before: number, after: number | null]

interface TriedFigures {
  readonly count: number
  readonly waitP95Ms: Tried
  readonly waitMaxMs: Tried
  readonly totalP50Ms: Tried
  readonly totalP95Ms: Tried
}

/** What would have changed with other settings. */
export type WhatIfLine =
  | {
      readonly event: 'what-if'
      readonly path: string
      readonly baud: number
      readonly chunk: number
      readonly messages: number
      readonly leftOut: number
      readonly unfinished: number
      readonly all: TriedFigures
      readonly routes: readonly ({ readonly route: string } & TriedFigures)[]
      /** How far the recorded settings, run again, are from the recording: 95 % of the messages within. Null on sockets. */
      readonly offMs: number | null
      readonly sentence: string
      readonly digest: string
    }
  | {
      readonly event: 'what-if-message'
      readonly key: number
      readonly route: string
      readonly priority: number
      /** When it was another. */
      readonly oldPriority?: number
      readonly queuedMs: number
      readonly waitMs: Tried
      readonly totalMs: Tried
      readonly blocker: string
    }

/** What a run with a recording found, and what it came to. */
export type ReplayLine =
  | {
      readonly event: 'difference'
      readonly kind: ReplayDifferenceKind
      readonly route: string
      readonly detail: string
      /** Since the run began. */
      readonly atMs: number
    }
  | {
      readonly event: 'replayed'
      readonly policy: ReplayPolicy
      readonly seed: number
      readonly state: ReplayPhase
      readonly sent: number
      readonly total: number
      /** Not whole in the recording. */
      readonly skipped: number
      readonly matched: number
      readonly differences: number
      readonly interruptions: number
      readonly lateMs: { readonly p50: number; readonly p99: number; readonly max: number } | null
      /** Of what was sent. */
      readonly sha256: string
      /** Of the order of all that happened. */
      readonly orderSha256: string
    }

/** What became of a recording, or is in it. */
export type RecordingLine =
  | {
      /** A new recording, made of a file, of a part of another one, or of another one without its secrets. */
      readonly event: 'imported' | 'trimmed' | 'redacted'
      readonly path: string
      readonly entries: number
      /** Bytes or lines that could not be read. */
      readonly damaged: number
    }
  | {
      readonly event: 'recorded'
      /** Its parts, in order. */
      readonly paths: readonly string[]
      readonly entries: number
      readonly bytes: number
      /** Left out because the disk was slow. */
      readonly droppedEntries: number
      readonly droppedBytes: number
      readonly droppedDerived: number
    }
  | ({
      /** The recording says one thing, its bytes another. */
      readonly event: 'decoded-otherwise'
      readonly link: number
    } & Omit<DecodeDifference, 'linkId'>)
  | {
      readonly event: 'decoded'
      readonly checked: DecodeReport['checked']
      readonly unchecked: DecodeReport['unchecked']
      readonly frames: number
      readonly messages: number
      readonly differences: number
      readonly leftOut: number
    }
  | {
      readonly event: 'damage'
      readonly offset: number
      readonly bytes: number
      readonly detail: string
      readonly recovery: 'left-out' | 'made-again'
    }
  | {
      readonly event: 'verified'
      readonly path: string
      readonly entries: number
      readonly blocks: number
      readonly bytes: number
      readonly damaged: number
      readonly lostMiddle: number
      readonly ordered: boolean
      readonly whole: boolean
      readonly channels: Readonly<Record<string, number>>
    }
  | {
      readonly event: 'exported'
      readonly paths: readonly string[]
      readonly entries: number
      /** Of the recording, that could not be read. */
      readonly damagedBytes: number
      readonly misread: number
    }
  | {
      readonly event: 'recovered'
      readonly path: string
      readonly entries: number
      readonly damagedBytes: number
      readonly lostMiddle: number
    }

/** A run of a task, or the decision not to run. */
export interface TaskLine {
  readonly event: 'task'
  readonly task: string
  readonly outcome: TaskRunOutcome
  /** Missing when it did not begin. */
  readonly lateMs?: number
  readonly detail: string
}

/** A step of a snippet came to its end. */
export interface StepLine {
  readonly event: 'step'
  /** From 1, in the order of the file. */
  readonly step: number
  readonly line: number
  readonly title: string
  readonly state: 'passed' | 'failed' | 'stopped'
  readonly ms: number
  readonly detail: string
}

/** A snippet came to its end. */
export interface RunLine {
  readonly event: 'run'
  readonly snippet: string
  readonly state: 'passed' | 'failed' | 'stopped'
  /** Taken, repeats counted. */
  readonly steps: number
  readonly ms: number
  readonly detail: string
  readonly code?: ErrorCode
}

export interface PortLine {
  readonly event: 'port'
  readonly path: string
  readonly title: string
  readonly vendorId: string
  readonly productId: string
  readonly serialNumber: string
  readonly manufacturer: string
  readonly problem: { readonly code: ErrorCode; readonly message: string; readonly remedy: string } | null
}

export interface LinkLine {
  readonly event: 'link'
  readonly state: string
  readonly url: string
  /** Number of the link in this run: tells the peers of a listener apart. */
  readonly link: number
  readonly peer?: string
  readonly code?: ErrorCode
  readonly detail?: string
}

export interface FrameLine {
  readonly event: 'frame'
  readonly dir: Direction
  readonly kind: string
  readonly bytes: number
  readonly offset: number
  readonly ref: string
  /** Only when these bytes were on the line before and got lost. */
  readonly repeat?: true
}

/** Where the time of a message went; the parts that are not 0 add up to the total. */
export interface AccountLine {
  readonly event: 'account'
  readonly dir: Direction
  readonly id: string
  readonly route: string
  readonly totalMs: number
  readonly parts: Readonly<Record<string, number>>
  /** Longest first; no id: frames that belong to no message, or to one that was forgotten. */
  readonly blockedBy: readonly { readonly id: string; readonly ms: number }[]
}

/** What a dialect with a handshake knows of the peer. */
export interface SessionLine {
  readonly event: 'session'
  readonly state: string
  readonly peer: string
  readonly resumed: boolean
  readonly code?: ErrorCode
  readonly detail?: string
}

/** The peer's clock against ours. */
export interface ClockLine {
  readonly event: 'clock'
  readonly offsetMs: number
  readonly uncertaintyMs: number
  readonly roundTripMs: number
  readonly driftPpm: number | null
}

interface Content {
  readonly headers: Headers
  readonly bytes: number
  /** Of all bytes; absent where they passed through a file and nobody looked at all of them. */
  readonly sha256?: string
  readonly body: BodyView
}

export interface MessageLine extends Content {
  readonly event: 'message'
  readonly dir: Direction
  readonly id: string
  readonly route: string
  readonly kind: string
  /** Only when the message is not complete: `cancelled`, `failed`, `interrupted`, and why. */
  readonly outcome?: string
  readonly code?: ErrorCode
}

export interface AnswerLine extends Content {
  readonly event: 'answer'
  readonly ok: boolean
  readonly ms: number
  readonly route: string
  /** Only when the answer is an error. */
  readonly code?: string
}

export interface SummaryLine {
  readonly event: 'summary'
  readonly sent: number
  readonly answered: number
  readonly failed: number
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly bytesPerSecond: number
}

export interface FaultLine {
  readonly event: 'fault'
  readonly code: ErrorCode
  readonly offset: number
  readonly detail: string
}

/**
 * Where a command writes to: lines for machines, or text for people. Text may hold words of a peer or of a file; none of
 * them moves the cursor of a terminal.
 */
export class Output {
  readonly #io: CliIo
  readonly isJsonl: boolean

  constructor(io: CliIo, isJsonl: boolean) {
    this.#io = io
    this.isJsonl = isJsonl
  }

  /** One object to standard output under `--jsonl`; else `text`, what a person reads there (nothing when absent). */
  line(line: OutputLine, text?: string): void {
    if (this.isJsonl) this.#io.stdout(`${stringify(line)}\n`)
    else if (text !== undefined) this.#io.stdout(`${safeText(text)}\n`)
  }

  /** To standard output as it is; not under `--jsonl`, where it would break the lines. */
  raw(bytes: Uint8Array): void {
    if (!this.isJsonl) this.#io.stdout(bytes)
  }

  /** Progress and remarks for people, on standard error. */
  note(text: string): void {
    this.#io.stderr(`${safeText(text)}\n`)
  }

  /** The last line before a non-zero exit. */
  error(error: ConsoleError): void {
    const { code, message, remedy } = error
    if (this.isJsonl) this.line({ event: 'error', code, message, remedy })
    this.note(`netcore: ${message} (${code})\n  ${remedy}`)
  }
}

/** Like JSON.stringify, and writes the integers beyond 2^53 that headers may hold (bigint) as the digits they are. */
export function stringify(value: unknown): string {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return `[${value.map(stringify).join(',')}]`
  if (value === undefined) return 'null'
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${JSON.stringify(key)}:${stringify(member)}`)
  return `{${members.join(',')}}`
}

export function linkLine(event: LinkStateEvent): LinkLine {
  const { phase: state, url, linkId: link, code, detail } = event
  const peer = state === 'connected' && detail !== '' ? { peer: detail } : {}
  const why = state !== 'connected' && detail !== '' ? { detail } : {}
  return { event: 'link', state, url, link, ...peer, ...(code && { code }), ...why }
}

export const frameLine = (frame: FrameEvent): FrameLine => ({
  event: 'frame',
  dir: frame.dir,
  kind: frame.frameKind,
  bytes: frame.wireBytes,
  offset: frame.streamOffset,
  ref: frame.ref,
  ...(frame.isRepeat === true && { repeat: true }),
})

export const sessionLine = (event: SessionEvent): SessionLine => ({
  event: 'session',
  state: event.phase,
  peer: event.peerIdentity,
  resumed: event.isResumed,
  ...(event.code && { code: event.code }),
  ...(event.detail !== '' && { detail: event.detail }),
})

export const clockLine = ({ offsetMs, uncertaintyMs, roundTripMs, driftPpm }: ClockSample): ClockLine => ({
  event: 'clock',
  offsetMs,
  uncertaintyMs,
  roundTripMs,
  driftPpm,
})

export const taskLine = (event: TaskRunEvent): TaskLine => ({
  event: 'task',
  task: event.task,
  outcome: event.outcome,
  ...(event.lateMs !== null && { lateMs: event.lateMs }),
  detail: event.detail,
})

export const cacheLine = ({ change, key, by }: CacheEvent): CacheLine => ({
  event: 'cache',
  change,
  ...(key !== '' && { key }),
  ...(by !== '' && { by }),
})

/** @param opened - Undefined when the message ended before its head was seen. */
export function messageLine(opened: MessageOpened, closed: MessageClosed): MessageLine {
  const { dir, ref: id, route, kind, headers } = opened
  const ending =
    closed.outcome === 'complete'
      ? {}
      : { outcome: closed.outcome, ...(closed.code && { code: closed.code }) }
  return { event: 'message', dir, id, route, kind, ...content(headers, closed), ...ending }
}

export const faultLine = ({ code, streamOffset, detail }: FaultEvent): FaultLine => ({
  event: 'fault',
  code,
  offset: streamOffset,
  detail,
})

/** @param message - `body` may be only the beginning of `bodyBytes`; then `sha256` is known or not. */
export function content(
  headers: Headers,
  message: { readonly body: Uint8Array; readonly bodyBytes: number; readonly sha256?: string },
): Content {
  const { body, bodyBytes } = message
  const digest = message.sha256 ?? (body.length === bodyBytes ? sha256(body) : undefined)
  return {
    headers,
    bytes: bodyBytes,
    ...(digest !== undefined && { sha256: digest }),
    body: viewBody(body, bodyBytes),
  }
}
