import { type JSX, memo } from 'react'
import type { ListChunk, ListEvent, ListMessage, ListRow } from '../../../../shared/model/list-view'
import { formatClock } from '../../../ui/format'
import { Icon } from '../../../ui/icons'
import { statusLook } from '../../../ui/status-look'
import { MessageCell, type RowContext } from './cells'
import { ChunkCell, chunkSentence } from './chunk-cells'
import type { Column, ColumnId } from '../../../store/list-columns'
import type { RowRule } from '../../../store/filters'
import { eventLook, eventSentence } from './event-words'
import { rowSentence } from './row-words'
import { listTexts as t } from './texts'

interface ListRowViewProps {
  readonly position: number
  readonly row: ListRow | undefined
  readonly columns: readonly Column[]
  readonly context: RowContext
  readonly isSelected: boolean
  /** The keyboard is here. */
  readonly isCursor: boolean
  /** Request or reply of the row the keyboard is at. */
  readonly isKin: boolean
  /** The playhead of a recording stands before this row, or after it as the last. */
  readonly playhead?: 'before' | 'after' | undefined
  readonly rowIndex: number
}

export function rowElementId(row: ListRow): string {
  if (row.row === 'event') return `event-${row.eventId}`
  return row.row === 'message' ? `message-${row.id}` : `chunk-${row.chunkRow}`
}

/** One row of the list. Drawn again only when it changed. */
export const ListRowView = memo(function ListRowView(props: ListRowViewProps): JSX.Element {
  const { position, row, isSelected, isCursor, rowIndex } = props
  const shared = {
    role: 'row',
    'aria-rowindex': rowIndex,
    'aria-selected': isSelected,
    'data-position': position,
    ...(isCursor && { 'data-cursor': '' }),
  }
  // a row that has not come keeps its place: it is filled within a few milliseconds
  if (row === undefined) return <div {...shared} className={rowClass(props)} aria-busy="true" />
  switch (row.row) {
    case 'message':
      return <MessageRow {...props} row={row} shared={shared} />
    case 'chunk':
      return <ChunkRow {...props} row={row} shared={shared} />
    case 'event':
      return <EventRow {...props} row={row} shared={shared} />
  }
})

interface SharedAttributes {
  readonly role: string
}

function MessageRow(
  props: ListRowViewProps & { readonly row: ListMessage; readonly shared: SharedAttributes },
): JSX.Element {
  const { row, columns, context, shared } = props
  const { isDim, isFound, colour } = context.looks.lookOf(row.matches)
  const isBad = statusLook(row).tone === 'err'
  return (
    <div
      {...shared}
      id={rowElementId(row)}
      className={rowClass(props, isBad && 'bad', isDim && 'dim', isFound && 'hit')}
      data-message={row.id}
      data-rule={colour?.hue}
      aria-label={[rowSentence(row, context.startedAtMs), ...lookWords(isDim, isFound, colour)].join(', ')}
    >
      {columns.map(({ id }, index) => (
        <MessageCell key={id} column={id} index={index} row={row} context={context} />
      ))}
      {colour !== null && (
        <span className="rule-tag" aria-hidden="true">
          <i className="sw" data-hue={colour.hue} />
          <span className="ell">{ruleName(colour)}</span>
        </span>
      )}
    </div>
  )
}

function ChunkRow(
  props: ListRowViewProps & { readonly row: ListChunk; readonly shared: SharedAttributes },
): JSX.Element {
  const { row, columns, context, shared } = props
  const { isDim, isFound, colour } = context.looks.lookOf(row.matches)
  return (
    <div
      {...shared}
      id={rowElementId(row)}
      className={rowClass(props, row.isDamaged && 'bad', isDim && 'dim', isFound && 'hit')}
      data-chunk={row.chunkRow}
      data-of={row.messageId}
      data-rule={colour?.hue}
      aria-label={[chunkSentence(row, context.startedAtMs), ...lookWords(isDim, isFound, colour)].join(', ')}
    >
      {columns.map(({ id }, index) => (
        <ChunkCell key={id} column={id} index={index} row={row} context={context} />
      ))}
    </div>
  )
}

const ruleName = ({ name }: RowRule): string => (name === '' ? t.barRule : name)

function lookWords(isDim: boolean, isFound: boolean, colour: RowRule | null): string[] {
  const words: string[] = []
  if (isFound) words.push(t.found)
  if (colour !== null) words.push(ruleName(colour))
  if (isDim) words.push(t.dimmed)
  return words
}

/** Columns that an event fills too, as long as they stand first: its words take the rest of the row. */
const LEADING: ReadonlySet<ColumnId> = new Set<ColumnId>(['id', 'time', 'delta', 'deltaRequest'])

function EventRow(
  props: ListRowViewProps & { readonly row: ListEvent; readonly shared: SharedAttributes },
): JSX.Element {
  const { row, columns, context, shared } = props
  const linkName = context.linkNames.size > 1 ? (context.linkNames.get(row.linkId) ?? '') : ''
  const look = eventLook(row, linkName)
  const past = columns.findIndex(({ id }) => !LEADING.has(id))
  const leading = past === -1 ? columns.length - 1 : past
  const time = formatClock(context.startedAtMs, row.atMs)
  const hasTime = columns.slice(0, leading).some(({ id }) => id === 'time')
  return (
    <div
      {...shared}
      id={rowElementId(row)}
      className={rowClass(props, `ev ev-${row.kind}`, look.tone !== null && `is-${look.tone}`)}
      data-event={row.kind}
      aria-label={eventSentence(row, linkName, context.startedAtMs)}
    >
      {columns.slice(0, leading).map(({ id }, index) => (
        <span key={id} role="gridcell" aria-colindex={index + 1} className={id === 'id' ? 'id' : 't2'}>
          {id === 'id' ? (
            <span className="patch">{t.eventKinds[row.kind]}</span>
          ) : (
            id === 'time' && <span className="patch">{time}</span>
          )}
        </span>
      ))}
      <span
        role="gridcell"
        className="what"
        aria-colindex={leading + 1}
        aria-colspan={columns.length - leading}
        style={{ gridColumn: `${leading + 1} / -1` }}
      >
        <span className="patch">
          <Icon name={look.icon} />
          {!hasTime && <span className="t2">{time}</span>}
          <b className="ell">{look.title}</b>
          {look.detail !== '' && <span className="t2 ell">{look.detail}</span>}
        </span>
      </span>
    </div>
  )
}

const rowClass = (
  { isSelected, isCursor, isKin, playhead }: ListRowViewProps,
  ...more: readonly (string | false)[]
): string =>
  [
    'gr',
    isSelected && 'sel',
    isCursor && 'cur',
    isKin && 'kin',
    playhead !== undefined && `ph-${playhead}`,
    ...more,
  ]
    .filter(Boolean)
    .join(' ')
