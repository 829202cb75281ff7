import type { ErrorCode } from '../../../shared/errors'
import type { LaneTaskRun } from '../../../shared/model/views'
import { formatBytes, formatDuration, groupDigits } from '../../ui/format'
import { revealLine } from '../../ui/visible-text'
import type { LanesModel } from '../lanes-model'
import type { NoteCursor } from '../notes/note-cursor'
import { clockOf } from '../time-ticks'
import { auxTexts } from './aux-texts'
import type { AuxFacts, AuxRow } from './aux-types'

type Moments = readonly { readonly atMs: number }[]

/** What one lane below those of the messages knows: where something happened in it, and what. */
export interface AuxWorld {
  readonly model: LanesModel
  readonly notes: NoteCursor
  readonly ofDayAtZeroMs: number
}

/** Every instant at which something happened, in the order of time. */
function momentsOf({ model, notes }: AuxWorld, { kind, linkId, line }: AuxRow): Moments {
  if (kind === 'faults') return model.aux.faults.items
  if (kind === 'notes') return notes.notes
  if (kind === 'tasks') return model.aux.taskRuns.items
  if (kind === 'cache') return model.aux.cacheEnds.items
  if (kind === 'links') return model.linkEvents
  if (kind === 'queue') return model.aux.queues.get(linkId)?.items ?? []
  const changes = model.aux.linesOf(linkId)?.items ?? []
  return changes.filter((change, at) => line !== null && change[line] !== changes[at - 1]?.[line])
}

/** The next instant before or after another, null when there is none. */
export function nextMoment(world: AuxWorld, row: AuxRow, fromMs: number, direction: 1 | -1): number | null {
  const moments = momentsOf(world, row)
  const next =
    direction === 1
      ? moments.find(({ atMs }) => atMs > fromMs)
      : moments.findLast(({ atMs }) => atMs < fromMs)
  return next?.atMs ?? null
}

/**
 * What happened within reach of an instant; for queue and lines what holds at it.
 *
 * @returns Null when nothing did.
 */
export function factsAt(world: AuxWorld, row: AuxRow, atMs: number, reachMs: number): AuxFacts | null {
  switch (row.kind) {
    case 'faults':
      return faultFacts(world, atMs, reachMs)
    case 'notes':
      return noteFacts(world, atMs, reachMs)
    case 'cache':
      return cacheFacts(world, atMs, reachMs)
    case 'tasks':
      return taskFacts(world, atMs, reachMs)
    case 'links':
      return linkFacts(world, atMs, reachMs)
    case 'queue':
      return queueFacts(world, row, atMs)
    case 'lines':
      return lineFacts(world, row, atMs)
  }
}

const clock = (world: AuxWorld, atMs: number): string => clockOf(atMs, world.ofDayAtZeroMs)

function faultFacts(world: AuxWorld, atMs: number, reachMs: number): AuxFacts | null {
  const { faults } = world.model.aux
  const { items } = faults
  const codes = new Map<ErrorCode, number>()
  let first = -1
  let last = -1
  for (
    let at = faults.firstFrom(atMs - reachMs);
    at < items.length && items[at]!.atMs <= atMs + reachMs;
    at++
  ) {
    if (first < 0) first = at
    last = at
    codes.set(items[at]!.code, (codes.get(items[at]!.code) ?? 0) + 1)
  }
  if (first < 0) return null
  const { linkId, dir } = items[first]!
  const count = last - first + 1
  const fromMs = items[first]!.atMs
  return {
    linkId,
    isBad: true,
    title: auxTexts.faults(count),
    rows: [
      ...[...codes].map(([code, times]) => [code, groupDigits(times)] as const),
      [auxTexts.at, clock(world, fromMs)],
      ...(count > 1 ? [[auxTexts.within, formatDuration(items[last]!.atMs - fromMs)] as const] : []),
      ...(count === 1 ? [[auxTexts.direction, auxTexts.directions[dir]] as const] : []),
    ],
  }
}

function noteFacts(world: AuxWorld, atMs: number, reachMs: number): AuxFacts | null {
  const note = world.notes.nearest(atMs, reachMs)
  if (note === null) return null
  const { chosen } = world.notes
  return {
    linkId: 0,
    isBad: false,
    title: revealLine(note.text) || auxTexts.noteKinds[note.kind],
    rows: [
      [auxTexts.at, clock(world, note.atMs)],
      ...(note.messageId === null ? [] : [[auxTexts.on, `#${note.messageId}`] as const]),
      ...(chosen === null || chosen === note
        ? []
        : [[auxTexts.fromChosen, formatDuration(Math.abs(note.atMs - chosen.atMs))] as const]),
    ],
  }
}

