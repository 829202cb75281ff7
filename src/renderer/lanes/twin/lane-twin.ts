import { type AuxWorld, factsAt, nextMoment } from '../aux/aux-moments'
import type { AuxRow } from '../aux/aux-types'
import { priorityOfStyle, kindOfStyle } from '../chunk-style'
import { laneIdOf } from '../lane-layout'
import { isLiveStatus } from '../message-table'
import { NO_ROW } from '../chunk-ring'
import type { Marks } from '../marks'
import { clockOf } from '../time-ticks'
import type { LaneTwin, TwinEvent, TwinMessage } from './twin-types'

/** More rows than this nobody reads; the newest are given. */
export const MAX_TWIN_MESSAGES = 200
const MAX_TWIN_EVENTS = 60

interface TwinView {
  readonly fromMs: number
  readonly toMs: number
  readonly nowMs: number
  readonly marks: Marks
  readonly auxRows: readonly AuxRow[]
}

/** The lanes of a span of time as lists. */
export function laneTwin(world: AuxWorld, view: TwinView): LaneTwin {
  const { messages: table, layout } = world.model
  const { fromMs, toMs, nowMs } = view
  const slots: number[] = []
  table.forEachTouching(fromMs, toMs, (slot) => {
    const isHidden = table.rowKeys[slot] === NO_ROW || view.marks.lookOf(table.matches[slot]!).isHidden
    if (!isHidden) slots.push(slot)
  })
  slots.sort((a, b) => table.beginOf(a) - table.beginOf(b) || table.ids[a]! - table.ids[b]!)
  const shown = slots.slice(-MAX_TWIN_MESSAGES)
  const byLane = new Map<number, TwinMessage[]>()
  for (const slot of shown) {
    const laneId = laneIdOf(table.rowKeys[slot]!)
    const list = byLane.get(laneId) ?? []
    if (list.length === 0) byLane.set(laneId, list)
    const isLive = isLiveStatus(table.statusOf(slot))
    const first = table.firstStartMs[slot]!
    list.push({
      id: table.ids[slot]!,
      kind: kindOfStyle(table.styles[slot]!),
      priority: priorityOfStyle(table.styles[slot]!),
      status: table.statusOf(slot),
      fromMs: table.beginOf(slot),
      clock: clockOf(table.beginOf(slot), world.ofDayAtZeroMs),
      toMs: isLive ? null : table.lastMarkMs(slot),
      chunks: table.chunkCounts[slot]!,
      bytes: table.bodyBytes[slot]!,
      waitMs:
        table.isIncoming[slot] === 1
          ? null
          : Math.max(0, Math.min(first, isLive ? nowMs : table.lastMarkMs(slot)) - table.openedMs[slot]!),
    })
  }
  const lanes = layout.lanes.flatMap(({ id, key, linkId, label, dir, isPinned }) => {
    const messages = byLane.get(id)
    // a pinned lane is there although nothing of it is in view
    return messages === undefined && !isPinned
      ? []
      : [{ key, linkId, label, dir, isPinned, messages: messages ?? [] }]
  })
  const events = view.auxRows.flatMap((row) => eventsOf(world, row, fromMs, toMs))
  const shownEvents = events.slice(-MAX_TWIN_EVENTS)
  return {
    fromMs,
    toMs,
    lanes,
    events: shownEvents,
    messages: slots.length,
    leftOut: slots.length - shown.length + (events.length - shownEvents.length),
  }
}

function eventsOf(world: AuxWorld, row: AuxRow, fromMs: number, toMs: number): TwinEvent[] {
  const { key, kind, line } = row
  // a queue moves all the time: its highest value says what matters
  if (kind === 'queue') {
    const facts = factsAt(world, row, toMs, 0)
    return facts === null
      ? []
      : [{ row: { key, kind, line }, atMs: toMs, clock: clockOf(toMs, world.ofDayAtZeroMs), ...facts }]
  }
  const events: TwinEvent[] = []
  let atMs = nextMoment(world, row, fromMs, 1)
  while (atMs !== null && atMs <= toMs && events.length < MAX_TWIN_EVENTS) {
    const facts = factsAt(world, row, atMs, 0)
    const clock = clockOf(atMs, world.ofDayAtZeroMs)
    if (facts !== null) events.push({ row: { key, kind, line }, atMs, clock, ...facts })
    atMs = nextMoment(world, row, atMs, 1)
  }
  return events
}
