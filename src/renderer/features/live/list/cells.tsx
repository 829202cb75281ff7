import type { JSX, ReactNode } from 'react'
import type { ListMessage } from '../../../../shared/model/list-view'
import type { RowLooks } from '../../../store/row-looks'
import { useSessionNow } from '../../../store/use-session-now'
import { formatClock, formatDelta, formatMsNumber, formatPercent, groupDigits } from '../../../ui/format'
import { Icon } from '../../../ui/icons'
import { kindWord } from '../../../ui/kind-word'
import { statusLook } from '../../../ui/status-look'
import { texts } from '../../../ui/texts'
import { revealLine } from '../../../ui/visible-text'
import { type ColumnId, type FixedColumnId, fieldOf, isField, isNumeric } from '../../../store/list-columns'

/** What all rows of the list have in common. */
export interface RowContext {
  readonly startedAtMs: number
  readonly linkNames: ReadonlyMap<number, string>
  /** The fields whose values stand in the cells of a row, in this order. */
  readonly fields: readonly string[]
  /** What the filters in force do to rows. */
  readonly looks: RowLooks
  /** The note has a column of its own. */
  readonly hasNoteColumn: boolean
}

export interface Cell {
  readonly className?: string
  /** The whole text where the cell may be too narrow for it. */
  readonly title?: string
  readonly content: ReactNode
}

export const NO_VALUE: Cell = { content: <span className="t4">–</span> }

const number = (value: number | null, format: (value: number) => string, tone = ''): Cell =>
  value === null ? { ...NO_VALUE, className: 'num' } : { className: `num ${tone}`, content: format(value) }

const CELLS: Readonly<Record<FixedColumnId, (row: ListMessage, context: RowContext) => Cell>> = {
  id: ({ id, isMarked }) => ({
    className: 'id',
    content: (
      <>
        {id}
        {isMarked && <Icon name="flag" small />}
      </>
    ),
  }),
  time: ({ openedMs }, { startedAtMs }) => ({ className: 't2', content: formatClock(startedAtMs, openedMs) }),
  delta: ({ deltaMs }) => ({ className: 'num t3', content: deltaMs === null ? '' : formatDelta(deltaMs) }),
  deltaRequest: ({ deltaRequestMs }) => number(deltaRequestMs, formatDelta, 't3'),
  link: ({ linkId }, { linkNames }) => {
    const name = linkNames.get(linkId) ?? String(linkId)
    return { className: 't2', title: name, content: name }
  },
  dir: ({ dir }) => ({
    className: 't2',
    title: texts.list.dir[dir],
    content: <Icon name={dir === 'out' ? 'arrowUp' : 'arrowDown'} small />,
  }),
  route: ({ route, hue, depth }) => {
    const name = revealLine(route)
    return {
      className: depth === 1 ? 'rt deep' : 'rt',
      title: name,
      content: (
        <>
          <i className="sw" data-hue={hue} />
          {route === '' ? <span className="t4">–</span> : <span>{name}</span>}
        </>
      ),
    }
  },
  kind: (row) => ({ className: 't2', content: kindWord(row) }),
  prio: ({ priority }) => ({
    content: <span className={priority === 0 ? 'prio p0' : 'prio'}>{priority}</span>,
  }),
  size: ({ bodyBytes }) => number(bodyBytes, groupDigits),
  chunks: ({ chunks }) => number(chunks, groupDigits),
  rtt: ({ roundTripMs }) => number(roundTripMs, formatMsNumber),
  queue: ({ queuedMs }) => number(queuedMs, formatMsNumber),
  status: (row) => {
    const look = statusLook(row)
    return {
      className: 'st',
      title: row.code ?? look.words,
      content: (
        <>
          <Icon name={look.icon} small />
          {row.status === 'waiting' ? (
            <WaitingText sinceMs={row.openedMs} />
          ) : look.progress === null ? (
            <span className="ell">{look.words}</span>
          ) : (
            <Progress share={look.progress} hue={row.hue} />
          )}
        </>
      ),
    }
  },
  note: ({ note }) => {
    const text = revealLine(note)
    return { title: text, content: text }
  },
  body: ({ preview, note }, { hasNoteColumn }) => ({
    className: 'mono t3',
    content: (
      <>
        {note !== '' && !hasNoteColumn && (
          <span className="noted" title={revealLine(note)}>
            <Icon name="note" small />
            {revealLine(note)}
          </span>
        )}
        {preview}
      </>
    ),
  }),
}

/** One cell of a message row. */
export function MessageCell(props: {
  readonly column: ColumnId
  readonly index: number
  readonly row: ListMessage
  readonly context: RowContext
}): JSX.Element {
  const { column, index, row, context } = props
  const cell = isField(column)
    ? fieldCell(row.cells, context.fields.indexOf(fieldOf(column)))
    : CELLS[column](row, context)
  return <CellView column={column} index={index} cell={cell} />
}

export function CellView(props: {
  readonly column: ColumnId
  readonly index: number
  readonly cell: Cell
}): JSX.Element {
  const { column, index } = props
  const { className, title, content } = props.cell
  return (
    <span
      className={className}
      role="gridcell"
      aria-colindex={index + 1}
      data-column={column}
      title={title === '' ? undefined : title}
    >
      {content}
    </span>
  )
}

/** A further column: the text of a field, numbers to the right. */
export function fieldCell(cells: readonly string[], index: number): Cell {
  const text = revealLine(cells[index] ?? '')
  if (text === '') return NO_VALUE
  return { className: isNumber(text) ? 'num' : 'mono', title: text, content: text }
}

const isNumber = (text: string): boolean => /^[-+]?[\d.]+(e[-+]?\d+)?$/i.test(text)

export const headClass = (column: ColumnId): string =>
  isNumeric(column) ? 'num' : column === 'time' ? 'on' : ''

function WaitingText({ sinceMs }: { readonly sinceMs: number }): JSX.Element {
  const nowMs = useSessionNow(100, true)
  return <span className="ell">{texts.list.waiting(nowMs - sinceMs)}</span>
}

function Progress({ share, hue }: { readonly share: number; readonly hue: number }): JSX.Element {
  return (
    <>
      <span>{formatPercent(share)}</span>
      <span className="meter">
        <i className="fill" data-hue={hue} style={{ width: `${share * 100}%` }} />
      </span>
    </>
  )
}
