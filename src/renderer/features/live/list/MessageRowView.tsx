import { type JSX, memo } from 'react'
import type { MessageRow } from '../../../../shared/model/views'
import { useSessionNow } from '../../../store/use-session-now'
import { formatClock, formatDelta, formatMsNumber, formatPercent, groupDigits } from '../../../ui/format'
import { Icon } from '../../../ui/icons'
import { statusLook } from '../../../ui/status-look'
import { texts } from '../../../ui/texts'
import { revealLine } from '../../../ui/visible-text'
import { rowSentence } from './row-words'

interface MessageRowViewProps {
  readonly id: number
  readonly row: MessageRow | undefined
  /** Time since the row before, when it is at hand. */
  readonly deltaMs: number | null
  readonly isSelected: boolean
  /** Request or reply of the selected message. */
  readonly isKin: boolean
  readonly rowIndex: number
  readonly startedAtMs: number
}

export const rowElementId = (id: number): string => `message-${id}`

/** One message in the list. Drawn again only when it changed. */
export const MessageRowView = memo(function MessageRowView(props: MessageRowViewProps): JSX.Element {
  const { id, row, deltaMs, isSelected, isKin, rowIndex, startedAtMs } = props
  const look = row === undefined ? undefined : statusLook(row)
  const classes = ['gr', isSelected && 'sel', isKin && 'kin', look?.tone === 'err' && 'bad'].filter(Boolean)
  const shared = {
    id: rowElementId(id),
    className: classes.join(' '),
    role: 'row',
    'aria-rowindex': rowIndex,
    'aria-selected': isSelected,
    'data-message': id,
  }
  if (row === undefined || look === undefined) {
    // keeps its place and its number: the rest comes within a few milliseconds
    return (
      <div {...shared} aria-busy="true">
        <span className="id" role="gridcell">
          {id}
        </span>
      </div>
    )
  }
  return (
    <div {...shared} aria-label={rowSentence(row, startedAtMs)}>
      <span className="id" role="gridcell">
        {id}
      </span>
      <span className="t2" role="gridcell">
        {formatClock(startedAtMs, row.openedMs)}
      </span>
      <span className="num t3" role="gridcell">
        {deltaMs === null ? '' : formatDelta(deltaMs)}
      </span>
      <span className="t2" role="gridcell" title={texts.list.dir[row.dir]}>
        <Icon name={row.dir === 'out' ? 'arrowUp' : 'arrowDown'} small />
      </span>
      <span className="rt" role="gridcell" title={revealLine(row.route)}>
        <i className="sw" data-hue={row.hue} />
        {row.route === '' ? <span className="t4">–</span> : <span>{revealLine(row.route)}</span>}
      </span>
      <span className="t2" role="gridcell">
        {texts.list.kind[row.kind]}
      </span>
      <span role="gridcell">
        <span className={row.priority === 0 ? 'prio p0' : 'prio'}>{row.priority}</span>
      </span>
      <span className="num" role="gridcell">
        {groupDigits(row.bodyBytes)}
      </span>
      <span className="num" role="gridcell">
        {row.roundTripMs === null ? <span className="t4">–</span> : formatMsNumber(row.roundTripMs)}
      </span>
      <span className="st" role="gridcell" title={row.code ?? undefined}>
        <Icon name={look.icon} small />
        {row.status === 'waiting' ? (
          <WaitingText sinceMs={row.openedMs} />
        ) : look.progress === null ? (
          <span className="ell">{look.words}</span>
        ) : (
          <Progress share={look.progress} hue={row.hue} />
        )}
      </span>
      <span className="mono t3" role="gridcell">
        {row.preview}
      </span>
    </div>
  )
})

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
