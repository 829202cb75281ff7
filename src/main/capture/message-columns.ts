import type { Headers } from '../../shared/model/trace'

/** One row per message. Times are session milliseconds, NaN while unknown; lengths are bytes. */
export interface MessageColumns {
  readonly linkIds: Uint32Array
  /** Key on its link. */
  readonly keys: Float64Array
  readonly dirs: Uint8Array
  readonly kinds: Uint8Array
  readonly priorities: Uint8Array
  readonly hues: Uint8Array
  readonly statuses: Uint8Array
  readonly outcomes: Uint8Array
  readonly codes: Uint16Array
  /** 1 when any number of answers is asked for. */
  readonly subscriptions: Uint8Array
  /** 1 when an answer is awaited. */
  readonly awaited: Uint8Array
  /** 0 while nothing is settled, 1 answered, 2 + code number when the wait failed. */
  readonly settled: Uint16Array
  readonly partnerIds: Uint32Array

  readonly openedMs: Float64Array
  readonly closedMs: Float64Array
  readonly firstFrameMs: Float64Array
  readonly firstChunkMs: Float64Array
  readonly lastChunkMs: Float64Array
  readonly roundTripMs: Float64Array
  /** When the wait for an answer ended, however it did. */
  readonly settledMs: Float64Array
  /** Time that frames of this message took on the line. */
  readonly wireMs: Float64Array
  /** How long the line had been busy in all before the first and after the last frame of this message. */
  readonly busyBeforeMs: Float64Array
  readonly busyAfterMs: Float64Array

  /** Announced length, NaN when there was none. */
  readonly declaredBytes: Float64Array
  readonly doneBytes: Float64Array
  /** Length of the body of a closed message, NaN before. */
  readonly closedBytes: Float64Array
  readonly overheadBytes: Float64Array
  readonly chunks: Uint32Array
  /** Entry in the body store, -1 for none, -2 for a body without bytes. */
  readonly bodyEntries: Float64Array
  readonly headBytes: Uint32Array
  /** Number of the latest change in the change log. */
  readonly changes: Float64Array

  readonly refs: string[]
  readonly routes: string[]
  readonly correlationIds: string[]
  readonly headers: Headers[]
  /** Name of the task that sent it; empty for what no task sent. */
  readonly tasks: string[]
  /** Key of the cache that its body was stored under last; empty when it was not. */
  readonly cacheKeys: string[]
}

export const NO_HEADERS: Headers = Object.freeze(Object.create(null) as Headers)

export const messageColumns = (rows: number): MessageColumns => ({
  linkIds: new Uint32Array(rows),
  keys: new Float64Array(rows),
  dirs: new Uint8Array(rows),
  kinds: new Uint8Array(rows),
  priorities: new Uint8Array(rows),
  hues: new Uint8Array(rows),
  statuses: new Uint8Array(rows),
  outcomes: new Uint8Array(rows),
  codes: new Uint16Array(rows),
  subscriptions: new Uint8Array(rows),
  awaited: new Uint8Array(rows),
  settled: new Uint16Array(rows),
  partnerIds: new Uint32Array(rows),
  openedMs: new Float64Array(rows),
  closedMs: new Float64Array(rows).fill(Number.NaN),
  firstFrameMs: new Float64Array(rows).fill(Number.NaN),
  firstChunkMs: new Float64Array(rows).fill(Number.NaN),
  lastChunkMs: new Float64Array(rows).fill(Number.NaN),
  roundTripMs: new Float64Array(rows).fill(Number.NaN),
  settledMs: new Float64Array(rows).fill(Number.NaN),
  wireMs: new Float64Array(rows),
  busyBeforeMs: new Float64Array(rows),
  busyAfterMs: new Float64Array(rows),
  declaredBytes: new Float64Array(rows).fill(Number.NaN),
  doneBytes: new Float64Array(rows),
  closedBytes: new Float64Array(rows).fill(Number.NaN),
  overheadBytes: new Float64Array(rows),
  chunks: new Uint32Array(rows),
  bodyEntries: new Float64Array(rows).fill(-1),
  headBytes: new Uint32Array(rows),
  changes: new Float64Array(rows),
  refs: new Array<string>(rows).fill(''),
  routes: new Array<string>(rows).fill(''),
  correlationIds: new Array<string>(rows).fill(''),
  headers: new Array<Headers>(rows).fill(NO_HEADERS),
  tasks: new Array<string>(rows).fill(''),
  cacheKeys: new Array<string>(rows).fill(''),
})

/** Copies every column of one row to another. */
export function copyMessageRow(
  from: MessageColumns,
  fromIndex: number,
  to: MessageColumns,
  toIndex: number,
): void {
  for (const name of Object.keys(from) as (keyof MessageColumns)[]) {
    const target = to[name] as { [index: number]: unknown }
    target[toIndex] = from[name][fromIndex]
  }
}