/** Entries of the cache that went within reach; the first three by name. */
function cacheFacts(world: AuxWorld, atMs: number, reachMs: number): AuxFacts | null {
  const { cacheEnds } = world.model.aux
  const from = cacheEnds.firstFrom(atMs - reachMs)
  const near = cacheEnds.items.slice(from).filter((end) => end.atMs <= atMs + reachMs)
  const first = near[0]
  if (first === undefined) return null
  const names = near
    .slice(0, 3)
    .map(({ change, key }) => [auxTexts.cacheEnds[change], revealLine(key)] as const)
  return {
    linkId: first.linkId,
    isBad: false,
    title: near.length === 1 ? revealLine(first.key) : auxTexts.entries(near.length),
    rows: [
      [auxTexts.at, clock(world, first.atMs)],
      ...(near.length === 1 ? [[auxTexts.cacheEnds[first.change], auxTexts.fromCache] as const] : names),
    ],
  }
}

/** The run within reach; of several the bad one before the good ones, then the nearest. */
function taskFacts(world: AuxWorld, atMs: number, reachMs: number): AuxFacts | null {
  const { taskRuns } = world.model.aux
  const near = taskRuns.items.slice(taskRuns.firstFrom(atMs - reachMs), taskRuns.firstFrom(atMs + reachMs))
  const far = (run: LaneTaskRun): number => Math.abs(run.atMs - atMs) + (run.outcome === 'ok' ? reachMs : 0)
  const run = near.toSorted((one, other) => far(one) - far(other))[0]
  if (run === undefined) return null
  return {
    linkId: run.linkId,
    isBad: isBadRun(run),
    title: auxTexts.run(run.task, run.outcome),
    rows: [
      [auxTexts.at, clock(world, run.atMs)],
      ...(run.lateMs === null
        ? []
        : [
            [auxTexts.late, formatDuration(run.lateMs)] as const,
            [auxTexts.took, formatDuration(run.untilMs - run.atMs)] as const,
          ]),
      ...(near.length > 1 ? [[auxTexts.within, auxTexts.runs(near.length)] as const] : []),
    ],
  }
}

/** What an operator would want to look at. */
export const isBadRun = ({ outcome }: LaneTaskRun): boolean => outcome === 'failed' || outcome === 'timeout'

function linkFacts(world: AuxWorld, atMs: number, reachMs: number): AuxFacts | null {
  const near = world.model.linkEvents.filter((event) => Math.abs(event.atMs - atMs) <= reachMs)
  const event = near.at(-1)
  if (event === undefined) return null
  return {
    linkId: event.linkId,
    isBad: !event.isUp,
    title: auxTexts.link(event.isUp),
    rows: [
      [auxTexts.at, clock(world, event.atMs)],
      ...(event.downMs === null ? [] : [[auxTexts.down, formatDuration(event.downMs)] as const]),
    ],
  }
}

function queueFacts(world: AuxWorld, { linkId }: AuxRow, atMs: number): AuxFacts | null {
  const queue = world.model.aux.queues.get(linkId)
  const held = queue?.items[queue.holdingAt(atMs)]
  if (queue === undefined || held === undefined) return null
  const most = queue.items.reduce((max, { queuedBytes }) => Math.max(max, queuedBytes), 0)
  return {
    linkId,
    isBad: false,
    title: auxTexts.waiting(formatBytes(held.queuedBytes)),
    rows: [
      [auxTexts.since, clock(world, held.atMs)],
      [auxTexts.most, formatBytes(most)],
    ],
  }
}

function lineFacts(world: AuxWorld, { linkId, line }: AuxRow, atMs: number): AuxFacts | null {
  const changes = world.model.aux.linesOf(linkId)
  if (changes === undefined || line === null) return null
  let at = changes.holdingAt(atMs)
  const state = changes.items[at]?.[line]
  if (state === undefined) return null
  while (at > 0 && changes.items[at - 1]![line] === state) at--
  const after = changes.items.slice(at).find((change) => change[line] !== state)
  const sinceMs = changes.items[at]!.atMs
  return {
    linkId,
    isBad: false,
    title: auxTexts.lineState(line, state),
    rows: [
      [auxTexts.since, clock(world, sinceMs)],
      ...(after === undefined ? [] : [[auxTexts.lasted, formatDuration(after.atMs - sinceMs)] as const]),
    ],
  }
}
