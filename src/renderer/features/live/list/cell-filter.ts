import { parseField } from '../../../../shared/filter'
import type { ListMessage } from '../../../../shared/model/list-view'
import { cellIs, lastsAtLeast, numberIs, routeIs, textIs, timeIsFrom } from '../../../store/filter-words'
import { type ColumnId, type FixedColumnId, fieldOf, isField } from '../../../store/list-columns'
import type { RowContext } from './cells'

const duration = (field: string, ms: number | null): string | null =>
  ms === null ? null : lastsAtLeast(field, ms)

const CONDITIONS: Readonly<
  Record<
    FixedColumnId,
    (row: ListMessage, context: Pick<RowContext, 'startedAtMs' | 'linkNames'>) => string | null
  >
> = {
  id: ({ id }) => numberIs('msg.id', id),
  time: ({ openedMs }, { startedAtMs }) => timeIsFrom(startedAtMs, openedMs),
  delta: () => null,
  deltaRequest: () => null,
  link: ({ linkId }, { linkNames }) => {
    const name = linkNames.get(linkId)
    return name === undefined ? null : textIs('link.name', name)
  },
  dir: ({ dir }) => textIs('msg.dir', dir),
  route: ({ route }) => (route === '' ? null : routeIs(route)),
  kind: ({ kind }) => textIs('msg.kind', kind),
  prio: ({ priority }) => numberIs('msg.prio', priority),
  size: ({ bodyBytes }) => numberIs('msg.size', bodyBytes),
  chunks: ({ chunks }) => numberIs('msg.chunks', chunks),
  rtt: ({ roundTripMs }) => duration('msg.rtt', roundTripMs),
  queue: ({ queuedMs }) => duration('msg.queue', queuedMs),
  status: ({ status, code }) => (code === null ? textIs('msg.status', status) : textIs('msg.code', code)),
  note: ({ note }) => (note === '' ? null : textIs('note', note)),
  body: () => null,
}

/** A filter that holds for messages with the same value in this column; null where there is none to compare with. */
export function cellCondition(
  column: ColumnId,
  row: ListMessage,
  context: Pick<RowContext, 'startedAtMs' | 'linkNames' | 'fields'>,
): string | null {
  if (!isField(column)) return CONDITIONS[column](row, context)
  const name = fieldOf(column)
  const text = row.cells[context.fields.indexOf(name)] ?? ''
  const field = parseField(name)
  return text === '' || 'message' in field ? null : cellIs(field, text)
}
