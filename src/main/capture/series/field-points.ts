import type { FieldPoints } from '../../../shared/model/series'
import type { Clock } from '../../../shared/model/clock'
import { isFinal } from '../message-status'
import { STATUSES } from '../message-words'
import type { RowFilter } from '../views/row-filter'
import type { ViewSource } from '../views/view'
import { decimate } from './decimate'

/** The wire is served between two turns. */
const SLICE_MS = 4
/** Messages between two looks at the clock. */
const STRIDE = 32

export interface FieldQuery {
  /** Null: every message. */
  readonly filter: RowFilter | null
  readonly numberOf: (messageId: number) => number | undefined
  readonly linkId: number | null
  readonly fromMs: number
  readonly toMs: number
  /** Numbers at most; the newest are taken. */
  readonly limit: number
  readonly bins: number
}

/**
 * Collects a number of each matching message that appeared in a span of time, newest first and in short turns, so that a
 * million bodies hold up nobody. Messages that appear meanwhile are left out.
 */
export async function fieldPoints(source: ViewSource, query: FieldQuery, clock: Clock): Promise<FieldPoints> {
  const { filter, numberOf, linkId, fromMs, toMs, limit } = query
  const { messages, clears } = source
  const atMs: number[] = []
  const values: number[] = []
  const ids: number[] = []
  let withoutNumber = 0
  let openFromMs: number | null = null
  let id = messages.firstOpenedAfter(toMs) - 1
  let sliceEndMs = clock.nowMs() + SLICE_MS
  for (let visited = 1; id >= messages.firstId && values.length < limit; id--, visited++) {
    if (visited % STRIDE === 0 && clock.nowMs() >= sliceEndMs) {
      await nextTurn(clock)
      if (source.clears !== clears) break
      if (!messages.has(id)) break
      sliceEndMs = clock.nowMs() + SLICE_MS
    }
    const columns = messages.columnsOf(id)
    const at = messages.indexOf(id)
    if (columns.openedMs[at]! < fromMs) break
    if (linkId !== null && columns.linkIds[at] !== linkId) continue
    const isOpen = !isFinal(STATUSES.word(columns.statuses[at]!))
    if (filter !== null && !filter.admits(columns, at, id)) {
      if (isOpen && filter.isSlow) openFromMs = columns.openedMs[at]! // its body may match when it is there
      continue
    }
    if (isOpen) openFromMs = columns.openedMs[at]!
    const value = numberOf(id)
    if (value === undefined) {
      withoutNumber += 1
      continue
    }
    atMs.push(columns.openedMs[at]!)
    values.push(value)
    ids.push(id)
  }
  const isCleared = source.clears !== clears
  const isMissing = values.length >= limit || (id < messages.firstId && messages.evicted > 0)
  return {
    ...decimate(
      {
        atMs: Float64Array.from(atMs.reverse()),
        values: Float64Array.from(values.reverse()),
        messageIds: Uint32Array.from(ids.reverse()),
      },
      query.bins,
    ),
    of: isCleared ? 0 : values.length,
    withoutNumber,
    isPartial: isCleared || isMissing || messages.droppedBodies > 0,
    openFromMs,
  }
}

const nextTurn = (clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(clock.nowMs(), resolve)
  })
