import type { JSX } from 'react'
import type { ListChunk } from '../../../../shared/model/list-view'
import { type ColumnId, type FixedColumnId, fieldOf, isField } from '../../../store/list-columns'
import { formatClock, formatDelta, formatMsNumber, groupDigits } from '../../../ui/format'
import { Icon } from '../../../ui/icons'
import { texts } from '../../../ui/texts'
import { revealLine } from '../../../ui/visible-text'
import { type Cell, CellView, fieldCell, NO_VALUE, type RowContext } from './cells'
import { listTexts as t } from './texts'

const NO_NUMBER: Cell = { ...NO_VALUE, className: 'num' }

const CELLS: Readonly<Record<FixedColumnId, (row: ListChunk, context: RowContext) => Cell>> = {
  id: ({ messageId }) => ({ className: 'id', content: messageId === 0 ? '–' : messageId }),
  time: ({ startMs }, { startedAtMs }) => ({ className: 't2', content: formatClock(startedAtMs, startMs) }),
  delta: ({ deltaMs }) => ({ className: 'num t3', content: deltaMs === null ? '' : formatDelta(deltaMs) }),
  deltaRequest: () => NO_NUMBER,
  link: ({ linkId }, { linkNames }) => {
    const name = linkNames.get(linkId) ?? String(linkId)
    return { className: 't2', title: name, content: name }
  },
  dir: ({ dir }) => ({
    className: 't2',
    title: texts.list.dir[dir],
    content: <Icon name={dir === 'out' ? 'arrowUp' : 'arrowDown'} small />,
  }),
  route: ({ route, hue }) => {
    const name = revealLine(route)
    return {
      className: 'rt',
      title: name,
      content: (
        <>
          <i className="sw" data-hue={hue} />
          {route === '' ? <span className="t4">–</span> : <span>{name}</span>}
        </>
      ),
    }
  },
  kind: () => ({ className: 't2', content: t.chunk }),
  prio: ({ priority }) => ({
    content: <span className={priority === 0 ? 'prio p0' : 'prio'}>{priority}</span>,
  }),
  size: ({ bytes }) => ({ className: 'num', content: groupDigits(bytes) }),
  chunks: ({ seq }) => ({ className: 'num', title: t.chunkNumber(seq), content: groupDigits(seq) }),
  rtt: () => NO_NUMBER,
  queue: ({ gapMs }) =>
    gapMs === null
      ? NO_NUMBER
      : { className: 'num', title: t.chunkGap(formatMsNumber(gapMs)), content: formatMsNumber(gapMs) },
  status: (row) => {
    const { icon, words } = chunkLook(row)
    return {
      className: 'st',
      title: words,
      content: (
        <>
          <Icon name={icon} small />
          <span className="ell">{words}</span>
        </>
      ),
    }
  },
  note: () => NO_VALUE,
  body: ({ bodyOffset, bytes, gapMs, startMs, endMs }) => ({
    className: 't3',
    content: t.chunkBytes(bodyOffset, bytes, endMs - startMs, gapMs),
  }),
}

/** How a chunk fared, in a glyph and a word. */
function chunkLook({ isDamaged, isRepeat, isLast }: ListChunk): {
  readonly icon: 'warn' | 'refresh' | 'check'
  readonly words: string
} {
  if (isDamaged) return { icon: 'warn', words: t.chunkDamaged }
  if (isRepeat) return { icon: 'refresh', words: t.chunkRepeat }
  return { icon: 'check', words: isLast ? t.chunkLast : t.chunkWhole }
}

/** One cell of a chunk row. */
export function ChunkCell(props: {
  readonly column: ColumnId
  readonly index: number
  readonly row: ListChunk
  readonly context: RowContext
}): JSX.Element {
  const { column, index, row, context } = props
  const cell = isField(column)
    ? fieldCell(row.cells, context.fields.indexOf(fieldOf(column)))
    : CELLS[column](row, context)
  return <CellView column={column} index={index} cell={cell} />
}

/** A chunk as one sentence, for people who hear the list. */
export function chunkSentence(row: ListChunk, startedAtMs: number): string {
  const { messageId, seq, bytes, dir, route, startMs } = row
  const name = route === '' ? t.chunk : `${revealLine(route)} ${t.chunk}`
  return `#${messageId} ${formatClock(startedAtMs, startMs)}, ${texts.list.dir[dir]} ${name} ${seq}, ${groupDigits(bytes)} bytes, ${chunkLook(row).words}`
}
