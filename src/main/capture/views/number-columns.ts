import type { MessageColumns } from '../message-columns'
import { DIRECTIONS } from '../message-words'
import type { SubjectSource } from '../subject/message-cursor'

/** The value of a field for one message, NaN when it has none. */
export type NumberColumn = (columns: MessageColumns, at: number, id: number) => number

const MS_PER_DAY = 86_400_000
const OUT = DIRECTIONS.number('out')

/** Reads a field from columns as its subject would; null for fields that do not lie in columns as numbers. */
export function numberColumn(name: string, { dayStartMs }: SubjectSource): NumberColumn | null {
  if (name !== 'time') return COLUMNS.get(name) ?? null
  return ({ openedMs }, at) => {
    const ms = (dayStartMs + openedMs[at]!) % MS_PER_DAY
    return (ms + MS_PER_DAY) % MS_PER_DAY
  }
}

const queueMs: NumberColumn = ({ dirs, firstFrameMs, openedMs }, at) =>
  dirs[at] === OUT ? Math.max(0, firstFrameMs[at]! - openedMs[at]!) : Number.NaN

const COLUMNS: ReadonlyMap<string, NumberColumn> = new Map<string, NumberColumn>([
  ['msg.id', (_columns, _at, id) => id],
  ['msg.prio', ({ priorities }, at) => priorities[at]!],
  ['msg.chunks', ({ chunks }, at) => chunks[at]!],
  ['msg.rtt', ({ roundTripMs }, at) => roundTripMs[at]!],
  ['msg.duration', ({ closedMs, openedMs }, at) => closedMs[at]! - openedMs[at]!],
  ['msg.queue', queueMs],
  ['msg.wire', ({ wireMs }, at) => (wireMs[at]! > 0 ? wireMs[at]! : Number.NaN)],
  [
    'msg.size',
    ({ closedBytes, declaredBytes, doneBytes }, at) => {
      if (!Number.isNaN(closedBytes[at]!)) return closedBytes[at]!
      return Number.isNaN(declaredBytes[at]!) ? doneBytes[at]! : declaredBytes[at]!
    },
  ],
  [
    'msg.blocked',
    (columns, at, id) => {
      const wireMs = columns.wireMs[at]!
      const queuedMs = queueMs(columns, at, id)
      if (wireMs <= 0) return queuedMs
      const betweenMs = columns.busyAfterMs[at]! - columns.busyBeforeMs[at]! - wireMs
      return (Number.isNaN(queuedMs) ? 0 : queuedMs) + Math.max(0, betweenMs)
    },
  ],
])
